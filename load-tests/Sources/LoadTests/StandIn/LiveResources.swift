import NIOCore

/// The live stream's answers: a pure function of the request and the stream's edge.
///
/// RFC 8216bis §6.2.5.2 and §6.2.6, Appendices B.1 and C; lives as they say for caches.
package struct LiveResources: Sendable {
    let options: StandInOptions
    package let playlists: LivePlaylistText
    let bodies: BodyStore

    package init(options: StandInOptions, playlists: LivePlaylistText, bodies: BodyStore) {
        self.options = options
        self.playlists = playlists
        self.bodies = bodies
    }

    private var target: Int { options.targetDuration }
    private var tag: String { "live:\(options.liveStream)" }

    /// The answer to `name`, the path after the stream's folder, while `edge` is the first part
    /// that does not exist; what `hasWaited` is not held again.
    package func decide(
        _ name: Substring,
        _ query: [String: String],
        edge: PartPosition,
        hasWaited: Bool
    ) -> StandInDecision {
        switch name {
        case "master.m3u8":
            return .answer(playlist(ByteBuffer(string: playlists.multivariant), life: target / 2))
        case "video/media.m3u8":
            return reload(query, edge, hasWaited)
        case "video/init.mp4":
            return .answer(media(String(name), sizeBytes: 800, life: 3600))
        default:
            guard name.hasPrefix("video/"), name.hasSuffix(".m4s") else { break }
            return decideMedia(name.dropFirst(6).dropLast(4), edge, hasWaited)
        }
        return .answer(.text(404, #"{"error":{"code":"not_found"}}"#))
    }

    private func reload(
        _ query: [String: String],
        _ edge: PartPosition,
        _ hasWaited: Bool
    ) -> StandInDecision {
        let errorLife = "max-age=\(4 * target)"
        func refusal(_ code: String, _ cacheControl: String) -> StandInDecision {
            .answer(
                .text(400, #"{"error":{"code":"\#(code)"}}"#, cacheControl: cacheControl)
            )
        }
        guard let text = query["_HLS_msn"] else {
            guard query["_HLS_part"] == nil else { return refusal("part_without_msn", errorLife) }
            return .answer(playlist(current(edge), life: target / 2))
        }
        guard let number = Int(text), number >= 0 else { return refusal("bad_msn", errorLife) }
        var awaited = PartPosition(number: number, part: options.partsPerSegment - 1)
        if let text = query["_HLS_part"] {
            guard let part = Int(text), part >= 0 else { return refusal("bad_part", errorLife) }
            // What does not exist yet may exist soon: never a life for these.
            let slack = options.partSeconds < 1 ? Int(3 / options.partSeconds) : 3
            if number == edge.number, part > edge.part - 1 + slack {
                return refusal("too_far", "no-store")
            }
            awaited =
                part < options.partsPerSegment
                ? PartPosition(number: number, part: part)
                : PartPosition(number: number + 1, part: 0)
        }
        // The last segment of the playlist is the one being made, if it has a part.
        let last = edge.part > 0 ? edge.number : edge.number - 1
        guard number <= last + 2 else { return refusal("too_far", "no-store") }
        if awaited < edge || hasWaited { return .answer(playlist(current(edge), life: 6 * target)) }
        return .wait(awaited)
    }

    private func decideMedia(
        _ stem: Substring,
        _ edge: PartPosition,
        _ hasWaited: Bool
    ) -> StandInDecision {
        let oldest = edge.number - options.windowSegments
        func missing(_ life: String) -> StandInDecision {
            .answer(.text(404, #"{"error":{"code":"not_found"}}"#, cacheControl: life))
        }
        let numbers = stem.dropFirst().split(separator: ".").map { Int($0) }
        if stem.first == "s", numbers.count == 1, let number = numbers[0] {
            guard number < edge.number else { return missing("no-store") }
            guard number >= oldest - options.windowSegments else {
                return missing("max-age=\(target)")
            }
            return .answer(segment(number))
        }
        guard stem.first == "p", numbers.count == 2, let number = numbers[0], let part = numbers[1],
            part < options.partsPerSegment
        else { return missing("max-age=\(target)") }
        let wanted = PartPosition(number: number, part: part)
        if wanted < edge {
            guard number >= oldest else { return missing("max-age=\(target)") }
            let name = "video/p\(number).\(part).m4s"
            return .answer(media(name, sizeBytes: options.partSizeBytes, life: 6 * target))
        }
        // Only the hinted part is held; what lies further ahead does not exist.
        guard wanted == edge, !hasWaited else { return missing("no-store") }
        return .wait(wanted)
    }

    private func current(_ edge: PartPosition) -> ByteBuffer {
        bodies.text("live \(edge.number).\(edge.part)") { playlists.media(edge: edge) }
    }

    private func playlist(_ text: ByteBuffer, life: Int) -> StandInAnswer {
        StandInAnswer(
            type: "application/vnd.apple.mpegurl",
            cacheControl: "max-age=\(max(life, 1))",
            tags: tag,
            body: text
        )
    }

    private func media(_ name: String, sizeBytes: Int, life: Int) -> StandInAnswer {
        StandInAnswer(
            type: "video/mp4",
            cacheControl: "max-age=\(life)",
            tags: tag,
            etag: "\"\(name.replacing("/", with: "-"))\"",
            allowsRanges: true,
            body: bodies.body("\(options.liveStream)/\(name)", sizeBytes: sizeBytes)
        )
    }

    /// A segment is its parts, one after another.
    private func segment(_ number: Int) -> StandInAnswer {
        var answer = media("video/s\(number).m4s", sizeBytes: 0, life: 3600)
        answer.body = ByteBuffer()
        for part in 0..<options.partsPerSegment {
            let name = "\(options.liveStream)/video/p\(number).\(part).m4s"
            var bytes = bodies.body(name, sizeBytes: options.partSizeBytes)
            answer.body.writeBuffer(&bytes)
        }
        return answer
    }
}

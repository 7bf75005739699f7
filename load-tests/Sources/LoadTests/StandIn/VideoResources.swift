import NIOCore

/// The videos and their catalog.
struct VideoResources: Sendable {
    let options: StandInOptions
    let bodies: BodyStore
    private static let life = "public, max-age=3600"

    /// The answer to a path after `/videos/`; nil where there is none.
    func answer(_ path: Substring) -> StandInAnswer? {
        let steps = path.split(separator: "/")
        guard steps.count >= 3, options.videoIDs.contains(String(steps[0])), steps[1] == "hls"
        else {
            return nil
        }
        let id = String(steps[0])
        if steps.count == 3, steps[2] == "master.m3u8" {
            return text(master, id: id, name: "master")
        }
        guard steps.count == 4, steps[2].first == "r", let rank = Int(steps[2].dropFirst()),
            options.videoBitsPerSecond.indices.contains(rank)
        else { return nil }
        if steps[3] == "media.m3u8" { return text(media, id: id, name: "media\(rank)") }
        guard steps[3].hasSuffix(".m4s") || steps[3] == "init.mp4" else { return nil }
        let bits = Double(options.videoBitsPerSecond[rank])
        let number = Int(steps[3].dropFirst().dropLast(4)) ?? -1
        let isInit = steps[3] == "init.mp4"
        guard isInit || (0..<options.videoSegments).contains(number) else { return nil }
        let size = isInit ? 900 : Int(bits / 8 * options.videoSegmentSeconds)
        return StandInAnswer(
            type: "video/mp4",
            cacheControl: Self.life,
            tags: "video:\(id)",
            etag: "\"\(id)-r\(rank)-\(steps[3])\"",
            allowsRanges: true,
            body: bodies.body(String(path), sizeBytes: size)
        )
    }

    private func text(_ text: String, id: String, name: String) -> StandInAnswer {
        StandInAnswer(
            type: "application/vnd.apple.mpegurl",
            cacheControl: Self.life,
            tags: "video:\(id)",
            etag: "\"\(id)-\(name)\"",
            body: ByteBuffer(string: text)
        )
    }

    private var master: String {
        var text = "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        for (rank, bits) in options.videoBitsPerSecond.enumerated() {
            text += "#EXT-X-STREAM-INF:BANDWIDTH=\(bits),CODECS=\"avc1.64001f\"\n"
            text += "r\(rank)/media.m3u8\n"
        }
        return text
    }

    private var media: String {
        let seconds = Int(options.videoSegmentSeconds.rounded(.up))
        var text = "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:\(seconds)\n"
        text += "#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MAP:URI=\"init.mp4\"\n"
        for number in 0..<options.videoSegments {
            text += "#EXTINF:\(options.videoSegmentSeconds),\ns\(number).m4s\n"
        }
        return text + "#EXT-X-ENDLIST\n"
    }

    /// `/api/v1/videos`, in the shape of the platform's API.
    func catalog(limit: Int, cursor: String?) -> StandInAnswer {
        let ids = options.videoIDs
        let start = cursor.flatMap { ids.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
        let page = ids[start...].prefix(max(limit, 1))
        let videos = page.map(facts).joined(separator: ",")
        let next = page.endIndex < ids.count ? "\"\(page.last ?? "")\"" : "null"
        return .text(200, "{\"videos\":[\(videos)],\"next_cursor\":\(next)}")
    }

    func video(_ id: Substring) -> StandInAnswer? {
        options.videoIDs.contains(String(id)) ? .text(200, facts(String(id))) : nil
    }

    private func facts(_ id: String) -> String {
        let seconds = Double(options.videoSegments) * options.videoSegmentSeconds
        return "{\"id\":\"\(id)\",\"duration_seconds\":\(seconds),"
            + "\"urls\":{\"hls\":\"/videos/\(id)/hls/master.m3u8\"}}"
    }
}

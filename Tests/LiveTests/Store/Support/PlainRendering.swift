import Live
import Segmenting
import Synchronization

/// Playlists and addresses just good enough for tests of the store: a line for each segment with
/// its number, its parts and whether it is whole.
final class PlainRendering: LiveRendering {
    /// Playlists made so far.
    private let made = Atomic<Int>(0)
    var playlistCount: Int { made.load(ordering: .relaxed) }

    func begin(_ presentation: inout LivePresentation, token: String) {
        presentation.isEnded = false
    }

    func apply(
        _ action: SegmenterAction,
        token: String,
        to presentation: inout LivePresentation
    ) {
        switch action {
        case .initialization(let header):
            let place = rendition(header.track, &presentation)
            presentation.renditions[place].initializations.append(
                .init(token: token, number: header.number, track: header.track)
            )
        case .lowLatency(let offer):
            presentation.lowLatency = offer
        case .segmentBegan(let start):
            guard let place = place(start.track, presentation) else { return }
            presentation.renditions[place].segments.append(
                LiveSegment(start: start, token: token, timescale: 90_000)
            )
        case .part(let part):
            guard let place = place(part.track, presentation) else { return }
            let last = presentation.renditions[place].segments.count - 1
            presentation.renditions[place].segments[last].duration += part.duration
            presentation.renditions[place].segments[last].parts.append(
                .init(
                    duration: part.duration,
                    sizeBytes: part.sizeBytes,
                    isIndependent: part.isIndependent
                )
            )
        case .segmentEnded(let end):
            guard let place = place(end.track, presentation) else { return }
            let last = presentation.renditions[place].segments.count - 1
            presentation.renditions[place].segments[last].isComplete = true
        case .event: break
        }
    }

    private func place(_ track: LiveTrackID, _ presentation: LivePresentation) -> Int? {
        presentation.renditions.firstIndex { $0.track.id == track }
    }

    private func rendition(_ track: LiveTrack, _ presentation: inout LivePresentation) -> Int {
        if let place = place(track.id, presentation) { return place }
        presentation.renditions.append(LiveRendition(track: track))
        presentation.renditions.sort { $0.track.id < $1.track.id }
        return place(track.id, presentation) ?? 0
    }

    func trim(_ presentation: inout LivePresentation, windowMicroseconds: Int64) {
        for place in presentation.renditions.indices {
            var segments = presentation.renditions[place].segments
            var total = segments.reduce(0) { $0 + $1.duration }
            let window = windowMicroseconds * 90_000 / 1_000_000
            while let first = segments.first, total - first.duration >= window {
                total -= first.duration
                segments.removeFirst()
            }
            presentation.renditions[place].segments = segments
            let numbers = Set(
                segments.map { "\($0.token) \($0.start.initializationNumber)" }
            )
            presentation.renditions[place].initializations.removeAll {
                !numbers.contains("\($0.token) \($0.number)")
            }
        }
    }

    func end(_ presentation: inout LivePresentation) {
        presentation.isEnded = true
    }

    func multivariant(_ presentation: LivePresentation) -> [UInt8] {
        Array(
            presentation.renditions.map { "\($0.track.id.name).m3u8" }
                .joined(separator: "\n").utf8
        )
    }

    func playlist(_ presentation: LivePresentation, track: LiveTrackID, skip: LiveSkip) -> [UInt8] {
        made.add(1, ordering: .relaxed)
        var lines = skip == .none ? [] : ["skip"]
        for segment in presentation.renditions.first(where: { $0.track.id == track })?.segments
            ?? []
        {
            let state = segment.isGap ? "gap" : segment.isComplete ? "whole" : "open"
            let mark = segment.start.isDiscontinuity ? " discontinuity" : ""
            lines.append("\(segment.number) \(segment.parts.count) \(state)\(mark)")
        }
        if presentation.isEnded { lines.append("end") }
        return Array(lines.joined(separator: "\n").utf8)
    }

    func manifest(_ presentation: LivePresentation, facts: LiveManifestFacts) -> [UInt8]? {
        Array("<MPD/>".utf8)
    }

    func reload(
        query: String?,
        of track: LiveTrackID,
        in presentation: LivePresentation
    ) -> LiveReload {
        let pairs = (query ?? "").split(separator: "&").map { $0.split(separator: "=") }
        func number(_ name: String) -> UInt64? {
            pairs.first { $0.first == name[...] }?.last.flatMap { UInt64($0) }
        }
        let skip: LiveSkip = pairs.contains { $0.first == "_HLS_skip" } ? .segments : .none
        if presentation.isEnded { return .now(skip) }
        guard let segment = number("_HLS_msn") else {
            return number("_HLS_part") == nil
                ? .now(skip) : .badRequest("a part without its segment")
        }
        let last = presentation.renditions.first { $0.track.id == track }?.segments.last?.number
        guard segment <= (last ?? 0) + 2 else { return .badRequest("too far ahead") }
        return .wait(segment: segment, part: number("_HLS_part").map { Int($0) }, skip)
    }

    func address(path: String) -> Result<LiveAddress, LiveAddressFault> {
        let names = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard names.count >= 4, names[1] == "live" else { return .failure(.unknown) }
        guard let resource = resource(Array(names[3...])) else { return .failure(.malformed) }
        return .success(LiveAddress(streamID: names[2], resource: resource))
    }

    private func resource(_ names: [String]) -> LiveAddress.Resource? {
        switch names {
        case ["master.m3u8"]: return .masterPlaylist(.live)
        case ["dvr", "master.m3u8"]: return .masterPlaylist(.rewind)
        case ["manifest.mpd"]: return .dashManifest
        case ["time"]: return .time
        case ["status"]: return .status
        case ["thumbnail.jpg"]: return .thumbnail
        case ["v0.m3u8"]: return .mediaPlaylist(.live, LiveTrackID(.video))
        case ["dvr", "v0.m3u8"]: return .mediaPlaylist(.rewind, LiveTrackID(.video))
        default: break
        }
        guard names.count == 3, names[1] == "v0" || names[1] == "a0" else { return nil }
        let track = LiveTrackID(names[1] == "v0" ? .video : .audio)
        let words = names[2].split(separator: ".")
        if words.first?.hasPrefix("init-") == true, let number = Int(words[0].dropFirst(5)) {
            return .initialization(token: names[0], track, number: number)
        }
        guard let number = words.first.flatMap({ UInt64($0) }) else { return nil }
        guard words.count == 3, let index = Int(words[1]) else {
            return .segment(token: names[0], track, number: number)
        }
        return .part(token: names[0], track, segment: number, index: index)
    }
}

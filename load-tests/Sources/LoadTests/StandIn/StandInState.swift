import NIOCore
import Synchronization

/// What all connections of a stand-in origin share.
final class StandInState: Sendable {
    private struct Ledger {
        var counts: [String: Int] = [:]
        var requests = 0
        var faults: [StandInFault] = []
    }

    let options: StandInOptions
    let timeline: LiveTimeline
    private let live: LiveResources
    private let videos: VideoResources
    private let start: NIODeadline
    private let ledger = Mutex(Ledger())

    /// `start` is time 0 of the live stream, `epochMilliseconds` the same since 1970.
    init(options: StandInOptions, start: NIODeadline, epochMilliseconds: Int64) {
        self.options = options
        self.start = start
        timeline = LiveTimeline(options)
        let bodies = BodyStore()
        let history = Double(options.windowSegments) * options.segmentSeconds * 1000
        let playlists = LivePlaylistText(
            options: options,
            epochMilliseconds: epochMilliseconds - Int64(history)
        )
        live = LiveResources(options: options, playlists: playlists, bodies: bodies)
        videos = VideoResources(options: options, bodies: bodies)
    }

    // MARK: - Answers

    func decide(
        _ request: StandInRequest,
        now: NIODeadline,
        hasWaited: Bool
    ) -> StandInDecision {
        let path = request.path
        let liveFolder = "/live/\(options.liveStream)/"
        if path.hasPrefix(liveFolder) {
            let seconds = Double((now - start).nanoseconds) / 1e9
            return live.decide(
                path.dropFirst(liveFolder.count),
                request.query,
                edge: timeline.edge(atSeconds: seconds),
                hasWaited: hasWaited
            )
        }
        if path.hasPrefix("/videos/"), let answer = videos.answer(path.dropFirst(8)) {
            return .answer(answer)
        }
        if path == "/api/v1/videos" {
            let limit = request.query["limit"].flatMap { Int($0) } ?? 20
            return .answer(videos.catalog(limit: limit, cursor: request.query["cursor"]))
        }
        if path.hasPrefix("/api/v1/videos/"), let answer = videos.video(path.dropFirst(15)) {
            return .answer(answer)
        }
        if path == "/healthz" || path == "/readyz" { return .answer(.text(200, "{}")) }
        return .answer(
            .text(404, #"{"error":{"code":"not_found"}}"#, cacheControl: "max-age=2")
        )
    }

    /// When a part comes to exist.
    func time(of position: PartPosition) -> NIODeadline {
        start + .nanoseconds(Int64(timeline.availableAtSeconds(position) * 1e9))
    }

    /// After which a hold ends with 503: three target durations.
    var longestHold: TimeAmount {
        .nanoseconds(Int64(3 * Double(options.targetDuration) / options.speed * 1e9))
    }

    // MARK: - Counts and faults

    /// Whether a request is the stand-in's own business and not counted.
    func isControl(_ request: StandInRequest) -> Bool {
        request.path == "/counts" || request.path == "/fault"
    }

    func control(_ request: StandInRequest) -> StandInAnswer {
        if request.path == "/counts" {
            if request.method == "DELETE" {
                ledger.withLock { ledger in
                    ledger.counts = [:]
                    ledger.requests = 0
                }
            }
            return .text(200, countsText(prefix: request.query["prefix"] ?? ""))
        }
        switch request.method {
        case "POST":
            guard let fault = StandInFault(query: request.query) else {
                return .text(400, #"{"error":{"code":"unknown_fault"}}"#)
            }
            set(fault)
        case "DELETE":
            clearFaults()
        default:
            break
        }
        let faults = ledger.withLock { $0.faults }
        let texts = faults.map { fault in
            "{\"kind\":\"\(fault.kind.rawValue)\",\"match\":\"\(JSONString.escaped(fault.match))\","
                + "\"left\":\(fault.count.map(String.init) ?? "null"),\"value\":\(fault.value)}"
        }
        return .text(200, "{\"faults\":[\(texts.joined(separator: ","))]}")
    }

    func set(_ fault: StandInFault) {
        ledger.withLock { ledger in
            if ledger.faults.count < StandInLimits.faults { ledger.faults.append(fault) }
        }
    }

    func clearFaults() {
        ledger.withLock { $0.faults = [] }
    }

    /// Counts a request and finds what is to go wrong with it.
    func count(_ request: StandInRequest) -> StandInFault? {
        ledger.withLock { ledger in
            ledger.requests += 1
            if ledger.counts.count < StandInLimits.countedAddresses {
                ledger.counts[request.target, default: 0] += 1
            }
            let index = ledger.faults.firstIndex { fault in
                fault.count != 0 && request.target.contains(fault.match)
            }
            guard let index else { return nil }
            if let count = ledger.faults[index].count { ledger.faults[index].count = count - 1 }
            return ledger.faults[index]
        }
    }

    func counts(prefix: String) -> (summary: UpstreamCounts, resources: [String: Int]) {
        let counts = ledger.withLock { $0.counts }.filter { $0.key.hasPrefix(prefix) }
        let most = counts.max { $0.value < $1.value }
        let summary = UpstreamCounts(
            requests: counts.values.reduce(0, +),
            distinct: counts.count,
            most: most?.value ?? 0,
            mostAddress: most?.key ?? ""
        )
        return (summary, counts)
    }

    private func countsText(prefix: String) -> String {
        let (summary, resources) = counts(prefix: prefix)
        let lines = resources.sorted { $0.key < $1.key }.map { address, count in
            "\"\(JSONString.escaped(address))\":\(count)"
        }
        return "{\"requests\":\(summary.requests),\"distinct\":\(summary.distinct),"
            + "\"most\":\(summary.most),\"mostAddress\":"
            + "\"\(JSONString.escaped(summary.mostAddress))\","
            + "\"resources\":{\(lines.joined(separator: ","))}}"
    }
}

enum JSONString {
    /// For between quotation marks, RFC 8259 §7.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..."\u{1F}": result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

import Glibc
import TestSupport
import Testing

/// An origin, an edge before it and `cam`, which ffmpeg pushes for as long as the suites run, so
/// that one minute's past serves all tests that look back.
struct Broadcast: Sendable {
    @TaskLocal static var current: Broadcast?

    let origin: LiveOrigin
    let edge: LiveEdge

    struct Missing: Error {}

    /// The one of the suite that runs.
    static var running: Broadcast {
        get throws {
            guard let current else { throw Missing() }
            return current
        }
    }

    /// Where `cam` is had: at the origin, then through the edge.
    var places: [String] { [origin.media + "/live/cam", edge.base + "/live/cam"] }
}

/// Runs a suite while a broadcast goes on.
struct BroadcastTrait: SuiteTrait, TestScoping {
    var isRecursive: Bool { false }

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        let players = try await BrowserPlayers.folder()
        try await withLive(["MILLRACE_PAGE_HLS_JS": players + "/hls.js"]) { origin, edge in
            let encoder = try Encoder.ffmpeg(to: origin.ingest + "/cam")
            defer { encoder.signal(SIGKILL) }
            let broadcast = Broadcast(origin: origin, edge: edge)
            try await Broadcast.$current.withValue(broadcast) { try await function() }
            #expect(await encoder.stop() == 255, "ffmpeg's status where it is told to stop")
        }
    }
}

extension Trait where Self == BroadcastTrait {
    static var broadcast: BroadcastTrait { BroadcastTrait() }
}

import Foundation
import TestSupport
import Testing

extension LiveInteropTests.Players {
    /// The page in a real Chromium through the edge; see `Tests/Browser/live`.
    @Suite(.timeLimit(.minutes(3)))
    struct LiveBrowserTests {
        @Test func thePagePlaysWithLowLatencyAndRewinds() async throws {
            let edge = try Broadcast.running.edge
            // Segments of 2 s: as much of a past as the test goes back into, and some more.
            try await playlist(edge.base + "/live/cam/dvr/v0.m3u8", with: 23)
            try await watch(edge, by: "hls.js")
        }

        @Test func thePagePlaysWithTheBrowsersOwnPlayer() async throws {
            try await withLive { origin, edge in
                try await Encoder.ffmpeg(to: origin.ingest + "/cam").pushing {
                    try await playlist(edge.base + "/live/cam/v0.m3u8", with: 2)
                    try await watch(edge, by: "native")
                }
            }
        }

        private func watch(_ edge: LiveEdge, by player: String) async throws {
            let output = try await Tool.run(
                "/usr/bin/python3",
                [
                    Checkout.root + "/Tests/Browser/live", edge.base + "/live/cam", player,
                    NSTemporaryDirectory() + "millrace-browser/live",
                ]
            )
            // The latencies that it measured: for whoever reads the log.
            print(output.text)
        }
    }
}

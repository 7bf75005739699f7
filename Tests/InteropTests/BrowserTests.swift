import Foundation
import TestSupport
import Testing

/// A real Chromium, driven as a viewer would; see `Tests/Browser`.
///
/// Missing programs are a failure, as are players that cannot be fetched: nothing is skipped.
struct BrowserTests {
    static let scripts = Checkout.root + "/Tests/Browser"

    private static func players() async throws -> String {
        let output = try await Tool.run(Checkout.root + "/scripts/fetch-players", [])
        return output.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func screenshots(_ name: String) -> String {
        NSTemporaryDirectory() + "millrace-browser/" + name
    }

    private static func watch(playedBy player: String) async throws {
        let origin = try Origin.running
        try await Tool.run(
            "/usr/bin/python3",
            [scripts + "/watch", origin.api + "/watch/ladder", player, screenshots(player)]
        )
    }

    @Suite(.origin(["ladder"]))
    struct OwnPlayback {
        @Test func theWatchPagePlaysToTheEnd() async throws {
            try await BrowserTests.watch(playedBy: "native")
        }
    }

    @Suite(
        .origin(["ladder"]) { "page: {hls_js: \"\(try await BrowserTests.players())/hls.js\"}\n" }
    )
    struct HlsJavaScript {
        @Test func theWatchPagePlaysToTheEnd() async throws {
            try await BrowserTests.watch(playedBy: "hls.js")
        }
    }

    @Suite(.origin(["ladder", "bframes"]))
    struct OtherSites {
        @Test(arguments: ["ladder", "bframes"])
        func videoJSPlaysHLSToTheEnd(_ fixture: String) async throws {
            try await play(Format.hls.path(of: fixture), "application/x-mpegURL", "hls-\(fixture)")
        }

        @Test(arguments: ["ladder", "bframes"])
        func videoJSPlaysTransportStreamsToTheEnd(_ fixture: String) async throws {
            let path = Format.transportStream.path(of: fixture)
            try await play(path, "application/x-mpegURL", "ts-\(fixture)")
        }

        @Test(arguments: ["ladder", "bframes"])
        func videoJSPlaysDASHToTheEnd(_ fixture: String) async throws {
            try await play(Format.dash.path(of: fixture), "application/dash+xml", "dash-\(fixture)")
        }

        private func play(_ path: String, _ type: String, _ name: String) async throws {
            let origin = try Origin.running
            try await Tool.run(
                "/usr/bin/python3",
                [
                    BrowserTests.scripts + "/play", try await BrowserTests.players(),
                    origin.media + path, type, BrowserTests.screenshots("videojs-" + name),
                ]
            )
        }
    }
}

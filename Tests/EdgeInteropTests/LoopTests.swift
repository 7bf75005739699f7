import Foundation
import TestSupport
import Testing

extension EdgeFaults {
    /// Edges that ask each other, as a mistake in their configurations has it.
    @Suite(.timeLimit(.minutes(2)))
    struct LoopTests {
        /// Seen with whole files: the second edge did not say whom it asked for, so that the first one
        /// waited for itself.
        @Test func twoEdgesThatAskEachOtherSaySo() async throws {
            let origin = try await ScriptedOrigin.start { _ in ScriptedOrigin.Step.answer("ok") }
            // Longer than the test may take: who waits for itself does not get an answer.
            let options = [
                "origin.budget": "300s", "origin.head_timeout": "300s", "origin.live_hold": "300s",
            ]
            try await withEdge([origin.url], options) { one async throws in
                try await withEdge(["http://127.0.0.1:\(one.port)"], options) { two async throws in
                    let other = "http://127.0.0.1:\(two.port)"
                    try one.reload(["origin.media": "[\(other)]", "origin.api": "[\(other)]"])
                    try await eventually("they ask each other") {
                        one.logged("the configuration was read again") == 1
                    }
                    for path in [
                        "/videos/film/v1/1.m4s", "/videos/film/720p.mp4",
                        "/videos/film/hls/master.m3u8", "/live/cam/master.m3u8",
                        "/live/cam/master.m3u8?_HLS_msn=1", "/api/v1/videos",
                    ] {
                        #expect(try await one.get(path).status == 508, "\(path)")
                        #expect(try await two.get(path).status == 508, "\(path)")
                    }
                    #expect(origin.requests.isEmpty)
                    try one.reload(["origin.media": "[\(origin.url)]"])
                    try await eventually("the loop is gone") {
                        try await two.get("/videos/film/v1/2.m4s").text == "ok"
                    }
                }
            }
            await origin.kill()
        }

        /// Whoever knows an origin's name in `Via` could have others told that they go round.
        @Test func aForgedLoopIsTheForgersAlone() async throws {
            let release = Latch()
            let origin = try await ScriptedOrigin.start { request in
                let isLoop = request.fields["via"]?.contains("shield") == true
                return [.hold(release)]
                    + ScriptedOrigin.Step.answer(
                        isLoop ? "loop" : "media",
                        status: isLoop ? "508 Loop Detected" : "200 OK"
                    )
            }
            try await withEdge([origin.url], ["foresight.on": "false"]) { edge async throws in
                let path = "/videos/film/v1/1.m4s"
                let forger = try await edge.viewer()
                try await forger.ask(path, fields: ["Via": "1.1 shield"])
                try await eventually("it is asked for") { origin.count(path) == 1 }
                let viewer = try await edge.viewer()
                try await viewer.ask(path)
                try await eventually("the viewer waits for the same") {
                    try await edge.metric(
                        "millrace_edge_answers_total",
                        "from=\"joined\""
                    ) == 1
                }
                release.open()
                #expect(try await forger.reply().status == 508)
                #expect(try await viewer.reply().text == "media")
                await forger.close()
                await viewer.close()
            }
            await origin.kill()
        }
    }
}

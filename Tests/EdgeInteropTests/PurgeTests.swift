import TestSupport
import Testing

extension EdgeFaults {
    /// `edge purge`, with a real memcached behind.
    @Suite(.timeLimit(.minutes(2)))
    struct PurgeTests {
        private let segment = "/videos/film/v1/1.m4s"
        private let other = "/videos/other/v1/1.m4s"

        /// Whose body says how often it was asked for.
        private func origin() async throws -> ScriptedOrigin {
            try await ScriptedOrigin.start { request in
                let video = request.target.split(separator: "/")[1]
                return ScriptedOrigin.Step.answer(
                    "\(video) \(request.number)",
                    fields: ["Cache-Control: max-age=3600", "Cache-Tag: video-\(video), channel-1"]
                )
            }
        }

        @Test(arguments: [
            ("/videos/film/v1/1.m4s", false), ("http://any.host/videos/film/v1/1.m4s", false),
            ("/videos/film/*", false), ("video-film", false), ("channel-1", true), ("*", true),
        ])
        func purgesFromBothTiersAndAcrossARestart(_ what: String, purgesOther: Bool) async throws {
            let folder = try TemporaryFolder()
            let origin = try await origin()
            let memcached = try await Memcached(folder.path("m.sock"))
            let options = [
                "memcached.on": "true", "memcached.servers": "[\(memcached.path)]",
                "memcached.deadline": "1s", "foresight.on": "false",
            ]
            let after = purgesOther ? "other 2" : "other 1"
            try await withEdge([origin.url], options, in: folder) { edge async throws in
                #expect(try await edge.get(segment).text == "film 1")
                #expect(try await edge.get(other).text == "other 1")
                try await eventually("both are stored") {
                    try await edge.metric(
                        "millrace_edge_memcached_stores_total",
                        "result=\"stored\""
                    ) >= 2
                }
                let said = try await edge.command(["purge", what])
                #expect(said == "{\"purged\":\(purgesOther ? 2 : 1)}\n")
                #expect(try await edge.get(segment).text == "film 2")
                #expect(try await edge.get(other).text == after)
            }
            // What memcached still holds of before does not come back.
            try await withEdge([origin.url], options, in: folder) { edge async throws in
                let text = try await edge.get(segment).text
                #expect(text == "film 2" || text == "film 3", "\(text)")
                #expect(try await edge.get(other).text != (purgesOther ? "other 1" : "other 2"))
            }
            await memcached.kill()
            await origin.kill()
        }

        @Test func whatIsOnItsWayDuringAPurgeIsNotKept() async throws {
            let latch = Latch()
            let origin = try await ScriptedOrigin.start { request in
                let steps = ScriptedOrigin.Step.answer("number \(request.number)")
                return request.number == 1 ? [.hold(latch)] + steps : steps
            }
            try await withEdge([origin.url]) { edge async throws in
                let viewer = try await edge.viewer()
                try await viewer.ask(segment)
                try await eventually("it is under way") { origin.count(segment) == 1 }
                _ = try await edge.command(["purge", segment])
                latch.open()
                #expect(try await viewer.reply().text == "number 1")
                #expect(try await edge.get(segment).text == "number 2")
                await viewer.close()
            }
            await origin.kill()
        }

        @Test func aPurgeReachesAnEdgeBehindAnotherWhenItsOwnIsToldToo() async throws {
            let origin = try await origin()
            try await withEdge([origin.url], ["origin.pseudonym": "shield"]) {
                shield async throws in
                let url = "http://127.0.0.1:\(shield.port)"
                try await withEdge([url]) { edge async throws in
                    #expect(try await edge.get(segment).text == "film 1")
                    // The shield first: else it would give the old one again.
                    _ = try await shield.command(["purge", "/videos/film/*"])
                    #expect(try await edge.get(segment).text == "film 1")
                    _ = try await edge.command(["purge", "/videos/film/*"])
                    #expect(try await edge.get(segment).text == "film 2")
                }
            }
            await origin.kill()
        }
    }
}

import Glibc
import TestSupport
import Testing

extension EdgeFaults {
    /// A second tier that dies, forgets, freezes and lies: never more than a miss.
    @Suite(.timeLimit(.minutes(2)))
    struct MemcachedFaultTests {
        private let paths = (1...30).map { "/videos/film/v1/\($0).m4s" }

        private static func body(_ path: String) -> [UInt8] { Bytes.of(path, count: 60_000) }

        private func origin() async throws -> ScriptedOrigin {
            try await ScriptedOrigin.start { ScriptedOrigin.Step.answer(Self.body($0.target)) }
        }

        private func options(_ servers: [String]) -> EdgeProcess.Options {
            // Long enough that a busy machine turns no hit into a miss.
            [
                "memcached.on": "true", "memcached.deadline": "1s", "foresight.on": "false",
                "memcached.servers": "[" + servers.joined(separator: ", ") + "]",
            ]
        }

        /// Asks for all of them; each must be right, whatever is broken.
        private func ask(_ edge: EdgeProcess, _ paths: [String]) async throws {
            let viewer = try await edge.viewer()
            for path in paths {
                let reply = try await viewer.get(path)
                #expect(reply.status == 200 && reply.body == Self.body(path), "\(path)")
            }
            await viewer.close()
        }

        /// An edge that has put all into the servers, and has ended.
        private func fill(_ servers: [String], from origin: ScriptedOrigin) async throws {
            try await withEdge([origin.url], options(servers)) { edge async throws in
                try await ask(edge, paths)
                let stored = paths.count
                try await eventually("all is stored") {
                    try await edge.metric(
                        "millrace_edge_memcached_stores_total",
                        "result=\"stored\""
                    ) >= stored
                }
            }
        }

        @Test func anEdgeThatStartsFindsWhatAnotherHasStored() async throws {
            let folder = try TemporaryFolder()
            let origin = try await origin()
            let memcached = try await Memcached(folder.path("m.sock"))
            try await fill([memcached.path], from: origin)
            let before = origin.requests.count
            try await withEdge([origin.url], options([memcached.path])) { edge async throws in
                try await ask(edge, paths)
            }
            #expect(origin.requests.count == before)
            await memcached.kill()
            await origin.kill()
        }

        @Test func aKilledMemcachedIsAMissAndIsUsedAgainWhenItIsBack() async throws {
            let folder = try TemporaryFolder()
            let origin = try await origin()
            let memcached = try await Memcached(folder.path("m.sock"))
            try await fill([memcached.path], from: origin)
            try await withEdge([origin.url], options([memcached.path])) { edge async throws in
                try await ask(edge, Array(paths[..<10]))
                await memcached.kill()
                try await ask(edge, Array(paths[10..<20]))
                // Empty it has nothing, and takes what comes.
                try await memcached.restart()
                try await ask(edge, Array(paths[20...]))
                var number = 100
                try await eventually("it is used again") {
                    number += 1
                    try await ask(edge, ["/videos/film/v1/\(number).m4s"])
                    return try await edge.metric(
                        "millrace_edge_memcached_stores_total",
                        "result=\"stored\""
                    ) > 0
                }
            }
            await memcached.kill()
            await origin.kill()
        }

        @Test func aFrozenMemcachedCostsNoMoreThanItsDeadline() async throws {
            let folder = try TemporaryFolder()
            let origin = try await origin()
            let memcached = try await Memcached(folder.path("m.sock"))
            try await fill([memcached.path], from: origin)
            var options = options([memcached.path])
            options["memcached.deadline"] = "50ms"
            try await withEdge([origin.url], options) { edge async throws in
                try memcached.freeze()
                let start = ContinuousClock.now
                try await ask(edge, paths)
                // Without the breaker, 30 times the deadline; with it, a few.
                #expect(ContinuousClock.now - start < .seconds(3))
                memcached.signal(SIGCONT)
                var number = 200
                try await eventually("it is used again") {
                    number += 1
                    try await ask(edge, ["/videos/film/v1/\(number).m4s"])
                    let isOpen = try await edge.metric("millrace_edge_memcached_breaker_open")
                    return isOpen == 0
                }
            }
            await memcached.kill()
            await origin.kill()
        }

        @Test(arguments: [
            "\r\n\r\n\u{0}\u{1}\u{2}garbage\r\n", "HD\r\n", "EN\r\nEN\r\nEN\r\n",
            "VALUE key 0 5\r\nwrong\r\nEND\r\n", "VA 5\r\nwrong\r\n",
            "SERVER_ERROR out of memory\r\n", "END\r\n",
        ])
        func aLyingMemcachedIsAMiss(_ text: String) async throws {
            let origin = try await origin()
            let liar = try await LyingServer(saying: text)
            var options = options(["127.0.0.1:\(liar.port)"])
            options["memcached.deadline"] = "50ms"
            try await withEdge([origin.url], options) { edge async throws in
                try await ask(edge, paths)
                // From memory now.
                try await ask(edge, paths)
                #expect(origin.requests.count == paths.count)
            }
            await liar.stop()
            await origin.kill()
        }

        @Test func aLostServerOfThreeTakesOnlyItsShare() async throws {
            let folder = try TemporaryFolder()
            let origin = try await origin()
            var servers: [Memcached] = []
            for name in ["a", "b", "c"] {
                servers.append(try await Memcached(folder.path(name)))
            }
            let names = servers.map(\.path)
            try await fill(names, from: origin)
            let before = origin.requests.count
            await servers[1].kill()
            try await withEdge([origin.url], options(names)) { edge async throws in
                try await ask(edge, paths)
            }
            let missed = origin.requests.count - before
            #expect((1...20).contains(missed), "about a third of 30, not all")
            for server in servers { await server.kill() }
            await origin.kill()
        }

        @Test func thePrivateOneOutlivesARestartAndEndsWhenTold() async throws {
            // Short, as the kernel takes no long path for a socket.
            let folder = try TemporaryFolder(in: "/tmp")
            let origin = try await origin()
            let options = [
                "memcached.on": "true", "memcached.memory": "64MiB", "memcached.deadline": "1s",
                "foresight.on": "false",
            ]
            let first = try await EdgeProcess([origin.url], options, in: folder)
            try await ask(first, paths)
            let stored = paths.count
            try await eventually("all is stored") {
                try await first.metric(
                    "millrace_edge_memcached_stores_total",
                    "result=\"stored\""
                ) >= stored
            }
            await first.stop(forGood: false)
            let pid = try #require(try Memcached.process(in: folder))
            let before = origin.requests.count
            try await withEdge([origin.url], options, in: folder) { edge async throws in
                try await ask(edge, paths)
                #expect(try Memcached.process(in: folder) == pid)
            }
            #expect(origin.requests.count == before, "warm from its first request on")
            #expect(try Memcached.process(in: folder) == nil)
            await origin.kill()
        }
    }
}

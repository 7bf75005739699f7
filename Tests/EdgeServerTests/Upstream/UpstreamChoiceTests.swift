import EdgeServer
import NIOCore
import NIOPosix
import TestSupport
import Testing

/// Which origin a call gets.
struct UpstreamChoiceTests {
    /// Starts this many servers that answer everything.
    private func servers(_ count: Int) async throws -> [ScriptedServer] {
        var servers: [ScriptedServer] = []
        for _ in 0..<count {
            servers.append(try await ScriptedServer.start { _ in [.answerAll(Canned.hello)] })
        }
        return servers
    }

    /// Calls as a server does: again, without those that failed.
    private func failover(_ fixture: UpstreamFixture) async throws -> RecordedCall.Outcome {
        var tried: Set<OriginID> = []
        var outcome = try await fixture.get()
        while outcome.error == .cannotConnect || outcome.error == .closed {
            // An error does not say where; the caller excludes by what it was told before.
            let dead = fixture.group.snapshot.origins.filter { $0.errors.contains { $0.count > 0 } }
            tried.formUnion(dead.map(\.id))
            outcome = try await fixture.get(excluding: tried)
        }
        return outcome
    }

    @Test func everyCallSucceedsWithOneOfThreeDead() async throws {
        let servers = try await servers(3)
        await servers[1].stop()
        try await UpstreamFixture.with(servers.map(\.url)) { fixture in
            for _ in 0..<60 {
                let outcome = try await failover(fixture)
                #expect(outcome.text == "hello")
            }
            let origins = fixture.group.snapshot.origins
            #expect(origins.map(\.isUp) == [true, false, true])
            #expect(origins[1].reason == .callsFailed(.cannotConnect))
            #expect(origins[1].calls == 5)
            #expect(origins[0].calls >= 27 && origins[2].calls >= 27)
        }
        for server in servers { await server.stop() }
    }

    @Test func weightsAreKept() async throws {
        let servers = try await servers(2)
        try await UpstreamFixture.with(
            servers.map(\.url),
            change: { $0.origins[0].weight = 3 }
        ) { fixture in
            for _ in 0..<80 { try await fixture.expectHello() }
            #expect(fixture.group.snapshot.origins.map(\.calls) == [60, 20])
        }
        for server in servers { await server.stop() }
    }

    @Test func excludedOriginsAreNotAsked() async throws {
        let servers = try await servers(2)
        try await UpstreamFixture.with(servers.map(\.url)) { fixture in
            for _ in 0..<10 {
                let outcome = try await fixture.get(excluding: [OriginID(index: 0)])
                #expect(outcome.head?.origin == OriginID(index: 1))
            }
            let all: Set = [OriginID(index: 0), OriginID(index: 1)]
            try await fixture.expect(.noOrigin, excluding: all)
        }
        for server in servers { await server.stop() }
    }

    @Test func aBackupIsAskedOnlyWhenNoOtherIsHealthy() async throws {
        let servers = try await servers(2)
        try await UpstreamFixture.with(
            servers.map(\.url),
            change: {
                $0.origins[1].isBackup = true
                $0.health.callFailureCount = 2
                $0.health.downTime = .milliseconds(200)
            }
        ) { fixture in
            for _ in 0..<5 { try await fixture.expectHello() }
            #expect(fixture.group.snapshot.origins.map(\.calls) == [5, 0])
            let port = servers[0].port
            await servers[0].stop()
            // Its kept connection outlives the listener.
            let call = try await fixture.get(excluding: [OriginID(index: 0)])
            #expect(call.head?.origin == OriginID(index: 1))
            try fixture.group.reconfigure(
                UpstreamFixture.configuration(
                    ["http://127.0.0.9:\(port)", servers[1].url],
                    change: {
                        $0.origins[1].isBackup = true
                        $0.health.callFailureCount = 2
                        $0.health.downTime = .seconds(60)
                    }
                )
            )
            for _ in 0..<2 { try await fixture.expect(.cannotConnect) }
            for _ in 0..<5 {
                #expect(try await fixture.get().head?.origin == OriginID(index: 1))
            }
        }
        for server in servers { await server.stop() }
    }

    @Test func whereAllAreDownTheyAreStillAsked() async throws {
        let server = try await ScriptedServer.start { connection in
            connection < 5 ? [.request, .close] : [.answerAll(Canned.hello)]
        }
        try await UpstreamFixture.with([server.url]) { fixture in
            for _ in 0..<5 { try await fixture.expect(.closed) }
            #expect(!fixture.group.snapshot.origins[0].isUp)
            try await fixture.expectHello()
        }
        await server.stop()
    }

    @Test func anOriginWithoutWeightIsNeverAsked() async throws {
        let servers = try await servers(2)
        try await UpstreamFixture.with(
            servers.map(\.url),
            change: { $0.origins[0].weight = 0 }
        ) { fixture in
            for _ in 0..<4 { try await fixture.expectHello() }
            #expect(fixture.group.snapshot.origins.map(\.calls) == [0, 4])
            try await fixture.expect(.noOrigin, excluding: [OriginID(index: 1)])
        }
        for server in servers { await server.stop() }
    }

    @Test func checksTakeAnOriginDownAndBringItBack() async throws {
        let first = try await ScriptedServer.start { _ in
            [.answerAll("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")]
        }
        let port = first.port
        try await UpstreamFixture.with(
            [first.url],
            change: {
                $0.health.interval = .milliseconds(20)
                $0.health.timeout = .milliseconds(500)
            }
        ) { fixture in
            // An answer below 500 is a sign of life.
            try await fixture.eventually("it is checked") { first.current.connectionCount > 2 }
            #expect(fixture.group.snapshot.origins[0].isUp)
            #expect(fixture.group.snapshot.origins[0].calls == 0)
            #expect(first.current.received[0].hasPrefix("GET /healthz HTTP/1.1\r\n"))
            #expect(first.current.received[0].contains("\r\nConnection: close\r\n"))
            await first.stop()
            try await fixture.eventually("it is down") { !fixture.group.snapshot.origins[0].isUp }
            #expect(fixture.group.snapshot.origins[0].reason == .checksFailed)
            let second = try await ScriptedServer.start(port: port) { _ in
                [.answerAll(Canned.hello)]
            }
            try await fixture.eventually("it is up") { fixture.group.snapshot.origins[0].isUp }
            #expect(fixture.group.snapshot.origins[0].reason == .checksSucceeded)
            await second.stop()
        }
    }

    @Test func anOriginThatAnswersItsChecksWith500IsDown() async throws {
        let server = try await ScriptedServer.start { _ in
            [.answerAll("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")]
        }
        try await UpstreamFixture.with(
            [server.url],
            change: { $0.health.interval = .milliseconds(20) }
        ) { fixture in
            try await fixture.eventually("it is down") { !fixture.group.snapshot.origins[0].isUp }
        }
        await server.stop()
    }

    @Test func aNewConfigurationKeepsTheConnectionsOfOriginsThatStay() async throws {
        let servers = try await servers(2)
        try await UpstreamFixture.with(servers.map(\.url)) { fixture in
            for _ in 0..<4 { try await fixture.expectHello() }
            let kept = try UpstreamFixture.configuration([servers[1].url])
            try fixture.group.reconfigure(kept)
            try await fixture.eventually("the other one's are closed") {
                servers[0].current.openCount == 0
            }
            let outcome = try await fixture.get()
            #expect(outcome.text == "hello" && outcome.head?.origin == OriginID(index: 0))
            #expect(fixture.group.snapshot.origins[0].calls == 3)
            #expect(servers[1].current.connectionCount == 1)

            var bad = kept
            bad.pseudonym = "two words"
            #expect(throws: UpstreamConfigurationError.badPseudonym) {
                try fixture.group.reconfigure(bad)
            }
            try await fixture.expectHello()
        }
        for server in servers { await server.stop() }
    }

    @Test func aGroupThatStoppedFindsNoOrigin() async throws {
        let server = try await ScriptedServer.start { _ in [.request] }
        try await UpstreamFixture.with([server.url]) { fixture in
            let call = try await fixture.start(UpstreamRequest(target: "/"))
            try await fixture.eventually("it is asked") { server.current.received != [""] }
            await fixture.group.stop()
            #expect(try await call.outcome.get().error == .closed)
            try await fixture.expect(.noOrigin)
        }
        await server.stop()
    }
}

import EdgeServer
import NIOCore
import NIOPosix
import Platform
import TestSupport
import Testing

/// Which connection a call gets.
struct UpstreamPoolTests {
    @Test func aConnectionServesOneCallAfterAnother() async throws {
        let server = try await ScriptedServer.start { _ in [.answerAll(Canned.hello)] }
        try await UpstreamFixture.with([server.url]) { fixture in
            for _ in 0..<20 { try await fixture.expectHello() }
            let origin = fixture.group.snapshot.origins[0]
            #expect(origin.calls == 20 && origin.connectionsOpened == 1)
            #expect(origin.openConnections == 1 && origin.idleConnections == 1)
            #expect(origin.firstByte.cumulative.total == 20)
        }
        #expect(server.current.connectionCount == 1)
        await server.stop()
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    ])
    func aPoisonedConnectionIsNotUsedAgain(answer: String) async throws {
        let server = try await ScriptedServer.start { _ in [.answerAll(answer)] }
        try await UpstreamFixture.with([server.url]) { fixture in
            for _ in 0..<3 { try await fixture.expectHello() }
        }
        #expect(server.current.connectionCount == 3)
        await server.stop()
    }

    @Test func bytesOnAnIdleConnectionCloseIt() async throws {
        let server = try await ScriptedServer.start { _ in
            [.request, .send(Canned.hello), .pause(.milliseconds(30)), .send(Canned.hello)]
        }
        try await UpstreamFixture.with([server.url]) { fixture in
            try await fixture.expectHello()
            try await fixture.eventually("it is closed") { server.current.openCount == 0 }
            try await fixture.expectHello()
            #expect(fixture.group.snapshot.origins[0].retries == 0)
        }
        #expect(server.current.connectionCount == 2)
        await server.stop()
    }

    /// The server closes when the second request arrives, as one whose idle time has just run out.
    @Test func aConnectionThatDiesAsItIsReusedIsReplacedOnce() async throws {
        let server = try await ScriptedServer.start { _ in
            [.request, .send(Canned.hello), .request, .close]
        }
        try await UpstreamFixture.with([server.url]) { fixture in
            try await fixture.expectHello()
            try await fixture.expectHello()
            let origin = fixture.group.snapshot.origins[0]
            #expect(origin.retries == 1 && origin.errors.allSatisfy { $0.count == 0 })
        }
        #expect(server.current.connectionCount == 2)
        await server.stop()
    }

    @Test func aRequestThatMayHaveDoneSomethingIsNotRepeated() async throws {
        let server = try await ScriptedServer.start { _ in
            [.request, .send(Canned.hello), .request, .close]
        }
        try await UpstreamFixture.with([server.url]) { fixture in
            try await fixture.expectHello()
            try await fixture.expect(.closed, method: "POST")
        }
        #expect(server.current.connectionCount == 1)
        await server.stop()
    }

    @Test func anAnswerBegunIsNotRepeated() async throws {
        let server = try await ScriptedServer.start { _ in
            [.request, .send(Canned.hello), .request, .send("HTTP/1.1 2"), .close]
        }
        try await UpstreamFixture.with([server.url]) { fixture in
            try await fixture.expectHello()
            try await fixture.expect(.closed)
        }
        #expect(server.current.connectionCount == 1)
        await server.stop()
    }

    @Test func idleConnectionsGetOld() async throws {
        let server = try await ScriptedServer.start { _ in [.answerAll(Canned.hello)] }
        try await UpstreamFixture.with(
            [server.url],
            change: { $0.pool.idleTime = .milliseconds(40) }
        ) { fixture in
            try await fixture.expectHello()
            try await fixture.eventually("it is closed") { server.current.openCount == 0 }
            let origin = fixture.group.snapshot.origins[0]
            #expect(origin.idleConnections == 0 && origin.openConnections == 0)
        }
        await server.stop()
    }

    @Test func anOldConnectionIsNotKept() async throws {
        let server = try await ScriptedServer.start { _ in [.answerAll(Canned.hello)] }
        try await UpstreamFixture.with(
            [server.url],
            change: { $0.pool.age = .nanoseconds(1) }
        ) { fixture in
            for _ in 0..<3 { try await fixture.expectHello() }
        }
        #expect(server.current.connectionCount == 3)
        await server.stop()
    }

    @Test func callsWaitForAConnectionThenAreTooMany() async throws {
        let areAllCalled = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: Void.self)
        let server = try await ScriptedServer.start { _ in
            [
                .request, .wait(areAllCalled.futureResult), .send(Canned.hello),
                .answerAll(Canned.hello),
            ]
        }
        try await UpstreamFixture.with(
            [server.url],
            change: {
                $0.pool.connectionCount = 1
                $0.pool.waitingCount = 2
            }
        ) { fixture in
            var calls: [RecordedCall] = []
            for _ in 0..<4 { calls.append(try await fixture.start(UpstreamRequest(target: "/"))) }
            #expect(try await calls[3].outcome.get().error == .tooManyCalls)
            areAllCalled.succeed()
            for call in calls[..<3] { #expect(try await call.outcome.get().text == "hello") }
            #expect(fixture.group.snapshot.origins[0].waitingCalls == 0)
        }
        #expect(server.current.connectionCount == 1)
        await server.stop()
    }

    @Test func waitingEnds() async throws {
        let server = try await ScriptedServer.start { _ in [.request] }
        try await UpstreamFixture.with(
            [server.url],
            change: {
                $0.pool.connectionCount = 1
                $0.pool.waitingTime = .milliseconds(40)
            }
        ) { fixture in
            let first = try await fixture.start(UpstreamRequest(target: "/"))
            try await fixture.expect(.tooManyCalls)
            let waiting = try await fixture.start(UpstreamRequest(target: "/"))
            _ = try await waiting.with { $0.cancel() }
            _ = try await first.with { $0.cancel() }
            #expect(fixture.group.snapshot.origins[0].waitingCalls == 0)
        }
        await server.stop()
    }

    @Test func anotherLoopsIdleConnectionMakesRoom() async throws {
        let server = try await ScriptedServer.start { _ in [.answerAll(Canned.hello)] }
        let loops = Array(MultiThreadedEventLoopGroup.singleton.makeIterator())
        try #require(loops.count > 1)
        try await UpstreamFixture.with(
            [server.url],
            change: { $0.pool.connectionCount = 1 }
        ) { fixture in
            for round in 0..<20 {
                let call = try await RecordedCall.start(
                    fixture.group,
                    UpstreamRequest(target: "/"),
                    on: loops[round % 2]
                )
                #expect(try await call.outcome.get().text == "hello")
            }
            #expect(fixture.group.snapshot.origins[0].openConnections <= 1)
        }
        await server.stop()
    }

    @Test func cancellingFreesTheConnection() async throws {
        let server = try await ScriptedServer.start { _ in
            [.request, .send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")]
        }
        try await UpstreamFixture.with(
            [server.url],
            change: { $0.pool.connectionCount = 1 }
        ) { fixture in
            for _ in 0..<3 {
                let call = try await fixture.start(UpstreamRequest(target: "/"))
                try await call.head.get()
                _ = try await call.with { $0.cancel() }
                try await fixture.eventually("it is closed") { server.current.openCount == 0 }
                #expect(try await call.soFar().error == nil)
            }
            let origin = fixture.group.snapshot.origins[0]
            #expect(origin.openConnections == 0 && origin.isUp)
        }
        #expect(server.current.connectionCount == 3)
        await server.stop()
    }

    @Test func cancellingAtOnceAsksNobody() async throws {
        let server = try await ScriptedServer.start { _ in [.answerAll(Canned.hello)] }
        try await UpstreamFixture.with([server.url]) { fixture in
            let loop = fixture.eventLoop
            let call = try await RecordedCall.start(
                fixture.group,
                UpstreamRequest(target: "/"),
                on: loop,
                cancelsAtOnce: true
            )
            try await fixture.expectHello()
            #expect(try await call.soFar().head == nil)
        }
        #expect(server.current.received.count == 1)
        await server.stop()
    }

    @Test func aCallThatIsOverWhileItConnectsCostsNoConnection() async throws {
        let server = try await ScriptedServer.start { _ in [.answerAll(Canned.hello)] }
        try await UpstreamFixture.with(
            [server.url],
            change: { $0.pool.connectionCount = 1 }
        ) { fixture in
            for pause in 0..<200 {
                let call = try await fixture.start(UpstreamRequest(target: "/"))
                // At another moment each time.
                for _ in 0..<pause % 10 { try await fixture.eventLoop.submit {}.get() }
                _ = try await call.with { $0.cancel() }
            }
            try await fixture.expectHello()
            #expect(fixture.group.snapshot.origins[0].openConnections <= 1)
        }
        await server.stop()
    }

    @Test func aUnixSocketIsAnOriginToo() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("s")
        let server = try await ScriptedServer.start(unixPath: path) { _ in
            [.answerAll(Canned.hello)]
        }
        try await UpstreamFixture.with(["unix:" + path]) { fixture in
            try await fixture.expectHello()
        }
        #expect(server.current.received[0].contains("\r\nHost: localhost\r\n"))
        await server.stop()
    }

    @Test func aNameIsLookedUpOnceAndItsAddressesTriedInTurn() async throws {
        let server = try await ScriptedServer.start { _ in
            [.request, .send("HTTP/1.1 204 No\r\nConnection: close\r\n\r\n"), .close]
        }
        let port = server.port
        let lookups = Counter()
        try await UpstreamFixture.with(
            ["http://origin.test:\(port)"],
            resolve: { host, port in
                lookups.add()
                #expect(host == "origin.test")
                // Nobody listens on the first one.
                return [
                    try SocketAddress(ipAddress: "127.0.0.9", port: 1),
                    try SocketAddress(ipAddress: "127.0.0.1", port: port),
                ]
            }
        ) { fixture in
            for _ in 0..<3 {
                let outcome = try await fixture.get()
                #expect(outcome.head?.status == 204)
            }
        }
        #expect(lookups.value == 1)
        await server.stop()
    }

    @Test func aNameThatIsUnknownCannotBeConnectedTo() async throws {
        try await UpstreamFixture.with(
            ["http://origin.test"],
            resolve: { _, _ in throw NameResolution.Failed(code: -2) }
        ) { fixture in
            try await fixture.expect(.cannotConnect)
        }
    }

    @Test func theSystemResolvesLocalhost() throws {
        let found = try NameResolution.resolve(host: "localhost", port: 8081)
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.port == 8081 })
    }
}

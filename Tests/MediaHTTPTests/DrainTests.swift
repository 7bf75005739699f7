import Logging
import MediaHTTP
import NIOCore
import NIOPosix
import Testing

/// Stopping without cutting anybody off who is being answered.
@Suite(.timeLimit(.minutes(1)))
struct DrainTests {
    @Test func idleConnectionsCloseAndRunningAnswersEnd() async throws {
        let file = try TemporaryFile(sizeBytes: 20_000_000)
        let stored = try file.body()
        let respond: ClosureHandler.Respond = { request, _ in
            .now(request.path == "/large" ? .body(stored) : .plain("drained"))
        }
        try await TestServer.with(answering: respond) { server in
            let idle = try await server.connect()
            #expect(try await idle.get("/").status == 200)
            let busy = try await server.connect(reads: false)
            try await busy.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            let second = try await server.connect()
            #expect(try await second.get("/").status == 200)
            async let drained: Void = server.server.drain(within: .seconds(30))
            #expect(await idle.untilClosed().isEmpty)
            #expect(await second.untilClosed().isEmpty)
            try await busy.channel.setOption(.autoRead, value: true).get()
            busy.channel.read()
            #expect(try await busy.answer().body == file.bytes)
            #expect(await busy.untilClosed().isEmpty)
            await drained
            // Its port may be another server's by now, and a child that is just being started
            // may hold its socket a moment longer: what counts is that it answers no more.
            let late = try? await server.connect().get("/")
            #expect(late?.text != "drained")
        }
    }

    /// A handler whose answers wait for a promise, and that tells when a request has come.
    private struct Waiting {
        let promise = MultiThreadedEventLoopGroup.singleton.next().makePromise(
            of: MediaResponse.self
        )
        let arrival = Signal()

        var respond: ClosureHandler.Respond {
            let future = promise.futureResult
            let arrived = arrival.send
            return { _, _ in
                arrived()
                return .later(future)
            }
        }
    }

    @Test func anAnswerThatComesWhileDrainingSaysClose() async throws {
        let waiting = Waiting()
        defer { waiting.promise.succeed(.plain("late")) }
        try await TestServer.with(answering: waiting.respond) { server in
            let other = try await server.connect()
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await waiting.arrival.wait()
            await server.observer.wait { $0.openConnections == 2 }
            async let drained: Void = server.server.drain(within: .seconds(30))
            #expect(await other.untilClosed().isEmpty)
            waiting.promise.succeed(.plain("late"))
            let answer = try await client.answer()
            #expect(answer.text == "late")
            #expect(answer["connection"] == "close")
            #expect(await client.untilClosed().isEmpty)
            await drained
        }
    }

    @Test func whatDoesNotEndInTimeIsCut() async throws {
        let waiting = Waiting()
        defer { waiting.promise.succeed(.plain("too late")) }
        try await TestServer.with(answering: waiting.respond) { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await waiting.arrival.wait()
            await server.server.drain(within: .milliseconds(50))
            #expect(await client.untilClosed().isEmpty)
            #expect(server.server.connectionCount == 0)
            await server.observer.wait { $0.records.count == 1 }
            #expect(server.observer.seen.records[0].wasAborted)
        }
    }

    @Test func anAddressInUseIsAnErrorAndLeavesNothingBound() async throws {
        try await TestServer.with { server in
            await #expect(throws: (any Error).self) {
                try await MediaServer.start(
                    configuration: MediaServerConfiguration(addresses: [
                        .init(host: "127.0.0.1", port: 0),
                        .init(host: "127.0.0.1", port: server.address.port ?? 0),
                    ]),
                    handler: ClosureHandler(answer: TestServer.standard),
                    observer: RecordingObserver(),
                    logger: Logger(label: "test"),
                    group: MultiThreadedEventLoopGroup.singleton
                )
            }
        }
    }
}

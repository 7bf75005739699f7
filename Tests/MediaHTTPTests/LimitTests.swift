import MediaHTTP
import NIOCore
import Testing

/// Limits of time and of number, with short ones; each test waits for the server to act.
@Suite(.timeLimit(.minutes(1)))
struct LimitTests {
    private static func limits(_ change: (inout MediaLimits) -> Void) -> MediaLimits {
        var limits = MediaLimits.patient
        change(&limits)
        return limits
    }

    @Test func aHeadThatNeverEndsIsCut() async throws {
        try await TestServer.with(limits: Self.limits { $0.headTime = .milliseconds(60) }) {
            server in
            let client = try await server.connect(greeting: "GET / HTTP/1.1\r\nHost: x\r\n")
            #expect(await client.untilClosed().isEmpty)
        }
    }

    @Test func aSecondHeadHasItsOwnTime() async throws {
        try await TestServer.with(limits: Self.limits { $0.headTime = .milliseconds(200) }) {
            server in
            let client = try await server.connect(
                greeting: "GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\n"
            )
            #expect(try await client.answer().text == "/a")
            #expect(await client.untilClosed().isEmpty)
        }
    }

    @Test func aConnectionThatSaysNothingIsCut() async throws {
        try await TestServer.with(limits: Self.limits { $0.headTime = .milliseconds(60) }) {
            server in
            let client = try await server.connect()
            #expect(await client.untilClosed().isEmpty)
            await server.observer.wait { $0.openConnections == 0 }
        }
    }

    @Test func anIdleConnectionIsClosed() async throws {
        try await TestServer.with(limits: Self.limits { $0.idleTime = .milliseconds(60) }) {
            server in
            let client = try await server.connect()
            #expect(try await client.get("/").status == 200)
            #expect(await client.untilClosed().isEmpty)
        }
    }

    @Test func aClientThatReadsNothingIsCutAndItsPieceComesBack() async throws {
        let file = try TemporaryFile(sizeBytes: 20_000_000)
        let stored = try file.body()
        let limits = Self.limits { $0.writeStallTime = .milliseconds(100) }
        try await TestServer.with(limits: limits, answering: { _, _ in .now(.body(stored)) }) {
            server in
            let client = try await server.connect(reads: false)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await server.observer.wait { $0.records.count == 1 && $0.openConnections == 0 }
            let record = server.observer.seen.records[0]
            #expect(record.wasAborted)
            #expect(record.bytesSent < 20_000_000)
            try? await client.close()
        }
    }

    @Test func aClientThatPipelinesWithoutReadingIsCut() async throws {
        let limits = Self.limits { $0.writeStallTime = .milliseconds(100) }
        let body = MediaBody.bytes(ByteBuffer(repeating: 1, count: 60_000))
        try await TestServer.with(limits: limits, answering: { _, _ in .now(.body(body)) }) {
            server in
            let client = try await server.connect(reads: false)
            let requests = String(repeating: "GET / HTTP/1.1\r\nHost: x\r\n\r\n", count: 3000)
            try? await client.send(requests)
            await server.observer.wait { $0.openConnections == 0 }
            // What was answered is what the kernel took and a little more, not all of it.
            #expect(server.observer.seen.records.count < 1000)
            try? await client.close()
        }
    }

    @Test func aConnectionTooManyGets503() async throws {
        try await TestServer.with(limits: Self.limits { $0.connectionCount = 2 }) { server in
            let first = try await server.connect()
            let second = try await server.connect()
            #expect(try await first.get("/").status == 200)
            #expect(try await second.get("/").status == 200)
            let third = try await server.connect()
            let answer = try await third.answer()
            #expect(answer.status == 503)
            #expect(answer["connection"] == "close")
            #expect(answer["retry-after"] == "1")
            #expect(await third.untilClosed().isEmpty)
            #expect(server.observer.seen.refused == 1)
            #expect(try await first.get("/").status == 200)
            try await first.close()
            await server.observer.wait { $0.openConnections == 1 }
            let fourth = try await server.connect()
            #expect(try await fourth.get("/").status == 200)
        }
    }

    @Test func moreThanThePoliteRefusalsAreJustClosed() async throws {
        let limits = Self.limits {
            $0.connectionCount = 0
            $0.refusalCount = 0
        }
        try await TestServer.with(limits: limits) { server in
            let client = try await server.connect()
            #expect(await client.untilClosed().isEmpty)
        }
    }

    @Test func slowClientsShareThePieceMemory() async throws {
        let file = try TemporaryFile(sizeBytes: 8_000_000)
        let stored = try file.body()
        let limits = Self.limits {
            $0.sendfileMinimumBytes = .max
            $0.pieceMemoryBytes = 2 * 1024 * 1024
            $0.pieceSizeBytes = 1024 * 1024 - 2048
            $0.smallPieceSizeBytes = 64 * 1024
        }
        try await TestServer.with(limits: limits, answering: { _, _ in .now(.body(stored)) }) {
            server in
            var clients: [RawClient] = []
            for _ in 0..<20 { clients.append(try await server.connect()) }
            for client in clients { try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n") }
            for client in clients { #expect(try await client.answer().body == file.bytes) }
        }
    }

    /// One slow client holds all the memory there is; the body is told of the others' turn.
    private static func withMemoryTaken(
        _ change: (inout MediaLimits) -> Void,
        _ body: (TestServer, RawClient, TemporaryFile) async throws -> Void
    ) async throws {
        let file = try TemporaryFile(sizeBytes: 20_000_000)
        let stored = try file.body()
        let limits = limits {
            $0.sendfileMinimumBytes = .max
            $0.pieceMemoryBytes = 1024
            $0.pieceSizeBytes = 20_000_000
            $0.smallPieceSizeBytes = 20_000_000
            change(&$0)
        }
        let arrival = Signal()
        let arrived = arrival.send
        let respond: ClosureHandler.Respond = { request, _ in
            arrived()
            return .now(request.path == "/" ? .body(stored) : .plain("x"))
        }
        try await TestServer.withOneLoop(limits: limits, answering: respond) { server in
            let slow = try await server.connect(reads: false)
            try await slow.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await arrival.wait()
            try await body(server, slow, file)
            try? await slow.close()
        }
    }

    @Test func whoeverWaitsTooLongForPieceMemoryGets503() async throws {
        try await Self.withMemoryTaken({ $0.memoryWaitTime = .milliseconds(60) }) {
            server,
            _,
            _ in
            let client = try await server.connect()
            let answer = try await client.get("/")
            #expect(answer.status == 503)
            #expect(answer["retry-after"] == "1")
            #expect(try await client.get("/other").status == 200)
        }
    }

    @Test func theMemoryOfAClientThatLeavesGoesToTheNext() async throws {
        try await Self.withMemoryTaken({ $0.memoryWaitTime = .seconds(50) }) {
            server,
            slow,
            file in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            try await slow.close()
            #expect(try await client.answer().body == file.bytes)
        }
    }

    @Test func aFullQueueForPieceMemoryIs503() async throws {
        try await Self.withMemoryTaken({ $0.memoryWaiterCount = 0 }) { server, _, _ in
            let client = try await server.connect()
            #expect(try await client.get("/").status == 503)
            #expect(try await client.get("/other").status == 200)
        }
    }
}

import MediaHTTP
import NIOCore
import Synchronization
import Testing

/// Bytes that go through as they come, held back by whoever is slower.
@Suite(.timeLimit(.minutes(2)))
struct RelayStreamingTests {
    private struct Counts {
        var written = 0
        var received = 0
        var mostBetween = 0
        var mostAtOnce = 0
    }

    /// What the kernel keeps of a loopback connection, with room to spare; far below an upload.
    private static let kernelSizeBytes = 24 * 1024 * 1024

    @Test func anUploadOf100MBGoesAtTheRelaysPace() async throws {
        let counts = Mutex(Counts())
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { _ in
            TestRelay(
                received: { bytes, client in
                    #expect(client.isReading)
                    counts.withLock {
                        $0.received += bytes.readableBytes
                        $0.mostBetween = max($0.mostBetween, $0.written - $0.received)
                        $0.mostAtOnce = max($0.mostAtOnce, bytes.readableBytes)
                    }
                    // An origin that takes 100 MB in a second, and so is slower than loopback.
                    let pause = TimeAmount.nanoseconds(Int64(bytes.readableBytes) * 10)
                    client.isReading = false
                    let client = NIOLoopBound(client, eventLoop: client.eventLoop)
                    _ = client.eventLoop.scheduleTask(in: pause) {
                        client.value.isReading = true
                    }
                },
                ended: { client in
                    let count = counts.withLock { $0.received }
                    client.answer(ByteBuffer(string: "\(count)"))
                }
            )
        }
        let pieceSizeBytes = 1_000_000
        let piece = ByteBuffer(repeating: 7, count: pieceSizeBytes)
        try await TestServer.relaying(relay) { server in
            let client = try await server.connect()
            try await client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n")
            for _ in 0..<100 {
                try await client.channel.writeAndFlush(piece).get()
                counts.withLock { $0.written += pieceSizeBytes }
            }
            #expect(try await client.answer().text == "100000000")
            #expect(try await client.get("/next").status == 200)
        }
        #expect(counts.withLock { $0.mostBetween } < Self.kernelSizeBytes)
        // Nothing is gathered meanwhile beyond the limit and what one turn reads.
        #expect(counts.withLock { $0.mostAtOnce } < 1024 * 1024)
    }

    @Test func aRelayThatDoesNotReadHoldsItsClientBack() async throws {
        let held = HeldClient()
        let received = Mutex(0)
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { _ in
            TestRelay(
                started: { client in
                    client.isReading = false
                    held.hold(client)
                },
                received: { bytes, _ in received.withLock { $0 += bytes.readableBytes } },
                ended: { $0.answer(ByteBuffer(string: "done")) }
            )
        }
        try await TestServer.relaying(relay) { server in
            let client = try await server.connect()
            try await client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 64000000\r\n\r\n")
            let body = ByteBuffer(repeating: 7, count: 64_000_000)
            let upload: EventLoopFuture<Void> = client.channel.writeAndFlush(body)
            try await held.run { _ in }
            // All that the kernel takes is less than the upload, so it cannot be over.
            #expect(received.withLock { $0 } == 0)
            try await held.run { $0.isReading = true }
            try await upload.get()
            #expect(try await client.answer().text == "done")
            #expect(received.withLock { $0 } == 64_000_000)
        }
    }

    @Test func anAnswerWaitsForAClientThatDoesNotRead() async throws {
        let total = 64_000_000
        let sent = Mutex(0)
        let blocked = Signal()
        let sendBlocked = blocked.send
        let piece = ByteBuffer(repeating: 9, count: 64_000)
        let pump: @Sendable (any RelayClient) -> Void = { client in
            while client.canTakeMore {
                guard sent.withLock({ $0 }) < total else { return client.end() }
                client.send(piece)
                sent.withLock { $0 += piece.readableBytes }
            }
            sendBlocked()
        }
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { _ in
            TestRelay(
                ended: { client in
                    let size = RelayHead.BodySize.sized(UInt64(total))
                    client.send(RelayHead(status: 200, fields: [], bodySize: size))
                    pump(client)
                },
                canTakeMore: pump
            )
        }
        try await TestServer.relaying(relay) { server in
            let client = try await server.connect(reads: false)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await blocked.wait()
            #expect(sent.withLock { $0 } < Self.kernelSizeBytes)
            try await client.channel.setOption(.autoRead, value: true).get()
            #expect(try await client.answer().body.count == total)
        }
    }

    @Test func eachEventArrivesBeforeTheNextIsSent() async throws {
        let held = HeldClient()
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { _ in
            TestRelay(started: { client in
                let fields = [("Content-Type", "text/event-stream")]
                client.send(RelayHead(status: 200, fields: fields, bodySize: .unknown))
                held.hold(client)
            })
        }
        try await TestServer.relaying(relay) { server in
            let client = try await server.connect()
            try await client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await client.text(until: "\r\n\r\n")
            for number in 0..<20 {
                try await held.run { $0.send(ByteBuffer(string: "data: \(number)\n\n")) }
                #expect(try await client.text(until: "\n\n\r\n").contains("data: \(number)\n"))
            }
            try await held.run { $0.end() }
            _ = try await client.text(until: "0\r\n\r\n")
            try await client.close()
        }
    }

    @Test func aClientThatLeavesInMidUploadIsNoticed() async throws {
        let arrived = Signal()
        let gone = Signal()
        let (sendArrived, sendGone) = (arrived.send, gone.send)
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { _ in
            TestRelay(received: { _, _ in sendArrived() }, gone: sendGone)
        }
        try await TestServer.relaying(relay) { server in
            for framing in ["Content-Length: 10", "Transfer-Encoding: chunked"] {
                let client = try await server.connect()
                try await client.send("PUT / HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\n5\r\nab")
                await arrived.wait()
                try await client.close()
                await gone.wait()
            }
            await server.observer.wait { $0.records.count == 2 && $0.openConnections == 0 }
            #expect(server.observer.seen.records.allSatisfy { $0.wasAborted })
        }
    }

    @Test func aClientThatLeavesInMidAnswerIsNoticed() async throws {
        let held = HeldClient()
        let gone = Signal()
        let sendGone = gone.send
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { _ in
            TestRelay(
                started: { client in
                    client.send(RelayHead(status: 200, fields: [], bodySize: .unknown))
                    held.hold(client)
                },
                gone: sendGone
            )
        }
        var limits = MediaLimits.patient
        limits.idleTime = .milliseconds(100)
        try await TestServer.relaying(limits: limits, relay) { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await client.text(until: "\r\n\r\n")
            try await client.close()
            await gone.wait()
            // What the relay does now goes nowhere, and does no harm.
            try await held.run { client in
                client.send(ByteBuffer(string: "late"))
                client.end()
                client.abort()
                #expect(!client.canTakeMore)
            }
        }
    }

    @Test func anAbortCutsTheAnswer() async throws {
        let held = HeldClient()
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { _ in
            TestRelay(started: { client in
                client.send(RelayHead(status: 200, fields: [], bodySize: .unknown))
                client.send(ByteBuffer(string: "part"))
                held.hold(client)
            })
        }
        try await TestServer.relaying(relay) { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await client.text(until: "part\r\n")
            try await held.run { $0.abort() }
            #expect(await client.untilClosed().isEmpty)
            await server.observer.wait { $0.records.count == 1 }
            #expect(server.observer.seen.records[0].wasAborted)
        }
    }

    @Test func aBodyThatStopsToComeIs408() async throws {
        var limits = MediaLimits.patient
        limits.bodyStallTime = .milliseconds(80)
        let gone = Signal()
        let sendGone = gone.send
        try await TestServer.relaying(limits: limits, { _ in TestRelay(gone: sendGone) }) {
            server in
            let client = try await server.connect()
            try await client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")
            #expect(try await client.answer().status == 408)
            await gone.wait()
            #expect(await client.untilClosed().isEmpty)
        }
    }
}

import EdgeServer
import NIOCore
import Synchronization
import Testing

/// The slower side sets the pace, in both directions.
@Suite(.timeLimit(.minutes(2)))
struct PassThroughBackpressureTests {
    private struct Counts {
        var written = 0
        var received = 0
        var mostBetween = 0
        var wasHeld = 0
    }

    /// What the kernel keeps of a loopback connection, with room to spare; far below an upload.
    private static let kernelSizeBytes = 24 * 1024 * 1024

    @Test func anUploadGoesAtTheOriginsPace() async throws {
        let counts = Mutex(Counts())
        let upstream = FakeUpstream { call in
            call.received = { bytes in
                counts.withLock {
                    $0.received += bytes.readableBytes
                    $0.mostBetween = max($0.mostBetween, $0.written - $0.received)
                    $0.wasHeld += 1
                }
                // 100 MB in a second; nothing may come until it is said.
                let pause = TimeAmount.nanoseconds(Int64(bytes.readableBytes) * 10)
                call.canSendMore = false
                call.received = { _ in Issue.record("sent to an origin that takes nothing") }
                let taking = NIOLoopBound(call, eventLoop: call.eventLoop)
                _ = call.eventLoop.scheduleTask(in: pause) {
                    taking.value.take?()
                }
            }
            let take = call.received
            call.take = { [unowned call] in
                call.received = take
                call.connect()
            }
            call.ended = { call.answer("\(counts.withLock { $0.received })\n") }
            call.connect()
        }
        let piece = ByteBuffer(repeating: 7, count: 1_000_000)
        try await PassThroughServer.with(upstream) { address in
            let client = try await TextClient.connect(to: address)
            try await client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n")
            for _ in 0..<100 {
                try await client.channel.writeAndFlush(piece).get()
                counts.withLock { $0.written += 1_000_000 }
            }
            _ = try await client.text(until: "100000000\n")
        }
        #expect(counts.withLock { $0.mostBetween } < Self.kernelSizeBytes)
        #expect(counts.withLock { $0.wasHeld } > 100)
    }

    @Test func anOriginIsNotReadWhileTheClientTakesNothing() async throws {
        let sent = Mutex(0)
        let total = 64_000_000
        let (held, hold) = AsyncStream.makeStream(of: Void.self)
        let piece = ByteBuffer(repeating: UInt8(ascii: "a"), count: 64_000)
        let upstream = FakeUpstream { call in
            call.head(200, size: UInt64(total))
            let pump = { [unowned call] in
                while call.isReading {
                    guard sent.withLock({ $0 }) < total else { return call.receiver.end() }
                    sent.withLock { $0 += piece.readableBytes }
                    call.receiver.body(piece)
                }
                hold.yield()
            }
            call.readingChanged = { if $0 { pump() } }
            pump()
        }
        try await PassThroughServer.with(upstream) { address in
            let client = try await TextClient.connect(to: address)
            try await client.channel.setOption(.autoRead, value: false).get()
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            for await _ in held { break }
            #expect(sent.withLock { $0 } < Self.kernelSizeBytes)
            try await client.channel.setOption(.autoRead, value: true).get()
            let all = await client.untilClosed()
            #expect(all.utf8.count > total)
            #expect(all.utf8.count < total + 1000)
        }
    }
}

import MediaHTTP
import NIOCore
import Testing

/// Switched protocols, RFC 9110 §7.8.
@Suite(.timeLimit(.minutes(1)))
struct RelaySwitchTests {
    private static let request =
        "GET /socket HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\n"
        + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"

    /// Switches, then sends back what comes, and ends when the client does.
    private static let echo: @Sendable (MediaRequest) -> any ExchangeRelay = { request in
        TestRelay(
            started: { client in
                guard let upgrade = request.upgrade else {
                    return client.answer(ByteBuffer(string: "no"), status: 426)
                }
                client.switchProtocols(fields: [
                    ("Upgrade", upgrade), ("Sec-WebSocket-Accept", "k"),
                ])
            },
            received: { bytes, client in client.send(bytes) },
            ended: { $0.end() }
        )
    }

    @Test func bytesGoBothWaysAsTheyAre() async throws {
        try await TestServer.relaying(Self.echo) { server in
            let client = try await server.connect()
            // The first frame may come right behind the request.
            try await client.send(Self.request + "GET / HTTP/1.1\r\n\r\n")
            let head = try await client.text(until: "\r\n\r\n")
            #expect(head.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
            #expect(head.contains("Upgrade: websocket\r\n"))
            #expect(head.contains("Connection: Upgrade\r\n"))
            #expect(head.contains("Sec-WebSocket-Accept: k\r\n"))
            #expect(try await client.text(until: "\r\n\r\n") == "GET / HTTP/1.1\r\n\r\n")
            let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await client.channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
            #expect(try await client.bytes(bytes.count) == bytes)
            try await client.channel.close(mode: .output)
            #expect(await client.untilClosed().isEmpty)
            await server.observer.wait { $0.records.count == 1 && $0.openConnections == 0 }
            let record = server.observer.seen.records[0]
            #expect(record.status == 101)
            #expect(record.bytesSent > 300_000)
            #expect(!record.wasAborted)
        }
    }

    @Test func theRelaysSideMayCloseFirst() async throws {
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { _ in
            TestRelay(
                started: { client in
                    client.switchProtocols(fields: [("Upgrade", "websocket")])
                    client.send(ByteBuffer(string: "bye"))
                    client.end()
                }
            )
        }
        try await TestServer.relaying(relay) { server in
            let client = try await server.connect()
            try await client.send(Self.request)
            let all = String(decoding: await client.untilClosed(), as: UTF8.self)
            #expect(all.hasSuffix("\r\n\r\nbye"))
            await server.observer.wait { $0.records.count == 1 && $0.openConnections == 0 }
            #expect(!server.observer.seen.records[0].wasAborted)
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\n\r\n",
    ])
    func onlyARequestThatAsksIsSwitched(text: String) async throws {
        try await TestServer.relaying(Self.echo) { server in
            let client = try await server.connect()
            try await client.send(text)
            #expect(try await client.answer().status == 426)
        }
        let eager: @Sendable (MediaRequest) -> any ExchangeRelay = { _ in
            TestRelay(started: { $0.switchProtocols(fields: []) })
        }
        try await TestServer.relaying(eager) { server in
            let client = try await server.connect()
            try await client.send(text)
            #expect(await client.untilClosed().isEmpty)
        }
    }

    @Test func aSwitchedConnectionOutlivesTheIdleTimeButNotItsOwn() async throws {
        var limits = MediaLimits.patient
        limits.idleTime = .milliseconds(20)
        limits.bodyStallTime = .milliseconds(20)
        limits.switchedIdleTime = .milliseconds(400)
        let gone = Signal()
        let sendGone = gone.send
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { _ in
            TestRelay(
                started: { $0.switchProtocols(fields: [("Upgrade", "websocket")]) },
                received: { bytes, client in client.send(bytes) },
                gone: sendGone
            )
        }
        try await TestServer.relaying(limits: limits, relay) { server in
            let start = NIODeadline.now()
            let client = try await server.connect()
            try await client.send(Self.request)
            _ = try await client.text(until: "\r\n\r\n")
            #expect(await client.untilClosed().isEmpty)
            #expect(NIODeadline.now() - start >= .milliseconds(400))
            await gone.wait()
        }
    }
}

import MediaHTTP
import NIOCore
import Testing

/// Connections from a load balancer.
@Suite(.timeLimit(.minutes(1)))
struct ProxyProtocolTests {
    private func with(
        limits: MediaLimits = .patient,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        try await TestServer.with(
            limits: limits,
            proxyProtocol: true,
            answering: { request, _ in .now(.plain(request.peerAddress)) },
            body
        )
    }

    private func send(_ bytes: [UInt8], _ client: RawClient) async throws {
        try await client.channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    @Test func theClientIsTheOneThatTheHeaderNames() async throws {
        try await with { server in
            let client = try await server.connect()
            try await send(
                ProxyHeader.ipv4() + Array("GET /a HTTP/1.1\r\nHost: x\r\n\r\n".utf8),
                client
            )
            #expect(try await client.answer().text == "203.0.113.9:4660")
            #expect(try await client.get("/b").text == "203.0.113.9:4660")
            await server.observer.wait { $0.records.count == 2 }
            #expect(server.observer.seen.records[0].peerAddress == "203.0.113.9:4660")
        }
    }

    @Test func aHeaderMayArriveByteByByte() async throws {
        try await with { server in
            let client = try await server.connect()
            for byte in ProxyHeader.ipv4() { try await send([byte], client) }
            #expect(try await client.get("/").text == "203.0.113.9:4660")
        }
    }

    @Test func aBalancersOwnRequestKeepsItsAddress() async throws {
        try await with { server in
            let client = try await server.connect()
            try await send(ProxyHeader.make(command: 0x20, family: 0, []), client)
            #expect(try await client.get("/").text.hasPrefix("127.0.0.1:"))
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "PROXY TCP4 203.0.113.9 192.0.2.1 4660 80\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
    ])
    func whoeverSendsNoHeaderIsClosed(text: String) async throws {
        try await with { server in
            let client = try await server.connect(greeting: text)
            #expect(await client.untilClosed().isEmpty)
            await server.observer.wait { $0.openConnections == 0 }
            #expect(server.observer.seen.refused == 1)
            #expect(server.observer.seen.records.isEmpty)
        }
    }

    @Test func aHeaderThatNeverEndsIsCut() async throws {
        var limits = MediaLimits.patient
        limits.headTime = .milliseconds(60)
        try await with(limits: limits) { server in
            let client = try await server.connect()
            // On a busy machine, the time may be over before this is sent.
            try? await send(Array(ProxyHeader.ipv4().prefix(20)), client)
            #expect(await client.untilClosed().isEmpty)
        }
    }
}

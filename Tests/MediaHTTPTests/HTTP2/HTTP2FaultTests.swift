import MediaHTTP
import NIOCore
import Testing

/// What breaks the rules ends its stream, or its connection. RFC 9113
@Suite(.timeLimit(.minutes(2)))
struct HTTP2FaultTests {
    typealias Client = FrameClient

    private static let malformed: [[(String, String)]] = [
        [],
        [(":scheme", "http"), (":authority", "x"), (":path", "/")],
        [(":method", "GET"), (":authority", "x"), (":path", "/")],
        [(":method", "GET"), (":scheme", "http"), (":authority", "x")],
        [(":method", ""), (":scheme", "http"), (":authority", "x"), (":path", "/")],
        [(":method", "G T"), (":scheme", "http"), (":authority", "x"), (":path", "/")],
        [(":method", "GET"), (":scheme", "http"), (":authority", "x"), (":path", "")],
        [(":method", "GET"), (":scheme", "http"), (":authority", "x"), (":path", "a")],
        [(":method", "GET"), (":scheme", "http"), (":authority", "x"), (":path", "*")],
        [(":method", "GET"), (":scheme", "http"), (":authority", "x"), (":path", "/a b")],
        [(":method", "GET"), (":scheme", "http"), (":path", "/ HTTP/1.1\r\nHost: y\r\nx: ")],
        [(":method", "CONNECT"), (":authority", "x"), (":path", "/")],
        Client.target + [(":path", "/")],
        Client.target + [(":status", "200")],
        Client.target + [(":protocol", "websocket")],
        Client.target + [("a", "b"), (":path", "/")],
        Client.target + [("A", "b")],
        Client.target + [("a b", "c")],
        Client.target + [("a:", "c")],
        Client.target + [("a", "b\r\nc: d")],
        Client.target + [("a", "b\0")],
        Client.target + [("connection", "close")],
        Client.target + [("keep-alive", "1")],
        Client.target + [("proxy-connection", "close")],
        Client.target + [("transfer-encoding", "chunked")],
        Client.target + [("upgrade", "websocket")],
        Client.target + [("te", "gzip")],
        Client.target + [("host", "y")],
        Client.target + [("content-length", "1")],
        Client.target + [("content-length", "0"), ("content-length", "0")],
        Client.target + [("content-length", "+0")],
    ]

    @Test func malformedRequestsEndTheirStreamAlone() async throws {
        try await TestServer.with { server in
            let client = try await Client.connect(to: server.address)
            for (index, fields) in Self.malformed.enumerated() {
                let id = UInt32(index * 4 + 1)
                let flags = Client.endHeaders | Client.endStream
                try await client.send(Client.headers, flags, id, Client.block(fields))
                let reset = try await client.next(Client.reset)
                #expect(reset.streamID == id, "\(fields)")
                #expect(reset.word == 1, "\(fields)")
                try await client.get(id + 2, "/fine")
                #expect(
                    try await client.next(Client.data, on: id + 2).payload == Array("/fine".utf8)
                )
            }
        }
    }

    @Test func bodiesThatDisagreeWithTheirLengthEndTheirStream() async throws {
        try await TestServer.with { request, eventLoop in
            .later(eventLoop.makePromise(of: MediaResponse.self).futureResult)
        } _: { server in
            let client = try await Client.connect(to: server.address)
            for (index, count) in [1, 3].enumerated() {
                let id = UInt32(index * 2 + 1)
                let block = Client.block(Client.target + [("content-length", "2")])
                try await client.send(Client.headers, Client.endHeaders, id, block)
                try await client.send(
                    Client.data,
                    Client.endStream,
                    id,
                    Array(repeating: 1, count: count)
                )
                let reset = try await client.next(Client.reset)
                #expect(reset.streamID == id)
                #expect(reset.word == 1)
            }
        }
    }

    private static let faults: [(name: String, bytes: [UInt8], code: UInt32)] = {
        let frame = Client.frame
        let window = Client.bytes(UInt32(0x7FFF_FFFF))
        let open = frame(Client.headers, Client.endHeaders, 1, Client.block(Client.target))
        return [
            ("data on the connection", frame(Client.data, 0, 0, [1]), 1),
            ("data on an idle stream", frame(Client.data, 0, 7, [1]), 1),
            ("a stream of the server's", Client.get(2, "/"), 1),
            ("a frame too large", frame(Client.data, 0, 1, Array(repeating: 0, count: 20_000)), 6),
            ("settings of five bytes", frame(Client.settings, 0, 0, [0, 3, 0, 0, 1]), 6),
            ("settings on a stream", frame(Client.settings, 0, 1, []), 1),
            (
                "an acknowledgement with settings",
                frame(Client.settings, 1, 0, [0, 3, 0, 0, 0, 1]), 6
            ),
            ("a window too large", frame(Client.settings, 0, 0, [0, 4, 255, 0, 0, 0]), 3),
            ("frames too small", frame(Client.settings, 0, 0, [0, 5, 0, 0, 0, 1]), 1),
            ("push of two", frame(Client.settings, 0, 0, [0, 2, 0, 0, 0, 2]), 1),
            ("a window that overflows", frame(Client.windowUpdate, 0, 0, window), 3),
            ("a window by nothing", frame(Client.windowUpdate, 0, 0, [0, 0, 0, 0]), 1),
            ("a window of three bytes", frame(Client.windowUpdate, 0, 0, [0, 0, 1]), 6),
            ("a window of an idle stream", frame(Client.windowUpdate, 0, 9, [0, 0, 0, 1]), 1),
            ("a short ping", frame(Client.ping, 0, 0, [1]), 6),
            ("a ping on a stream", frame(Client.ping, 0, 1, Array(repeating: 0, count: 8)), 1),
            ("a promise", frame(5, Client.endHeaders, 1, [0, 0, 0, 2]), 1),
            ("a continuation of nothing", frame(Client.continuation, 4, 1, []), 1),
            (
                "another frame within a block",
                frame(Client.headers, 1, 1, [])
                    + frame(Client.ping, 0, 0, Array(repeating: 0, count: 8)),
                1
            ),
            ("a reset of an idle stream", frame(Client.reset, 0, 1, [0, 0, 0, 8]), 1),
            ("a reset of three bytes", open + frame(Client.reset, 0, 1, [0, 0, 8]), 6),
            ("padding beyond the frame", open + frame(Client.data, 8, 1, [9, 1]), 1),
            ("a block that is none", frame(Client.headers, 5, 1, [0x80]), 9),
            ("a block with an index of nothing", frame(Client.headers, 5, 1, [0xFF, 0x7F]), 9),
            ("a block cut short", frame(Client.headers, 5, 1, [0, 5, 1]), 9),
            (
                "fields beyond all measure",
                frame(
                    Client.headers,
                    1,
                    1,
                    Client.block([("a", String(repeating: "b", count: 9000))])
                )
                    + frame(Client.continuation, 0, 1, Array(repeating: 0, count: 9000)), 11
            ),
        ]
    }()

    @Test func whatBreaksTheConnectionEndsIt() async throws {
        try await TestServer.with { server in
            for fault in Self.faults {
                let client = try await Client.connect(to: server.address)
                try await client.client.send(fault.bytes)
                let end = try await client.next(Client.goAway)
                #expect(end.errorCode == fault.code, "\(fault.name)")
                _ = await client.client.untilClosed()
            }
        }
    }

    @Test func theFirstFrameSaysSettings() async throws {
        try await TestServer.with { server in
            let raw = try await RawClient.connect(to: server.address)
            try await raw.send(Client.preface + Client.get(1, "/"))
            let bytes = await raw.untilClosed()
            #expect(bytes.suffix(4).elementsEqual([0, 0, 0, 1]))
        }
    }

    private static let floods: [(name: String, bytes: [UInt8])] = [
        (
            "resets",
            (0..<300).flatMap { index in
                let id = UInt32(index * 2 + 1)
                return Client.get(id, "/") + Client.frame(Client.reset, 0, id, [0, 0, 0, 8])
            }
        ),
        (
            "pings",
            (0..<1200).flatMap { _ in
                Client.frame(Client.ping, 0, 0, Array(repeating: 0, count: 8))
            }
        ),
        ("settings", (0..<1200).flatMap { _ in Client.frame(Client.settings, 0, 0, []) }),
        ("unknown frames", (0..<1200).flatMap { _ in Client.frame(99, 0, 0, []) }),
        (
            "empty data",
            Client.frame(Client.headers, Client.endHeaders, 1, Client.block(Client.target))
                + (0..<1200).flatMap { _ in Client.frame(Client.data, 0, 1, []) }
        ),
        (
            "continuations",
            Client.frame(Client.headers, 0, 1, [])
                + (0..<1200).flatMap { _ in Client.frame(Client.continuation, 0, 1, []) }
        ),
        (
            "malformed requests",
            (0..<500).flatMap { index in
                Client.frame(Client.headers, 5, UInt32(index * 2 + 1), Client.block([("a", "b")]))
            }
        ),
    ]

    @Test func floodsEndTheConnection() async throws {
        try await TestServer.with { request, eventLoop in
            .later(eventLoop.makePromise(of: MediaResponse.self).futureResult)
        } _: { server in
            for flood in Self.floods {
                let client = try await Client.connect(to: server.address)
                // It may be closed before all of it is sent.
                try? await client.client.send(flood.bytes)
                let end = try await client.next(Client.goAway)
                #expect(end.errorCode == 11, "\(flood.name)")
            }
        }
    }

    @Test func moreStreamsThanAllowedAreRefused() async throws {
        var limits = MediaLimits.patient
        limits.streamCount = 3
        try await TestServer.with(limits: limits) { _, eventLoop in
            .later(eventLoop.makePromise(of: MediaResponse.self).futureResult)
        } _: { server in
            let client = try await Client.connect(to: server.address)
            for id: UInt32 in [1, 3, 5, 7] { try await client.get(id, "/") }
            let reset = try await client.next(Client.reset)
            #expect(reset.streamID == 7)
            #expect(reset.word == 7)
        }
    }
}

import EdgeServer
import NIOCore
import Synchronization
import Testing

/// Requests through the lane to an origin, and answers back.
@Suite(.timeLimit(.minutes(1)))
struct PassThroughTests {
    private static let get = "GET /api/v1/a?b=c HTTP/1.1\r\nHost: edge.example\r\n\r\n"
    private static let post =
        "POST /api HTTP/1.1\r\nHost: edge.example\r\nContent-Length: 5\r\n\r\n"

    @Test func aRequestReachesTheOriginAndItsAnswerTheClient() async throws {
        let upstream = FakeUpstream { call in
            call.head(
                302,
                [
                    ("location", "/login?next=%2F"), ("set-cookie", "a=1"), ("set-cookie", "b=2"),
                    ("content-length", "2"),
                ],
                size: 2
            )
            call.body("ok")
            call.receiver.end()
        }
        try await PassThroughServer.with(upstream) { address in
            let client = try await TextClient.connect(to: address)
            for _ in 0..<2 {
                try await client.send(Self.get)
                let answer = try await client.text(until: "\r\n\r\nok")
                #expect(answer.hasPrefix("HTTP/1.1 302 Found\r\n"))
                #expect(answer.contains("\r\nlocation: /login?next=%2F\r\n"))
                #expect(answer.contains("\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n"))
                #expect(answer.contains("\r\nContent-Length: 2\r\n"))
                #expect(!answer.contains("Access-Control"))
            }
        }
        let request = upstream.seen.requests[0]
        #expect(request.method == "GET")
        #expect(request.target == "/api/v1/a?b=c")
        #expect(request.host == "edge.example")
        #expect(request.bodySize == .none)
        #expect(request.fields.contains { $0 == ("X-Forwarded-For", "127.0.0.1") })
        #expect(request.fields.contains { $0 == ("X-Forwarded-Host", "edge.example") })
        #expect(upstream.seen.cancelled == 0)
    }

    @Test func theBodyWaitsForTheOriginAndGoesThrough() async throws {
        let upstream = FakeUpstream { call in
            var text = ""
            call.received = { text += String(buffer: $0) }
            call.ended = { call.answer(text) }
            call.connect()
        }
        try await PassThroughServer.with(upstream) { address in
            let client = try await TextClient.connect(to: address)
            try await client.send(Self.post + "hello")
            _ = try await client.text(until: "\r\n\r\nhello")
            try await client.send(
                "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                    + "Expect: 100-continue\r\n\r\n"
            )
            _ = try await client.text(until: "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("3\r\nyou\r\n0\r\n\r\n")
            _ = try await client.text(until: "\r\n\r\nyou")
        }
        #expect(upstream.seen.requests.map(\.bodySize) == [.sized(5), .unknown])
    }

    @Test(arguments: [
        (UpstreamError.noOrigin, 503), (.tooManyCalls, 503), (.cannotConnect, 502),
        (.timedOut, 504), (.closed, 502), (.malformed, 502),
    ])
    func aFailureBeforeTheHeadHasAStatus(error: UpstreamError, status: Int) async throws {
        let upstream = FakeUpstream { $0.receiver.failed(error) }
        try await PassThroughServer.with(upstream) { address in
            let client = try await TextClient.connect(to: address)
            for _ in 0..<2 {
                try await client.send(Self.get)
                let answer = try await client.text(until: "}}\n")
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
                #expect(answer.contains(#"{"error":{"code":""#))
                #expect(answer.contains("Retry-After") == (status == 503))
            }
        }
    }

    @Test func anotherOriginIsAskedWhereThatIsSafe() async throws {
        let upstream = FakeUpstream { call in
            call.number < 3 ? call.receiver.failed(.closed) : call.answer("third")
        }
        try await PassThroughServer.with(upstream) { address in
            let client = try await TextClient.connect(to: address)
            try await client.send(Self.get)
            _ = try await client.text(until: "third")
        }
        let origins = (0..<2).map { OriginID(index: $0) }
        #expect(upstream.seen.excluded == [[], [origins[0]], Set(origins)])
    }

    @Test func aPostIsNotSentTwiceUnlessItNeverLeft() async throws {
        let closing = FakeUpstream { $0.receiver.failed(.closed) }
        let unreachable = FakeUpstream { call in
            guard call.number > 1 else { return call.receiver.failed(.cannotConnect) }
            call.ended = { call.answer("second") }
            call.connect()
        }
        try await PassThroughServer.with(closing) { address in
            let client = try await TextClient.connect(to: address)
            try await client.send(Self.post + "hello")
            _ = try await client.text(until: "origin_closed")
        }
        #expect(closing.seen.requests.count == 1)
        try await PassThroughServer.with(unreachable) { address in
            let client = try await TextClient.connect(to: address)
            try await client.send(Self.post + "hello")
            _ = try await client.text(until: "second")
        }
        #expect(unreachable.seen.requests.count == 2)
    }

    @Test func aBodyThatHasBeenSentIsNotSentAgain() async throws {
        let upstream = FakeUpstream { call in
            call.received = { _ in call.receiver.failed(.closed) }
            call.connect()
        }
        try await PassThroughServer.with(upstream) { address in
            let client = try await TextClient.connect(to: address)
            try await client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
            let answer = try await client.text(until: "}}\n")
            #expect(answer.hasPrefix("HTTP/1.1 502 "))
        }
        #expect(upstream.seen.requests.count == 1)
    }

    @Test func aFailureAfterTheHeadCutsTheClient() async throws {
        let upstream = FakeUpstream { call in
            call.head(200)
            call.body("part")
            call.receiver.failed(.closed)
        }
        try await PassThroughServer.with(upstream) { address in
            let client = try await TextClient.connect(to: address)
            try await client.send(Self.get)
            #expect(!(await client.untilClosed()).contains("0\r\n\r\n"))
        }
        #expect(upstream.seen.requests.count == 1)
    }

    @Test func aHeadRequestAndInterimAnswersPass() async throws {
        let upstream = FakeUpstream { call in
            let hint = UpstreamHead(
                status: 103,
                fields: [("link", "</a>")],
                contentLengthBytes: nil,
                origin: OriginID(index: 0)
            )
            call.receiver.interim(hint)
            call.head(200, size: 99)
            call.receiver.end()
        }
        try await PassThroughServer.with(upstream) { address in
            let client = try await TextClient.connect(to: address)
            for _ in 0..<2 {
                try await client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
                let interim = try await client.text(until: "\r\n\r\n")
                #expect(interim == "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n")
                let head = try await client.text(until: "\r\n\r\n")
                #expect(head.contains("Content-Length: 99\r\n"))
            }
        }
        #expect(upstream.seen.requests.map(\.method) == ["HEAD", "HEAD"])
    }

    @Test func aWebSocketIsSwitchedAndEchoes() async throws {
        let upstream = FakeUpstream { call in
            call.received = { call.receiver.body($0) }
            call.ended = { call.receiver.end() }
            call.canSendMore = true
            call.head(101, [("sec-websocket-accept", "k")])
        }
        try await PassThroughServer.with(upstream) { address in
            let client = try await TextClient.connect(to: address)
            try await client.send(
                "GET /socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
                    + "Upgrade: WebSocket\r\nSec-WebSocket-Key: q\r\n\r\n"
            )
            let head = try await client.text(until: "\r\n\r\n")
            #expect(head.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
            #expect(head.contains("\r\nUpgrade: websocket\r\n"))
            #expect(head.contains("\r\nsec-websocket-accept: k\r\n"))
            for text in ["one", "two"] {
                try await client.send(text)
                #expect(try await client.text(until: text) == text)
            }
            try await client.channel.close(mode: .output)
            #expect(await client.untilClosed() == "")
        }
        #expect(upstream.seen.requests[0].fields.contains { $0 == ("Upgrade", "websocket") })
        #expect(upstream.seen.requests[0].fields.contains { $0 == ("Sec-WebSocket-Key", "q") })
    }

    @Test func otherUpgradesAreNotAskedFor() async throws {
        let upstream = FakeUpstream { call in
            call.number == 1 ? call.answer("plain") : call.head(101)
        }
        try await PassThroughServer.with(upstream) { address in
            let client = try await TextClient.connect(to: address)
            let request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n"
            try await client.send(request)
            _ = try await client.text(until: "\r\n\r\nplain")
            try await client.send(request)
            #expect(try await client.text(until: "}}\n").hasPrefix("HTTP/1.1 502 "))
        }
        #expect(!upstream.seen.requests[0].fields.contains { $0.0.lowercased() == "upgrade" })
    }

    @Test func aClientThatLeavesInMidUploadCancelsTheCall() async throws {
        let (arrived, arrive) = AsyncStream.makeStream(of: Void.self)
        let (over, finish) = AsyncStream.makeStream(of: Void.self)
        let upstream = FakeUpstream { call in
            call.received = { _ in arrive.yield() }
            call.connect()
        }
        upstream.onCancel { finish.yield() }
        try await PassThroughServer.with(upstream) { address in
            let client = try await TextClient.connect(to: address)
            try await client.send(Self.post + "he")
            for await _ in arrived { break }
            try await client.channel.close()
            for await _ in over { break }
        }
        #expect(upstream.seen.cancelled == 1)
    }
}

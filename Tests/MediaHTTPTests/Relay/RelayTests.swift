import MediaHTTP
import NIOCore
import Synchronization
import Testing

/// Exchanges that a relay answers, over real sockets.
@Suite(.timeLimit(.minutes(1)))
struct RelayTests {
    @Test func aBodyOfKnownSizeComesBackAndTheConnectionIsKept() async throws {
        try await TestServer.relaying({ _ in TestRelay.echo() }) { server in
            let client = try await server.connect()
            for text in ["one", "another"] {
                try await client.send(
                    "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)"
                )
                let answer = try await client.answer()
                #expect(answer.status == 200)
                #expect(answer.text == text)
                #expect(answer["connection"] == nil)
            }
            await server.observer.wait { $0.records.count == 2 }
            let record = server.observer.seen.records[0]
            #expect(record.method == "POST")
            #expect(record.status == 200)
            #expect(record.kind == .other)
            #expect(record.bytesSent > 3)
            #expect(!record.wasAborted)
        }
    }

    @Test func aChunkedBodyMayBeFollowedByTheNextRequest() async throws {
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { request in
            TestRelay.echo(fields: [("X-Path", request.path)])
        }
        try await TestServer.relaying(relay) { server in
            let client = try await server.connect()
            try await client.send(
                "PUT /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5\r\nhello\r\n6\r\n world\r\n0\r\nA: b\r\n\r\n"
                    + "GET /b HTTP/1.1\r\nHost: x\r\n\r\n"
            )
            let first = try await client.answer()
            #expect(first.text == "hello world")
            #expect(first["x-path"] == "/a")
            #expect(try await client.answer()["x-path"] == "/b")
        }
    }

    @Test func aRelaySeesTheRequestAsItWasSent() async throws {
        let seen = Mutex<[String]>([])
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { request in
            seen.withLock { seen in
                seen.append("\(request.method) \(request.methodText) \(request.target)")
                seen.append("\(request.host ?? "-") \(request.bodySize)")
                request.forEachField { name, value in seen.append("\(name)=\(value)") }
            }
            return TestRelay.echo()
        }
        try await TestServer.relaying(relay) { server in
            let client = try await server.connect()
            try await client.send(
                "PATCH /a/../b?c HTTP/1.1\r\nhOst: x:1\r\nA: b \r\nA: c\r\n"
                    + "Content-Length: 0\r\n\r\n"
            )
            _ = try await client.answer()
            try await client.send("OPTIONS http://y HTTP/1.1\r\nHost: z\r\n\r\n")
            _ = try await client.answer()
        }
        #expect(
            seen.withLock { $0 } == [
                "other PATCH /a/../b?c", "x:1 sized(0)", "hOst=x:1", "A=b", "A=c",
                "Content-Length=0", "options OPTIONS *", "y none", "Host=z",
            ]
        )
    }

    @Test func onlyDateAndRequestIDAreAdded() async throws {
        let fields = [
            ("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"),
            ("Location", "/x"), ("Connection", "X-Gone"), ("Transfer-Encoding", "gzip"),
            ("Content-Length", "99"), ("X-Request-Id", "origin"), ("Bad Name", "x"),
            ("X-Split", "a\r\nInjected: b"),
        ]
        try await TestServer.relaying({ _ in TestRelay.echo(fields: fields) }) { server in
            let client = try await server.connect()
            let answer = try await client.get("/", "X-Request-Id: mine\r\n")
            let expected = [
                "date: Sun, 06 Nov 1994 08:49:37 GMT", "content-type: text/plain",
                "set-cookie: a=1", "set-cookie: b=2", "location: /x",
                "x-split: a  Injected: b", "content-length: 0", "x-request-id: mine",
            ]
            #expect(answer.headers.map { "\($0.name): \($0.value)" } == expected)
        }
        try await TestServer.relaying({ _ in TestRelay.echo(fields: [("date", "then")]) }) {
            server in
            let client = try await server.connect()
            let answer = try await client.get("/")
            #expect(answer.headers.filter { $0.name == "date" }.map(\.value) == ["then"])
        }
    }

    @Test func aBodyOfUnknownSizeIsChunkedOrEndsWithTheConnection() async throws {
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { _ in
            TestRelay(ended: { client in
                client.send(RelayHead(status: 200, fields: [], bodySize: .unknown))
                client.send(ByteBuffer(string: "hello "))
                client.send(ByteBuffer(string: "you"))
                client.end()
            })
        }
        try await TestServer.relaying(relay) { server in
            let client = try await server.connect()
            for _ in 0..<2 {
                try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                let text = try await client.text(until: "\r\n0\r\n\r\n")
                #expect(text.hasSuffix("\r\n\r\n6\r\nhello \r\n3\r\nyou\r\n0\r\n\r\n"))
                #expect(text.contains("Transfer-Encoding: chunked\r\n"))
            }
            let old = try await server.connect()
            try await old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let all = String(decoding: await old.untilClosed(), as: UTF8.self)
            #expect(all.hasSuffix("\r\n\r\nhello you"))
            #expect(all.contains("Connection: close\r\n"))
            #expect(!all.contains("Transfer-Encoding"))
        }
    }

    @Test(arguments: [("HEAD", 200), ("GET", 204), ("GET", 304)])
    func answersWithoutABodyHaveNone(method: String, status: Int) async throws {
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { request in
            TestRelay(ended: { client in
                let size = request.path == "/sized" ? RelayHead.BodySize.sized(5) : .unknown
                client.send(RelayHead(status: status, fields: [], bodySize: size))
                client.send(ByteBuffer(string: "hello"))
                client.end()
            })
        }
        try await TestServer.relaying(relay) { server in
            let client = try await server.connect()
            for path in ["/sized", "/unknown"] {
                try await client.send("\(method) \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                let answer = try await client.answer(isHead: true)
                #expect(answer.status == status)
                #expect(answer["transfer-encoding"] == nil)
                let size = method == "HEAD" && path == "/sized" ? "5" : nil
                #expect(answer["content-length"] == size)
            }
        }
    }

    @Test func anAnswerThatDoesNotFitItsSizeIsCut() async throws {
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { request in
            TestRelay(ended: { client in
                client.send(RelayHead(status: 200, fields: [], bodySize: .sized(4)))
                client.send(ByteBuffer(string: request.path == "/long" ? "hello" : "you"))
                client.end()
            })
        }
        try await TestServer.relaying(relay) { server in
            for path in ["/long", "/short"] {
                let client = try await server.connect()
                try await client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                let all = String(decoding: await client.untilClosed(), as: UTF8.self)
                #expect(!all.contains("hello"))
            }
            await server.observer.wait { $0.records.count == 2 }
            #expect(server.observer.seen.records.allSatisfy { $0.wasAborted })
        }
    }

    @Test func anAnswerWithoutAFinalHeadIsCut() async throws {
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { request in
            TestRelay(ended: { client in
                switch request.path {
                case "/interim":
                    client.send(RelayHead(status: 103, fields: [], bodySize: .none))
                case "/body": client.send(ByteBuffer(string: "hello"))
                default: client.end()
                }
            })
        }
        try await TestServer.relaying(relay) { server in
            for path in ["/interim", "/body", "/end"] {
                let client = try await server.connect()
                try await client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(await client.untilClosed().isEmpty)
            }
        }
    }

    @Test func interimAnswersPassButForThoseThatAreOurs() async throws {
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { _ in
            TestRelay(ended: { client in
                client.sendInterim(status: 100, fields: [])
                client.sendInterim(status: 103, fields: [("Link", "</a>")])
                client.answer(ByteBuffer(string: "x"))
            })
        }
        try await TestServer.relaying(relay) { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let interim = try await client.answer(isHead: true)
            #expect(interim.status == 103)
            #expect(interim.headers.map { $0.name } == ["link"])
            #expect(try await client.answer().text == "x")
            let old = try await server.connect()
            try await old.send("GET / HTTP/1.0\r\n\r\n")
            #expect(try await old.answer().status == 200)
        }
    }

    @Test func continueIsSaidWhenTheRelayReads() async throws {
        let held = HeldClient()
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { _ in
            let echo = TestRelay.echo()
            return TestRelay(
                started: { client in
                    client.isReading = false
                    echo.start(client)
                    held.hold(client)
                },
                received: { bytes, _ in echo.received(bytes) },
                ended: { _ in echo.receivedEnd() }
            )
        }
        try await TestServer.relaying(relay) { server in
            let client = try await server.connect()
            try await client.send(
                "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
            )
            try await held.run { $0.isReading = true }
            #expect(try await client.answer(isHead: true).status == 100)
            try await client.send("ok")
            #expect(try await client.answer().text == "ok")
            #expect(try await client.get("/again").status == 200)
        }
    }

    @Test func anAnswerBeforeTheBodyEndsTheConnection() async throws {
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { _ in
            TestRelay(started: { $0.answer(ByteBuffer(string: "no"), status: 401) })
        }
        try await TestServer.relaying(relay) { server in
            for expect in ["", "Expect: 100-continue\r\n"] {
                let client = try await server.connect()
                try await client.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\(expect)\r\n"
                )
                let answer = try await client.answer()
                #expect(answer.status == 401)
                #expect(answer["connection"] == "close")
                #expect(await client.untilClosed().isEmpty)
            }
        }
    }

    @Test(arguments: ["CONNECT x:1", "connect x:1", "TRACE /", "CONNECT /"])
    func tunnelsAndTracesAreNotRelayed(start: String) async throws {
        try await TestServer.relaying({ _ in TestRelay.echo() }) { server in
            let client = try await server.connect()
            try await client.send("\(start) HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.answer().status == 405)
            #expect(await client.untilClosed().isEmpty)
        }
    }
}

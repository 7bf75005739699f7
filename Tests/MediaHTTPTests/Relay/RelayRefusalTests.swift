import MediaHTTP
import NIOCore
import Synchronization
import Testing

/// Attempts to smuggle a request past the lane in the body of a relayed one.
@Suite(.timeLimit(.minutes(1)))
struct RelayRefusalTests {
    /// Sends bytes and a second request behind them; gives statuses and the paths that were relayed.
    private func send(_ text: String) async throws -> (statuses: [Int], paths: [String]) {
        let paths = Mutex<[String]>([])
        var statuses: [Int] = []
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { request in
            paths.withLock { $0.append(request.path) }
            return TestRelay.echo()
        }
        try await TestServer.relaying(relay) { server in
            let client = try await server.connect()
            try await client.send(text + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
            let all = String(decoding: await client.untilClosed(), as: UTF8.self)
            #expect(all.contains("Connection: close\r\n"))
            statuses = all.split(separator: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
        }
        return (statuses, paths.withLock { $0 })
    }

    @Test(arguments: [
        ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400),
        ("Content-Length: 0\r\nContent-Length: 44\r\n\r\n", 400),
        ("Content-Length: 0, 44\r\n\r\n", 400),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
        ("Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 501),
        ("Transfer-Encoding: gzip\r\n\r\n", 501),
        ("X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("Transfer-Encoding: chunked\n\r\n0\r\n\r\n", 400),
        ("Transfer-Encoding:\u{B}chunked\r\n\r\n0\r\n\r\n", 400),
    ])
    func aHeadWithTwoReadingsReachesNobody(fields: String, status: Int) async throws {
        let found = try await send("POST /a HTTP/1.1\r\nHost: x\r\n" + fields)
        #expect(found.statuses == [status])
        #expect(found.paths.isEmpty)
    }

    @Test(arguments: [
        "10000000000000000\r\n", "ffffffffffffffff\r\n", "5\nhello\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n", "5\r\nhello0\r\n\r\n", "0\r\n\n", "0\r\nA: b\r\n c\r\n\r\n",
        "0;\u{0}\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n",
    ])
    func aBodyWithTwoReadingsEndsTheExchange(body: String) async throws {
        let found = try await send(
            "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body
        )
        #expect(found.statuses == [400])
        #expect(found.paths == ["/a"])
    }

    @Test func aRefusedBodyTellsTheRelay() async throws {
        let gone = Signal()
        let sendGone = gone.send
        let relay: @Sendable (MediaRequest) -> any ExchangeRelay = { _ in
            TestRelay(gone: sendGone)
        }
        try await TestServer.relaying(relay) { server in
            let client = try await server.connect()
            try await client.send(
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz"
            )
            let answer = try await client.answer()
            #expect(answer.status == 400)
            #expect(answer.text.contains(#""code":"bad_chunk""#))
            await gone.wait()
        }
    }

    @Test func aBodyThatNobodyRelaysIsDropped() async throws {
        try await TestServer.with(takesAllMethods: true) { server in
            let client = try await server.connect()
            try await client.send(
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            #expect(try await client.answer().text == "/a")
            try await client.send("3\r\nGET\r\n0\r\n\r\n")
            #expect(try await client.get("/b", method: "DELETE").text == "/b")
            try await client.send(
                "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n"
            )
            #expect(try await client.answer().text == "/c")
            let large = String(repeating: "x", count: 0x20000)
            try? await client.send(large + "\r\n0\r\n\r\n")
            #expect(await client.untilClosed().isEmpty)
        }
    }

    @Test func aLargeBodyThatNobodyRelaysEndsTheConnection() async throws {
        try await TestServer.with(takesAllMethods: true) { server in
            let client = try await server.connect()
            try await client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.text == "/a")
            #expect(answer["connection"] == "close")
            #expect(await client.untilClosed().isEmpty)
        }
    }

    @Test func withoutAHandlerForAllMethodsARelayIs405() async throws {
        try await TestServer.with(answering: { _, _ in .relay(TestRelay.echo()) }) { server in
            let client = try await server.connect()
            #expect(try await client.get("/").status == 405)
        }
    }
}

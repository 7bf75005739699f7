import MediaHTTP
import NIOCore
import Testing

/// What is refused, and that nothing after it is read as a request.
@Suite(.timeLimit(.minutes(1)))
struct RefusalTests {
    /// Sends bytes followed by a second request, and gives all statuses until the server closes.
    private func statuses(_ text: String, limits: MediaLimits = .patient) async throws -> [Int] {
        var found: [Int] = []
        try await TestServer.with(limits: limits) { server in
            let client = try await server.connect()
            try await client.send(text + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
            let all = String(decoding: await client.untilClosed(), as: UTF8.self)
            #expect(!all.contains("/smuggled"))
            #expect(all.contains("Connection: close\r\n"))
            found = all.split(separator: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
        }
        return found
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        ("GET / HTTP/1.1\nHost: x\n\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\n\tfolded: 1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nA: \u{0}\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("\u{16}\u{3}\u{1}\u{2}\r\n\r\n", 400),
        ("GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 405),
        ("CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n", 413),
    ])
    func theConnectionEndsWithTheRefusal(text: String, status: Int) async throws {
        #expect(try await statuses(text) == [status])
    }

    @Test func theLimitsOfAHeadAreTheConfiguredOnes() async throws {
        var limits = MediaLimits.patient
        limits.headSizeBytes = 200
        limits.requestLineSizeBytes = 100
        limits.fieldCount = 3
        let long = String(repeating: "a", count: 150)
        #expect(try await statuses("GET /\(long) HTTP/1.1\r\n", limits: limits) == [414])
        let large = "GET / HTTP/1.1\r\nHost: x\r\nA: \(long)\(long)\r\n\r\n"
        #expect(try await statuses(large, limits: limits) == [431])
        let many = "GET / HTTP/1.1\r\nHost: x\r\nA:\r\nB:\r\nC:\r\n\r\n"
        #expect(try await statuses(many, limits: limits) == [431])
    }

    @Test func aSmallBodyOfAGetIsDropped() async throws {
        try await TestServer.with { server in
            let client = try await server.connect()
            let body = String(repeating: "G", count: 5000)
            try await client.send("GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n")
            #expect(try await client.answer().text == "/a")
            try await client.send(body)
            #expect(try await client.get("/b").text == "/b")
        }
    }

    @Test func aBodyThatWaitsForContinueEndsTheConnection() async throws {
        let text = "GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 44\r\n\r\n"
        #expect(try await statuses(text) == [200])
    }

    @Test func theAllowedMethodsAreNamed() async throws {
        try await TestServer.with { server in
            let client = try await server.connect()
            let answer = try await client.get("/", method: "DELETE")
            #expect(answer.status == 405)
            #expect(answer["allow"] == "GET, HEAD, OPTIONS")
            #expect(answer.text.contains(#""code":"method_not_allowed""#))
        }
    }
}

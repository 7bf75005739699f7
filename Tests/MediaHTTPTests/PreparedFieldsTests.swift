import MediaHTTP
import NIOCore
import Testing

struct PreparedFieldsTests {
    private static let response: MediaResponse = {
        var response = MediaResponse(
            status: 200,
            kind: .videoSegment,
            contentType: "video/mp4",
            cacheControl: "max-age=3600",
            entityTag: "abc",
            lastModified: 784_111_777,
            extraHeaders: [("X-Origin", "one")],
            body: .bytes(ByteBuffer(string: "0123456789"))
        )
        response.ageSeconds = 7
        return response
    }()

    private static let prepared: MediaResponse = {
        var prepared = response
        prepared.prepareFields()
        return prepared
    }()

    @Test(arguments: ["", "Range: bytes=2-4\r\n", "If-None-Match: \"abc\"\r\n"])
    func answersAreTheSameWithAndWithout(_ field: String) async throws {
        let plain = try await Self.lines(Self.response, field)
        #expect(plain.count > 10)
        #expect(try await Self.lines(Self.prepared, field) == plain)
    }

    @Test func aChangeIsTold() async throws {
        var changed = Self.prepared
        changed.extraHeaders.append(("Surrogate-Control", "max-age=9"))
        changed.body = .bytes(ByteBuffer(string: "01234"))
        let lines = try await Self.lines(changed, "")
        #expect(lines.contains("Surrogate-Control: max-age=9"))
        #expect(lines.contains("Content-Length: 5"))
        #expect(!lines.contains("Content-Length: 10"))
    }

    /// Of the head, without what differs between any two answers.
    private static func lines(_ response: MediaResponse, _ field: String) async throws -> [String] {
        var head = ""
        try await TestServer.with(answering: { _, _ in .now(response) }) { server in
            let client = try await server.connect()
            try await client.send(
                "GET /a HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\r\n\(field)Connection: close\r\n\r\n"
            )
            head = String(decoding: await client.untilClosed(), as: UTF8.self)
        }
        return head.split(separator: "\r\n").map(String.init).filter { !$0.hasPrefix("Date: ") }
    }
}

import Foundation
import MediaHTTP
import NIOCore
import Testing

/// Heads, ranges, conditions and encodings over real sockets.
@Suite(.timeLimit(.minutes(1)))
struct AnswerTests {
    private static let text = String(repeating: "#EXTINF:4.0,\nsegment.m4s\n", count: 100)

    private static func withBodies(
        _ body: (RawClient, [UInt8]) async throws -> Void
    ) async throws {
        let file = try TemporaryFile(sizeBytes: 10_000)
        let header = Array("header".utf8)
        let stored = try file.body(header: header)
        let expected = header + file.bytes
        let playlist = CompressibleText(text)
        let respond: ClosureHandler.Respond = { request, _ in
            switch request.path {
            case "/stored": .now(.body(.stored(stored.storedBody)))
            case "/bytes": .now(.body(.bytes(ByteBuffer(bytes: expected))))
            case "/text": .now(.body(.text(playlist)))
            case "/made":
                .now(.body(.stored(stored.storedBody.transformed(by: Inverting(expected.count)))))
            case "/injected":
                .now(
                    .error(
                        status: 404,
                        code: "a",
                        message: "b\r\n\"",
                        extraHeaders: [("X-A", "b\r\nX-B: c")]
                    )
                )
            default: .now(.body(.empty))
            }
        }
        try await TestServer.with(answering: respond) { server in
            try await body(try await server.connect(), expected)
        }
    }

    @Test(arguments: ["/stored", "/bytes", "/made", "/text"])
    func headEqualsGetsHeaders(path: String) async throws {
        try await Self.withBodies { client, _ in
            let fields = "X-Request-Id: same\r\nAccept-Encoding: gzip\r\n"
            let get = try await client.get(path, fields)
            let head = try await client.get(path, fields, method: "HEAD")
            #expect(head.body.isEmpty)
            #expect(get.body.count == Int(get["content-length"] ?? ""))
            #expect(get.headers.map { "\($0)" } == head.headers.map { "\($0)" })
            // HEAD has no ranges. RFC 9110 §14.2
            let part = try await client.get(path, fields + "Range: bytes=0-1\r\n", method: "HEAD")
            #expect(part.status == 200)
        }
    }

    @Test(arguments: ["/stored", "/bytes", "/made"])
    func everyBodyHasRanges(path: String) async throws {
        try await Self.withBodies { client, bytes in
            let whole = path == "/made" ? bytes.map { ~$0 } : bytes
            let ranges: [(String, Range<Int>)] = [
                ("0-0", 0..<1), ("3-8", 3..<9), ("5-", 5..<10_006), ("6-9", 6..<10),
                ("-7", 9_999..<10_006), ("10005-99999", 10_005..<10_006), ("0-", 0..<10_006),
                ("-99999", 0..<10_006), ("7-8000", 7..<8001),
            ]
            for (field, range) in ranges {
                let answer = try await client.get(path, "Range: bytes=\(field)\r\n")
                #expect(answer.status == 206)
                #expect(answer.body == Array(whole[range]))
                #expect(
                    answer["content-range"]
                        == "bytes \(range.lowerBound)-\(range.upperBound - 1)/10006"
                )
                #expect(answer["etag"] == "\"abc\"")
            }
            for field in ["0-1,5-6", "9-8", "x"] {
                let answer = try await client.get(path, "Range: bytes=\(field)\r\n")
                #expect(answer.status == 200)
                #expect(answer.body == whole)
                #expect(answer["accept-ranges"] == "bytes")
            }
            let beyond = try await client.get(path, "Range: bytes=10006-\r\n")
            #expect(beyond.status == 416)
            #expect(beyond["content-range"] == "bytes */10006")
            #expect(beyond["content-length"] == "0")
        }
    }

    @Test(arguments: [
        ("If-Range: \"abc\"", 206), ("If-Range: \"abd\"", 200), ("If-Range: W/\"abc\"", 200),
        ("If-Range: Sun, 06 Nov 1994 08:49:37 GMT", 206),
        ("If-Range: Sun, 06 Nov 1994 08:49:38 GMT", 200),
        ("If-None-Match: \"abc\"", 304), ("If-None-Match: \"abd\"", 206),
        ("If-None-Match: \"abd\"\r\nIf-None-Match: W/\"abc\"", 304),
        ("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 304),
        ("If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT", 206),
        (
            "If-None-Match: \"abd\"\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT",
            206
        ),
    ])
    func conditionsComeBeforeTheRange(fields: String, status: Int) async throws {
        try await Self.withBodies { client, bytes in
            let answer = try await client.get("/stored", "Range: bytes=0-9\r\n\(fields)\r\n")
            #expect(answer.status == status)
            #expect(answer.body.count == [200: bytes.count, 206: 10, 304: 0][status])
        }
    }

    @Test func notModifiedCarriesWhatACacheNeeds() async throws {
        try await Self.withBodies { client, _ in
            let answer = try await client.get("/stored", "If-None-Match: *\r\n")
            #expect(answer.status == 304)
            #expect(answer["etag"] == "\"abc\"")
            #expect(answer["cache-control"] == "max-age=60")
            #expect(answer["last-modified"] == "Sun, 06 Nov 1994 08:49:37 GMT")
            #expect(answer["date"] != nil)
            #expect(answer["content-type"] == nil)
            #expect(answer["content-length"] == nil)
            #expect(try await client.get("/bytes").status == 200)
        }
    }

    @Test func aTextIsCompressedForThoseWhoTakeIt() async throws {
        try await Self.withBodies { client, _ in
            let plain = try await client.get("/text")
            #expect(plain.text == Self.text)
            #expect(plain["etag"] == "\"abc\"")
            #expect(plain["vary"] == "Accept-Encoding")
            #expect(plain["content-encoding"] == nil)
            let packed = try await client.get("/text", "Accept-Encoding: br, gzip\r\n")
            #expect(packed["content-encoding"] == "gzip")
            #expect(packed["etag"] == "\"abc-gzip\"")
            #expect(packed["vary"] == "Accept-Encoding")
            #expect(packed.body.count < Self.text.utf8.count / 4)
            #expect(try await Gunzip.run(packed.body) == Array(Self.text.utf8))
            let refused = try await client.get("/text", "Accept-Encoding: gzip;q=0\r\n")
            #expect(refused["content-encoding"] == nil)
            let same = try await client.get(
                "/text",
                "Accept-Encoding: gzip\r\nIf-None-Match: \"abc-gzip\"\r\n"
            )
            #expect(same.status == 304)
            #expect(same["etag"] == "\"abc-gzip\"")
            #expect(same["vary"] == "Accept-Encoding")
            let other = try await client.get("/text", "If-None-Match: \"abc-gzip\"\r\n")
            #expect(other.status == 200)
        }
    }

    @Test func aLargeTextIsCompressedOnAThread() async throws {
        let text = String(repeating: Self.text, count: 40)
        let playlist = CompressibleText(text)
        try await TestServer.with(answering: { _, _ in .now(.body(.text(playlist))) }) { server in
            let client = try await server.connect()
            for _ in 0..<2 {
                let answer = try await client.get("/", "Accept-Encoding: gzip\r\n")
                #expect(answer["content-encoding"] == "gzip")
                #expect(try await Gunzip.run(answer.body) == Array(text.utf8))
            }
        }
    }

    @Test func playersOnOtherPagesMayUseEveryAnswer() async throws {
        try await Self.withBodies { client, _ in
            for path in ["/stored", "/injected", "/empty"] {
                let answer = try await client.get(path, "Origin: https://a\r\n")
                #expect(answer["access-control-allow-origin"] == "*")
                #expect(answer["timing-allow-origin"] == "*")
                #expect(answer["cross-origin-resource-policy"] == "cross-origin")
                for name in ["Content-Length", "Content-Range", "Date", "ETag", "X-Request-Id"] {
                    #expect(answer["access-control-expose-headers"]?.contains(name) == true)
                }
            }
            let preflight = try await client.get(
                "/stored",
                "Origin: https://a\r\nAccess-Control-Request-Method: GET\r\n"
                    + "Access-Control-Request-Headers: range\r\n",
                method: "OPTIONS"
            )
            #expect(preflight.status == 204)
            #expect(preflight["access-control-allow-methods"] == "GET, HEAD, OPTIONS")
            #expect(preflight["access-control-allow-headers"]?.contains("Range") == true)
            #expect(preflight["access-control-max-age"] == "86400")
            #expect(preflight["content-length"] == nil)
            #expect(try await client.get("/bytes").status == 200)
        }
    }

    @Test func aHandlersTextCannotMakeFieldsOfItsOwn() async throws {
        try await Self.withBodies { client, _ in
            let answer = try await client.get("/injected")
            #expect(answer["x-a"] == "b  X-B: c")
            #expect(answer["x-b"] == nil)
            let json = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
            let error = json?["error"] as? [String: String]
            #expect(error == ["code": "a", "message": "b\r\n\""])
        }
    }
}

/// Turns every bit around; fails where it is told to.
struct Inverting: BodyTransform {
    struct Failure: Error {}

    let inputSizeBytes: Int
    var fails = false
    var outputSizeBytes: Int { inputSizeBytes }

    init(_ sizeBytes: Int, fails: Bool = false) {
        self.inputSizeBytes = sizeBytes
        self.fails = fails
    }

    func apply(_ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer) throws {
        guard !fails else { throw Failure() }
        for index in 0..<input.count { unsafe output[index] = ~input[index] }
    }
}

extension MediaBody {
    /// What the tests' files give.
    var storedBody: StoredBody {
        guard case .stored(let body) = self else {
            return StoredBody(header: [], ranges: [], sizeBytes: 0)
        }
        return body
    }
}

extension StoredBody {
    func transformed(by transform: Inverting) -> StoredBody {
        StoredBody(
            header: header,
            ranges: ranges,
            transform: transform,
            sizeBytes: UInt64(transform.outputSizeBytes)
        )
    }
}

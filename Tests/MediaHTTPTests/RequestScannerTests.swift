import MediaHTTP
import Testing

/// Request heads, RFC 9112 §2-§3 and §5-§6.
struct RequestScannerTests {
    private let scanner = RequestScanner(limits: MediaLimits())

    private func scan(_ text: String) -> RequestScanner.Outcome {
        scanner.scan(Array(text.utf8).span)
    }

    private func head(_ text: String) throws -> RequestHead {
        guard case .complete(let head) = scan(text) else {
            throw UnexpectedOutcome(outcome: scan(text))
        }
        return head
    }

    private struct UnexpectedOutcome: Error { let outcome: RequestScanner.Outcome }

    private func slice(_ text: String, _ span: FieldSpan) -> String {
        String(decoding: Array(text.utf8)[span.bytes], as: UTF8.self)
    }

    @Test func originFormIsSplitAtTheQuery() throws {
        let text = "GET /videos/a/hls/master.m3u8?start=1&end=2 HTTP/1.1\r\nHost: x\r\n\r\n"
        let head = try head(text)
        #expect(head.method == .get)
        #expect(head.version == .http11)
        #expect(slice(text, head.path) == "/videos/a/hls/master.m3u8")
        #expect(slice(text, head.query) == "start=1&end=2")
        #expect(head.sizeBytes == text.utf8.count)
        #expect(head.persists)
    }

    @Test func bytesAfterTheHeadAreLeftAlone() throws {
        let text = "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"
        #expect(try head(text + "GET /next").sizeBytes == text.utf8.count)
    }

    @Test func absoluteFormGivesItsPath() throws {
        let text = "GET http://example.org:80/a/b?c HTTP/1.1\r\nHost: x\r\n\r\n"
        let found = try head(text)
        #expect(slice(text, found.path) == "/a/b")
        #expect(slice(text, found.query) == "c")
        let bare = "GET https://example.org HTTP/1.1\r\nHost: x\r\n\r\n"
        #expect(try head(bare).path.count == 0)
    }

    @Test func oneEmptyLineBeforeARequestIsForgiven() throws {
        #expect(try head("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n").method == .get)
        #expect(scan("\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n") == .refused(.badRequestLine))
    }

    @Test func fieldValuesAreTrimmedAndFoundWhateverTheirCase() throws {
        let text =
            "GET / HTTP/1.1\r\nHOST: x\r\nrAnGe: \t bytes=0-1 \r\nif-none-match:\"a\"\r\n"
            + "If-None-Match: \"b\"\r\n\r\n"
        let head = try head(text)
        #expect(slice(text, head.range) == "bytes=0-1")
        #expect(head.ifNoneMatch.occurrences == 2)
        #expect(head.ifRange.isPresent == false)
    }

    @Test(arguments: [
        ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close\r\n", false),
        ("HTTP/1.1", "Connection: foo, Close\r\n", false), ("HTTP/1.0", "", false),
        ("HTTP/1.0", "Connection: Keep-Alive\r\n", true), ("HTTP/1.2", "", true),
        ("HTTP/1.0", "Connection: keep-alive, close\r\n", false),
    ])
    func persistenceFollowsVersionAndConnection(
        version: String,
        field: String,
        persists: Bool
    ) throws {
        #expect(try head("GET / \(version)\r\nHost: x\r\n\(field)\r\n").persists == persists)
    }

    @Test func http10NeedsNoHost() throws {
        #expect(try head("GET / HTTP/1.0\r\n\r\n").version == .http10)
    }

    @Test func otherMethodsAreScannedToo() throws {
        #expect(try head("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").method == .options)
        #expect(try head("get / HTTP/1.1\r\nHost: x\r\n\r\n").method == .other)
        #expect(try head("CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n").method == .other)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\nHost: x\r\n\r\n", RequestFault.bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: x\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: x\r\n\n", .bareLineFeed),
        ("\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", .bareLineFeed),
        ("GET  / HTTP/1.1\r\nHost: x\r\n\r\n", .badRequestLine),
        ("GET /  HTTP/1.1\r\nHost: x\r\n\r\n", .badRequestLine),
        (" GET / HTTP/1.1\r\nHost: x\r\n\r\n", .badRequestLine),
        ("GET / HTTP/1.1 \r\nHost: x\r\n\r\n", .badRequestLine),
        ("GET /\r\nHost: x\r\n\r\n", .badRequestLine),
        ("GET /a\u{0}b HTTP/1.1\r\nHost: x\r\n\r\n", .badRequestLine),
        ("GET /a\tb HTTP/1.1\r\nHost: x\r\n\r\n", .badRequestLine),
        ("GET /ä HTTP/1.1\r\nHost: x\r\n\r\n", .badRequestLine),
        ("G(T / HTTP/1.1\r\nHost: x\r\n\r\n", .badRequestLine),
        ("GET / http/1.1\r\nHost: x\r\n\r\n", .badRequestLine),
        ("GET / HTTP/11\r\nHost: x\r\n\r\n", .badRequestLine),
        ("GET / HTTP/2.0\r\nHost: x\r\n\r\n", .unsupportedVersion),
        ("GET / HTTP/0.9\r\nHost: x\r\n\r\n", .unsupportedVersion),
        ("GET a HTTP/1.1\r\nHost: x\r\n\r\n", .badTarget),
        ("GET * HTTP/1.1\r\nHost: x\r\n\r\n", .badTarget),
        ("GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", .badTarget),
        ("GET http:/// HTTP/1.1\r\nHost: x\r\n\r\n", .badTarget),
        ("GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n", .badTarget),
        ("GET / HTTP/1.1\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", .badHost),
        ("GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", .badHost),
        ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", .badFieldName),
        ("GET / HTTP/1.1\r\nHost\r\n\r\n", .badFieldName),
        ("GET / HTTP/1.1\r\n: x\r\nHost: x\r\n\r\n", .badFieldName),
        ("GET / HTTP/1.1\r\nHost: x\r\nA\u{0}: y\r\n\r\n", .badFieldName),
        ("GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\tc\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\nHost: x\r\nA: b\u{0}c\r\n\r\n", .badFieldValue),
        ("GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", .badFieldValue),
        ("GET / HTTP/1.1\r\nHost: x\r\nA: b\u{7f}\r\n\r\n", .badFieldValue),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n", .badContentLength),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n", .badContentLength),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\n", .badContentLength),
        ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x1\r\n\r\n", .badContentLength),
        (
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
            .badContentLength
        ),
        (
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
            .badContentLength
        ),
        (
            "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
            .transferEncoding
        ),
        (
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\ntransfer-encoding: x\r\n\r\n",
            .transferEncoding
        ),
    ])
    func headsThatTwoProgramsCouldReadInTwoWaysAreRefused(text: String, fault: RequestFault) {
        #expect(scan(text) == .refused(fault))
    }

    @Test func limitsHaveTheirOwnFaults() {
        let longTarget = "GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\n"
        #expect(scan(longTarget) == .refused(.targetTooLong))
        #expect(scan(String(longTarget.prefix(8500))) == .refused(.targetTooLong))
        let largeField = "GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 17_000))"
        #expect(scan(largeField) == .refused(.headTooLarge))
        let fields = String(repeating: "A: b\r\n", count: 64)
        #expect(scan("GET / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n") == .refused(.tooManyFields))
    }

    @Test func aHeadAsLargeAsTheLimitIsTaken() throws {
        let start = "GET / HTTP/1.1\r\nHost: x\r\nA: "
        let room = MediaLimits().headSizeBytes - start.utf8.count - 4
        let text = start + String(repeating: "a", count: room) + "\r\n\r\n"
        #expect(try head(text).sizeBytes == MediaLimits().headSizeBytes)
    }
}

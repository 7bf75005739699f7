import EdgeServer
import NIOCore
import TestSupport
import Testing

struct ResponseParserTests {
    @Test func aSizedBodyEndsAtItsLength() throws {
        let parsed = Parsed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A:  b \r\n\r\nhello")
        #expect(parsed.status == 200)
        #expect(parsed.fields == ["content-length: 5", "x-a: b"])
        #expect(parsed.body == "hello")
        #expect(parsed.isWhole && parsed.keepsAlive && !parsed.hasLeftover)
    }

    @Test func chunksAreJoinedAndTrailersDropped() {
        let parsed = Parsed(
            "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "4;a=\"b\"\r\nwiki\r\nA\r\n0123456789\r\n000\r\nX: y\r\n\r\n"
        )
        #expect(parsed.body == "wiki0123456789")
        #expect(parsed.isWhole && parsed.keepsAlive && !parsed.hasLeftover)
        #expect(parsed.fields == [])
    }

    @Test func fieldsOfTheConnectionGoNoFurther() {
        let parsed = Parsed(
            "HTTP/1.1 200 OK\r\nConnection: X-Own, Content-Type, keep-alive\r\nX-Own: 1\r\n"
                + "Keep-Alive: timeout=5\r\nUpgrade: h2c\r\nContent-Type: a/b\r\n"
                + "Content-Length: 0\r\n\r\n"
        )
        #expect(parsed.fields == ["content-type: a/b", "content-length: 0"])
        #expect(parsed.keepsAlive)
    }

    @Test(arguments: [204, 304])
    func someAnswersHaveNoBody(status: Int) {
        let parsed = Parsed("HTTP/1.1 \(status) X\r\nContent-Length: 7\r\n\r\n")
        #expect(parsed.isWhole && parsed.keepsAlive && parsed.body.isEmpty)
    }

    @Test func anAnswerToHeadHasNoBodyButALength() {
        let parsed = Parsed(
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n",
            request: .init(isHead: true)
        )
        #expect(parsed.isWhole && parsed.contentLength == 7)
    }

    @Test func interimAnswersComeFirst() {
        let parsed = Parsed(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        )
        #expect(parsed.interim == [100, 103])
        #expect(parsed.status == 200 && parsed.isWhole)
    }

    @Test func aSwitchGivesAllThatFollows() {
        let parsed = Parsed(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "\r\nraw\n",
            request: .init(isUpgrade: true)
        )
        #expect(parsed.status == 101 && parsed.body == "raw\n" && !parsed.keepsAlive)
        #expect(parsed.fields == ["upgrade: websocket"])
    }

    @Test func bytesAfterTheAnswerAreLeftOver() {
        let parsed = Parsed("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc")
        #expect(parsed.isWhole && parsed.body == "a" && parsed.hasLeftover)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc", true),
        ("HTTP/1.0 200 OK\r\n\r\nabc", true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n", false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc", false),
    ])
    func theEndOfTheConnectionEndsABodyOnlyWhereItMay(answer: String, isWhole: Bool) {
        let parsed = Parsed(answer, endsConnection: true)
        #expect(parsed.body == "abc")
        #expect(parsed.isWhole == isWhole)
        #expect(parsed.fault == (isWhole ? nil : .cutShort))
        #expect(!parsed.keepsAlive || !isWhole)
    }

    @Test(arguments: [
        ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false),
        ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", true),
        ("HTTP/1.1 200 OK\r\nConnection: x, CLOSE\r\nContent-Length: 0\r\n\r\n", false),
    ])
    func connectionsAreKeptWhereTheOriginSaysSo(answer: String, keepsAlive: Bool) {
        let parsed = Parsed(answer)
        #expect(parsed.isWhole && parsed.keepsAlive == keepsAlive)
    }

    static let faults: [(String, ResponseFault)] = [
        ("HTTP/2 200 OK\r\n\r\n", .badStatusLine),
        ("HTTP/2.0 200 OK\r\n\r\n", .unsupportedVersion),
        ("HTTP/1.1  200 OK\r\n\r\n", .badStatusLine),
        ("HTTP/1.1 20 OK\r\n\r\n", .badStatusLine),
        ("HTTP/1.1 2000 OK\r\n\r\n", .badStatusLine),
        ("HTTP/1.1 600 OK\r\n\r\n", .badStatusLine),
        ("HTTP/1.1 200 O\u{1}K\r\n\r\n", .badStatusLine),
        ("\r\n\r\n", .badStatusLine),
        ("HTTP/1.1 200 OK\nA: b\n\n", .bareLineFeed),
        ("HTTP/1.1 200 OK\r\nA: b\n\r\n", .bareLineFeed),
        ("HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", .badFieldValue),
        ("HTTP/1.1 200 OK\r\nA: b\u{0}\r\n\r\n", .badFieldValue),
        ("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", .badFieldName),
        ("HTTP/1.1 200 OK\r\n: b\r\n\r\n", .badFieldName),
        ("HTTP/1.1 200 OK\r\nA\r\n\r\n", .badFieldName),
        ("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", .foldedField),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", .badContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n", .badContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", .badContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", .badContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0x1\r\n\r\n", .badContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\n", .badContentLength),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", .badTransferEncoding),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .badTransferEncoding),
        ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .badTransferEncoding),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            .badTransferEncoding
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
            .contradictoryLength
        ),
        ("HTTP/1.1 200 OK\r\n\r\n", .missingLength),
        ("HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\n", .unexpectedSwitch),
        (chunked("g\r\n"), .badChunk),
        (chunked("\r\n"), .badChunk),
        (chunked("1 \r\na\r\n"), .badChunk),
        (chunked("1\na\r\n"), .badChunk),
        (chunked("1\r\nab\r\n"), .badChunk),
        (chunked("1\r\na\n"), .badChunk),
        (chunked("1;\u{0}\r\n"), .badChunk),
        (chunked("ffffffffffffffff\r\n"), .badChunk),
        (chunked("0000000000000001\r\n"), .badChunk),
        (chunked("1;" + String(repeating: "x", count: 300)), .badChunk),
        (chunked("0\r\nA\n"), .badChunk),
        (chunked("0\r\n" + String(repeating: "a: b\r\n", count: 2000)), .trailersTooLarge),
        (String(repeating: "HTTP/1.1 100 C\r\n\r\n", count: 17), .tooManyInterimAnswers),
        (
            "HTTP/1.1 200 OK\r\n" + String(repeating: "a: b\r\n", count: 129) + "\r\n",
            .tooManyFields
        ),
        ("HTTP/1.1 200 OK\r\nA: " + String(repeating: "x", count: 40_000), .headTooLarge),
    ]

    @Test(arguments: faults.indices)
    func whatCouldBeReadInTwoWaysIsRefused(index: Int) {
        let (answer, fault) = Self.faults[index]
        let parsed = Parsed(answer)
        #expect(parsed.fault == fault, "\(answer.prefix(120))")
        #expect(!parsed.isWhole)
    }

    @Test func bodiesAreNotCopied() throws {
        var parser = ResponseParser(limits: UpstreamLimits())
        parser.begin(.init())
        let bytes = ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        parser.feed(bytes)
        _ = try parser.next()
        guard case .body(let slice)? = try parser.next() else {
            Issue.record("no body")
            return
        }
        #expect(slice.storageCapacity == bytes.storageCapacity)
    }

    static func chunked(_ body: String) -> String {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    }
}

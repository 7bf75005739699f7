import MediaHTTP
import NIOCore
import Testing

/// Heads for handlers that take all methods, RFC 9112 §3.2 and §6.
struct RelayedRequestScannerTests {
    private let scanner = RequestScanner(limits: MediaLimits(), takesAllMethods: true)

    private func scan(_ text: String) -> RequestScanner.Outcome {
        scanner.scan(Array(text.utf8).span)
    }

    private func fault(_ fields: String, version: String = "1.1") -> RequestFault? {
        switch scan("POST /a HTTP/\(version)\r\nHost: x\r\n\(fields)\r\n") {
        case .refused(let fault): fault
        default: nil
        }
    }

    @Test func chunkedAloneIsTaken() throws {
        guard
            case .complete(let head) = scan(
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: , Chunked \r\n\r\n"
            )
        else { throw CancellationError() }
        #expect(head.isChunked)
        #expect(head.method == .other)
    }

    @Test(arguments: [
        ("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", RequestFault.transferEncoding),
        ("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", .transferEncoding),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", .transferEncoding),
        ("Transfer-Encoding: chunked, chunked\r\n", .transferEncoding),
        ("Transfer-Encoding:\r\n", .transferEncoding),
        ("Transfer-Encoding: gzip, chunked\r\n", .unknownTransferCoding),
        ("Transfer-Encoding: chunked, identity\r\n", .unknownTransferCoding),
        ("Transfer-Encoding: xchunked\r\n", .unknownTransferCoding),
        ("Transfer-Encoding: \"chunked\"\r\n", .unknownTransferCoding),
        ("Transfer-Encoding: chunked;q=1\r\n", .unknownTransferCoding),
        ("Content-Length: 3\r\nContent-Length: 3\r\n", .badContentLength),
        ("Transfer-Encoding : chunked\r\n", .badFieldName),
        ("X: y\r\n Transfer-Encoding: chunked\r\n", .foldedField),
    ])
    func framingsThatContradictAreRefused(fields: String, expected: RequestFault) {
        #expect(fault(fields) == expected)
    }

    @Test func http10HasNoChunks() {
        #expect(fault("Transfer-Encoding: chunked\r\n", version: "1.0") == .transferEncoding)
    }

    @Test(arguments: [
        ("POST http://a@b/ HTTP/1.1\r\nHost: x\r\n\r\n", RequestFault.badHost),
        ("POST foo HTTP/1.1\r\nHost: x\r\n\r\n", .badTarget),
        ("POST * HTTP/1.1\r\nHost: x\r\n\r\n", .badTarget),
    ])
    func targetsOfAnyMethodAreChecked(text: String, expected: RequestFault) {
        #expect(scan(text) == .refused(expected))
    }

    @Test func theTargetsAuthorityIsTheHost() throws {
        let text = "POST http://b:1/c HTTP/1.1\r\nHost: a\r\n\r\n"
        guard case .complete(let head) = scan(text) else { throw CancellationError() }
        #expect(String(decoding: Array(text.utf8)[head.host.bytes], as: UTF8.self) == "b:1")
    }
}

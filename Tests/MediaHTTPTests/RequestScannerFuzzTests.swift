import MediaHTTP
import TestSupport
import Testing

/// Heads mutated from a seed: the outcome must not depend on how the bytes arrive.
struct RequestScannerFuzzTests {
    private static let limits: MediaLimits = {
        var limits = MediaLimits()
        limits.headSizeBytes = 320
        limits.requestLineSizeBytes = 96
        limits.fieldCount = 8
        return limits
    }()

    private static let seeds = [
        "GET /videos/a/hls/master.m3u8?x=1 HTTP/1.1\r\nHost: example.org\r\n"
            + "Range: bytes=0-99\r\nAccept-Encoding: gzip;q=0.5, br\r\n\r\nGET / HTTP/1.1\r\n",
        "\r\nHEAD http://a:1/b HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost:\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nabcde",
        "POST /u HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"a\"\r\nIf-Range: \"b\"\r\n"
            + "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-Request-Id: 7\r\n\r\n",
    ]

    private static let interesting =
        Array("\r\n\r\n \t:,\"\u{0}\u{7f}/?#*@%AGET1HTTP/.".utf8) + [0x80, 0xFF]

    @Test(arguments: 0..<8)
    func anySplitGivesTheSameOutcome(worker: Int) {
        let scanner = RequestScanner(limits: Self.limits, takesAllMethods: worker % 2 == 1)
        var random = SplitMix(state: UInt64(worker) &* 7919 &+ 1)
        for round in 0..<1500 {
            let bytes = Self.mutated(Self.seeds[round % Self.seeds.count], &random)
            let whole = scanner.scan(bytes.span)
            var split = RequestScanner.Outcome.incomplete
            for count in 0...bytes.count {
                split = scanner.scan(Array(bytes[..<count]).span)
                if split != .incomplete { break }
            }
            #expect(whole == split, "worker \(worker), round \(round): \(bytes)")
            guard case .complete(let head) = whole else { continue }
            #expect(head.sizeBytes <= min(bytes.count, Self.limits.headSizeBytes))
            #expect(bytes[..<head.sizeBytes].suffix(4).elementsEqual("\r\n\r\n".utf8))
            #expect(head.fields.bytes.upperBound + 2 == head.sizeBytes)
        }
    }

    private static func mutated(_ seed: String, _ random: inout SplitMix) -> [UInt8] {
        var bytes = Array(seed.utf8)
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[index] = interesting.randomElement(using: &random) ?? 0
            case 2: bytes.insert(interesting.randomElement(using: &random) ?? 0, at: index)
            case 3 where bytes.count > 1: bytes.remove(at: index)
            default:
                let end = min(bytes.count, index + Int.random(in: 1...90, using: &random))
                bytes.insert(contentsOf: bytes[index..<end], at: index)
            }
        }
        return bytes
    }
}

import EdgeServer
import TestSupport
import Testing

/// Answers mutated from a seed: what comes out must not depend on how the bytes arrive.
struct ResponseParserFuzzTests {
    private static let limits: UpstreamLimits = {
        var limits = UpstreamLimits()
        limits.headSizeBytes = 160
        limits.fieldCount = 6
        limits.interimCount = 2
        limits.chunkExtensionSizeBytes = 8
        limits.trailerSizeBytes = 24
        return limits
    }()

    static let seeds = [
        "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nETag: \"a\"\r\n\r\nhello world",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;a=b\r\n!\r\n"
            + "0\r\nX: y\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\nConnection: close, a\r\n\r\n",
        "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nuntil the end",
        "HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nraw",
        "HTTP/1.1 304 Not Modified\r\nETag: W/\"b\"\r\nCache-Control: max-age=1\r\n\r\nHTTP",
    ]

    private static let interesting =
        Array("\r\n\r\n \t:,;0123456789afHTTP/1.".utf8) + [0, 0x7F, 0x80, 0xFF]

    @Test(arguments: seeds)
    func everySplitGivesTheSame(seed: String) {
        let bytes = Array(seed.utf8)
        let request = ResponseParser.Request(isUpgrade: true)
        let whole = Parsed([bytes], request: request, limits: Self.limits, endsConnection: true)
        #expect(whole.fault == nil)
        for first in 0...bytes.count {
            for second in stride(from: first, through: bytes.count, by: 3) {
                let split = Parsed(
                    [
                        Array(bytes[..<first]), Array(bytes[first..<second]),
                        Array(bytes[second...]),
                    ],
                    request: request,
                    limits: Self.limits,
                    endsConnection: true
                )
                #expect(split == whole, "\(first), \(second)")
            }
        }
    }

    @Test(arguments: 0..<8)
    func mutatedAnswersGiveTheSameInPieces(worker: Int) {
        var random = SplitMix(state: UInt64(worker) &* 7919 &+ 3)
        for round in 0..<2000 {
            let bytes = Self.mutated(Self.seeds[round % Self.seeds.count], &random)
            let request = ResponseParser.Request(
                isHead: Bool.random(using: &random),
                isUpgrade: Bool.random(using: &random)
            )
            let ends = Bool.random(using: &random)
            var whole = Parsed([bytes], request: request, limits: Self.limits, endsConnection: ends)
            var split = Parsed(
                bytes.map { [$0] },
                request: request,
                limits: Self.limits,
                endsConnection: ends
            )
            // Of a body that turns out broken, more may be out when it comes whole.
            if whole.fault != nil { (whole.body, split.body) = ("", "") }
            #expect(whole == split, "worker \(worker), round \(round): \(bytes)")
            #expect(whole.body.utf8.count <= bytes.count * 3)
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
                let end = min(bytes.count, index + Int.random(in: 1...60, using: &random))
                bytes.insert(contentsOf: bytes[index..<end], at: index)
            }
        }
        return bytes
    }
}

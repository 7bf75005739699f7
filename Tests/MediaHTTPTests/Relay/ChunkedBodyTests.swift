import MediaHTTP
import NIOCore
import TestSupport
import Testing

/// Chunked bodies, RFC 9112 §7.1.
struct ChunkedBodyTests {
    enum Result: Hashable {
        case whole(String, rest: String)
        case incomplete
        case refused
    }

    /// Reads a body whose bytes arrive in pieces.
    private func read(
        _ bytes: [UInt8],
        splits: [Int] = [],
        limits: MediaLimits = MediaLimits()
    ) -> Result {
        var body = ChunkedBody(limits: limits)
        var found: [UInt8] = []
        var input = ByteBuffer()
        var start = 0
        for end in splits + [bytes.count] {
            input.writeBytes(bytes[start..<end])
            start = end
            do throws(RequestFault) {
                reading: while true {
                    switch try body.next(&input) {
                    case .bytes(let slice): found += slice.readableBytesView
                    case .needsMore: break reading
                    case .end:
                        input.writeBytes(bytes[start...])
                        return .whole(
                            String(decoding: found, as: UTF8.self),
                            rest: String(buffer: input)
                        )
                    }
                }
            } catch {
                return .refused
            }
        }
        return .incomplete
    }

    private func read(_ text: String, limits: MediaLimits = MediaLimits()) -> Result {
        read(Array(text.utf8), limits: limits)
    }

    @Test func chunksBecomeTheBodyAndWhatFollowsIsLeft() {
        let text = "5\r\nhello\r\n00006;name=\"v\"\r\n world\r\n0\r\nX-Sum: 1\r\n\r\nGET /"
        #expect(read(text) == .whole("hello world", rest: "GET /"))
    }

    @Test func sizesAreHexadecimalInAnyCase() {
        let a = String(repeating: "a", count: 0x1F)
        #expect(read("1F\r\n\(a)\r\n1f\r\n\(a)\r\n0\r\n\r\n") == .whole(a + a, rest: ""))
    }

    @Test(arguments: [
        "5\nhello\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5\r\nhello\r\n0\n\r\n",
        "5\r\nhello\r\n0\r\n\n", "5\r\nhelloX\r\n0\r\n\r\n", "\r\n0\r\n\r\n", "x\r\n",
        "-5\r\nhello\r\n", "+5\r\nhello\r\n", "0x5\r\nhello\r\n", " 5\r\nhello\r\n",
        "5 \r\nhello\r\n", "5;a\nb\r\nhello\r\n", "5;a\u{0}\r\nhello\r\n", "5\rhello",
        "ffffffffffffffff\r\n", "10000000000000005\r\nhello", "0000000000000005\r\nhello\r\n",
        "0\r\n folded: 1\r\n\r\n", "0\r\nA: 1\r\n b\r\n\r\n", "0\r\nA : 1\r\n\r\n",
        "0\r\nA: 1\n\r\n", "0\r\nno colon\r\n\r\n", "0\r\nA: \u{0}\r\n\r\n", "0\r\n: 1\r\n\r\n",
        "0\r\n\rX",
    ])
    func whatTwoProgramsCouldReadInTwoWaysIsRefused(text: String) {
        #expect(read(text) == .refused)
    }

    @Test func extensionsAndTrailersHaveTheirLimits() {
        var limits = MediaLimits()
        limits.chunkLineSizeBytes = 20
        limits.chunkExtraSizeBytes = 60
        #expect(read("1;aaaaaaaaaa\r\nx\r\n0\r\n\r\n", limits: limits) == .whole("x", rest: ""))
        let long = String(repeating: "a", count: 20)
        #expect(read("1;\(long)\r\nx\r\n0\r\n\r\n", limits: limits) == .refused)
        // Each line is short, but all together are not.
        let many = String(repeating: "1;aaaaaaaaaa\r\nx\r\n", count: 7)
        #expect(read(many + "0\r\n\r\n", limits: limits) == .refused)
        let trailers = String(repeating: "A: \(long)\r\n", count: 3)
        #expect(read("0\r\n\(trailers)\r\n", limits: limits) == .refused)
    }

    @Test func anySplitGivesTheSameOutcome() {
        var random = SplitMix(state: 11)
        let seeds = [
            "5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX: 1\r\n\r\nGET", "0\r\n\r\n",
            "1\r\na\r\n1\r\nb",
        ]
        let interesting = Array("\r\n;:0af \t\u{0}".utf8)
        for round in 0..<3000 {
            var bytes = Array(seeds[round % seeds.count].utf8)
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                bytes[index] = interesting.randomElement(using: &random) ?? 0
            }
            let whole = read(bytes)
            #expect(whole == read(bytes, splits: Array(1..<bytes.count)), "round \(round)")
            let middle = Int.random(in: 0...bytes.count, using: &random)
            #expect(whole == read(bytes, splits: [middle]), "round \(round)")
        }
    }
}

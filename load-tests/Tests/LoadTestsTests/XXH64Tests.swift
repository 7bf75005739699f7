import LoadTests
import NIOCore
import Testing

/// The xxHash fast digest algorithm, with values of its reference implementation.
struct XXH64Tests {
    private static func hash(_ buffer: ByteBuffer) -> UInt64 {
        var hash = XXH64()
        hash.update(buffer.readableBytesSpan)
        return hash.value
    }

    @Test(
        arguments: [
            ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B),
            ("abc", 0x44BC_2CF5_AD77_0999),
            ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
        ] as [(String, UInt64)]
    )
    func knownValues(text: String, expected: UInt64) {
        #expect(Self.hash(ByteBuffer(string: text)) == expected)
    }

    @Test func piecesMakeTheWhole() {
        let whole = DeterministicBytes.body("pieces", sizeBytes: 1000)
        for size in [1, 7, 31, 32, 33, 64, 999] {
            var hash = XXH64()
            var rest = whole
            while rest.readableBytes > 0 {
                guard let piece = rest.readSlice(length: min(size, rest.readableBytes)) else {
                    break
                }
                hash.update(piece.readableBytesSpan)
            }
            #expect(hash.value == Self.hash(whole), "pieces of \(size)")
        }
    }
}

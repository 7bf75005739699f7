/// Base64 with the alphabet for addresses, without padding. RFC 4648 §5
///
/// Each sequence of bytes has one text: texts with padding, with other characters or with bits set
/// that stand for no byte are refused, so that nothing can be written in two ways.
package enum Base64URL {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
    )

    /// Stands for no character of the alphabet.
    private static let invalid: UInt8 = 0xFF

    private static let values: InlineArray<256, UInt8> = {
        var values = InlineArray<256, UInt8>(repeating: invalid)
        for (value, character) in alphabet.enumerated() {
            values[Int(character)] = UInt8(value)
        }
        return values
    }()

    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                text.append(alphabet[Int(bits >> bitCount & 63)])
            }
        }
        if bitCount > 0 { text.append(alphabet[Int(bits << (6 - bitCount) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Bytes that a text of so many characters stands for.
    package static func decodedSizeBytes(ofCount count: Int) -> Int { count * 3 / 4 }

    /// Decodes into the front of `output`.
    ///
    /// - Returns: the number of bytes; nil where the text is none that `encode` writes, or stands
    ///   for more bytes than `output` has.
    package static func decode(_ text: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> Int? {
        let sizeBytes = decodedSizeBytes(ofCount: text.count)
        guard text.count % 4 != 1, sizeBytes <= output.count else { return nil }
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        var count = 0
        for index in text.indices {
            let value = values[Int(text[index])]
            guard value != invalid else { return nil }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                output[count] = UInt8(truncatingIfNeeded: bits >> bitCount)
                count += 1
            }
        }
        guard bits & (1 << bitCount - 1) == 0 else { return nil }
        return count
    }

    /// The bytes of a text that `encode` writes; nil for any other.
    package static func decode(_ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: decodedSizeBytes(ofCount: text.utf8.count))
        var output = bytes.mutableSpan
        return decode(text.utf8.span, into: &output) == nil ? nil : bytes
    }
}

/// A sample of a `tx3g` track: text behind its length, then boxes of style, which are left out.
///
/// 3GPP TS 26.245 §5.17
package enum TimedTextSample {
    /// Bytes of a sample without text, which clears the screen.
    package static let emptySizeBytes = 2

    /// The text of a sample, UTF-16 where it begins with a byte order mark and UTF-8 otherwise.
    ///
    /// - Throws: `ISOBMFFError.truncated` where the text is longer than the sample.
    package static func text(ofSample bytes: [UInt8]) throws(ISOBMFFError) -> String {
        var sample = BoxReader(type: "tx3g", bytes: bytes)
        let text = try sample.readBytes(Int(try sample.readUInt16()))
        switch text.prefix(2) {
        case [0xFE, 0xFF]: return utf16(text, firstIsHigh: true)
        case [0xFF, 0xFE]: return utf16(text, firstIsHigh: false)
        default: return String(decoding: text, as: UTF8.self)
        }
    }

    private static func utf16(_ text: [UInt8], firstIsHigh: Bool) -> String {
        let units = stride(from: 2, to: text.count - 1, by: 2).map { index in
            let (first, second) = (UInt16(text[index]), UInt16(text[index + 1]))
            return firstIsHigh ? first << 8 | second : second << 8 | first
        }
        return String(decoding: units, as: UTF16.self)
    }
}

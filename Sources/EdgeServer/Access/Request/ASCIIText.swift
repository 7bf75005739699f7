/// Comparisons of bytes in place.
enum ASCIIText {
    /// Whether bytes begin with a word, compared with case.
    static func begins(_ bytes: Span<UInt8>, _ word: String) -> Bool {
        let word = word.utf8.span
        guard bytes.count >= word.count else { return false }
        for index in word.indices where bytes[index] != word[index] { return false }
        return true
    }

    /// The first place of a byte at or after `start`, or the end.
    static func index(of byte: UInt8, in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != byte { index += 1 }
        return index
    }

    /// The value of a hexadecimal digit.
    static func hexadecimal(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// Byte classes of the HTTP grammar, for answers. RFC 9110 §5.6
///
/// The media lane has its own for requests; a hot loop stays inside one module.
enum HTTPOctets {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let colon = UInt8(ascii: ":")

    /// `tchar`: ``!#$%&'*+-.^_`|~``, digits and letters. RFC 9110 §5.6.2
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        // One bit a byte: 0x00-0x3F, then 0x40-0x7F.
        let bits: UInt64 = byte < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
        return byte < 128 && (bits >> UInt64(byte & 63)) & 1 == 1
    }

    /// Bytes that a field value may hold: visible ones, space, tab and those above ASCII.
    @inline(__always)
    static func isFieldValue(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F || byte == tab
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    static func hexadecimalValue(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    /// Whether a name is a word, letters compared without case; `word` is in lower case.
    static func isNamed(_ name: String, _ word: String) -> Bool {
        name.utf8.count == word.utf8.count
            && zip(name.utf8, word.utf8).allSatisfy { byte, expected in
                byte == expected || byte | 0x20 == expected && byte &- UInt8(ascii: "A") < 26
            }
    }

    /// A decimal number of digits only; nothing when it is empty, has a sign or overflows.
    static func decimal(_ text: String) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy(isDigit) else { return nil }
        return UInt64(text)
    }

    /// The trimmed, lower-case elements of a comma-separated list, empty ones left out.
    static func elements(_ list: String) -> [String] {
        list.split(separator: ",").compactMap { element in
            let trimmed = element.drop { $0 == " " || $0 == "\t" }
            let end = trimmed.lastIndex { $0 != " " && $0 != "\t" }
            return end.map { trimmed[...$0].lowercased() }
        }
    }
}

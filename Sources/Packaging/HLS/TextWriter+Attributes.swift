/// Attribute lists of tags: `NAME=value` with commas between, directly behind the tag's colon.
///
/// RFC 8216bis §4.2
extension TextWriter {
    /// Writes an attribute whose value is an enumerated string, a number or a resolution.
    package mutating func attribute(_ name: String, _ value: String) {
        attributeName(name)
        append(value)
    }

    package mutating func attribute(_ name: String, _ value: Int) {
        attributeName(name)
        append(value)
    }

    package mutating func attribute(_ name: String, thousandths value: Int64) {
        attributeName(name)
        append(thousandths: value)
    }

    /// Writes a quoted string; there is no escape, so what it cannot hold is replaced: a quotation
    /// mark by an apostrophe and control characters by spaces.
    package mutating func attribute(_ name: String, quoted value: String) {
        attributeName(name)
        append("\"" as Unicode.Scalar)
        defer { append("\"" as Unicode.Scalar) }
        let isPlain = value.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 }
        if isPlain { return append(value) }
        for scalar in value.unicodeScalars {
            switch scalar.value {
            case 0x22: append("'")
            case 0...0x1F, 0x7F...0x9F: append(" ")
            default: append(String(scalar))
            }
        }
    }

    private mutating func attributeName(_ name: String) {
        if bytes.last != UInt8(ascii: ":") { append("," as Unicode.Scalar) }
        append(name)
        append("=" as Unicode.Scalar)
    }
}

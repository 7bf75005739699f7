/// XML attributes and text. XML 1.0 §2.2, §2.4, §3.1
extension TextWriter {
    /// Writes ` name="value"`, escaped.
    package mutating func xml(_ name: String, _ value: String) {
        xmlName(name)
        append(xmlText: value)
        append("\"" as Unicode.Scalar)
    }

    package mutating func xml(_ name: String, _ value: Int64) {
        xmlName(name)
        append(value)
        append("\"" as Unicode.Scalar)
    }

    package mutating func xml(_ name: String, _ value: Int) {
        xml(name, Int64(value))
    }

    /// Writes a duration of XML Schema: 4004000 microseconds as `PT4.004S`.
    package mutating func xml(_ name: String, microseconds value: Int64) {
        xmlName(name)
        append("PT")
        let (whole, fraction) = value.quotientAndRemainder(dividingBy: 1_000_000)
        append(whole)
        if fraction > 0 {
            append("." as Unicode.Scalar)
            var (rest, digits) = (fraction, 6)
            while rest % 10 == 0 { (rest, digits) = (rest / 10, digits - 1) }
            append(UInt(rest), digits: digits)
        }
        append("S\"")
    }

    /// Writes text between tags or inside quotation marks; what XML cannot hold becomes a space.
    package mutating func append(xmlText text: String) {
        if text.utf8.allSatisfy(Self.isPlainXML) { return append(text) }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": append("&amp;")
            case "<": append("&lt;")
            case ">": append("&gt;")
            case "\"": append("&quot;")
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": append(" " as Unicode.Scalar)
            default: append(String(scalar))
            }
        }
    }

    /// Whether a byte of UTF-8 is ASCII that stands for itself.
    private static func isPlainXML(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""): false
        default: (0x20...0x7E).contains(byte)
        }
    }

    private mutating func xmlName(_ name: String) {
        append(" " as Unicode.Scalar)
        append(name)
        append("=\"")
    }
}

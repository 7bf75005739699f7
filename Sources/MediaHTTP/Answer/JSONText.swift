import NIOCore

/// Writes JSON into a buffer: just what errors and log lines need. RFC 8259 §7
struct JSONText {
    private(set) var buffer = ByteBuffer()

    mutating func append(_ text: String) {
        buffer.writeString(text)
    }

    mutating func appendNumber(_ number: some BinaryInteger) {
        buffer.writeString(String(number))
    }

    /// A quoted string with quotes, backslashes and control bytes escaped.
    mutating func appendString(_ text: String) {
        buffer.writeInteger(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                buffer.writeInteger(UInt8(ascii: "\\"))
                buffer.writeInteger(byte)
            case 0..<0x20:
                let hex = String(byte, radix: 16)
                buffer.writeString(hex.utf8.count == 1 ? "\\u000\(hex)" : "\\u00\(hex)")
            default:
                buffer.writeInteger(byte)
            }
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }
}

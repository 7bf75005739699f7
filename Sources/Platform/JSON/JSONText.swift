/// The little JSON that logs, `/status` and errors need: strings as RFC 8259 §7 writes them.
package enum JSONText {
    package static func quoted(_ text: String) -> String {
        guard text.utf8.contains(where: needsEscape) else { return "\"" + text + "\"" }
        var result: [UInt8] = [quote]
        result.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            switch byte {
            case quote, backslash: result += [backslash, byte]
            case UInt8(ascii: "\n"): result += [backslash, UInt8(ascii: "n")]
            case UInt8(ascii: "\r"): result += [backslash, UInt8(ascii: "r")]
            case UInt8(ascii: "\t"): result += [backslash, UInt8(ascii: "t")]
            case 0..<0x20:
                result += Array((byte < 16 ? "\\u000" : "\\u00").utf8)
                result += Array(String(byte, radix: 16).utf8)
            default: result.append(byte)
            }
        }
        result.append(quote)
        return String(decoding: result, as: UTF8.self)
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == quote || byte == backslash
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
}

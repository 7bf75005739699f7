/// Takes a comma-separated list of directives apart: `name`, `name=token`, `name="quoted"`, each
/// perhaps with `;parameter` behind it.
///
/// RFC 9111 §5.2, RFC 9110 §5.6
struct DirectiveReader {
    struct Directive: Hashable {
        /// In lower case.
        var name: String
        /// Without quotes; nothing where there is none or it cannot be read.
        var value: String?
        /// Whether a parameter follows.
        var isTargeted: Bool
    }

    private let bytes: [UInt8]
    private var index = 0

    init(_ field: String) {
        self.bytes = Array(field.utf8)
    }

    mutating func next() -> Directive? {
        while let byte = current, Self.isBlank(byte) || byte == UInt8(ascii: ",") { index += 1 }
        guard current != nil else { return nil }
        let name = token().lowercased()
        var value: String?
        if current == UInt8(ascii: "=") {
            index += 1
            value = current == UInt8(ascii: "\"") ? quoted() : token()
        }
        skipBlanks()
        let isTargeted = current == UInt8(ascii: ";")
        if !isTargeted, let byte = current, byte != UInt8(ascii: ",") { value = nil }
        skipElement()
        return Directive(name: name, value: value, isTargeted: isTargeted)
    }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    /// A run of what is no delimiter; wider than the grammar's token, as names are compared and
    /// numbers read digit by digit.
    private mutating func token() -> String {
        let start = index
        while let byte = current, !Self.isBlank(byte), !Self.isDelimiter(byte) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    /// The content of a quoted string; nothing where it does not end.
    private mutating func quoted() -> String? {
        var content: [UInt8] = []
        index += 1
        while let byte = current {
            index += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: content, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let escaped = current {
                content.append(escaped)
                index += 1
            } else {
                content.append(byte)
            }
        }
        return nil
    }

    private mutating func skipBlanks() {
        while let byte = current, Self.isBlank(byte) { index += 1 }
    }

    /// Goes to the next comma that is not in a quoted string.
    private mutating func skipElement() {
        while let byte = current, byte != UInt8(ascii: ",") {
            if byte == UInt8(ascii: "\"") {
                _ = quoted()
            } else {
                index += 1
            }
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "=")
            || byte == UInt8(ascii: "\"")
    }
}

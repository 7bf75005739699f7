/// One value of a data message.
///
/// Only what data messages hold: what AMF0 has beside that is refused. Action Message Format 0 §2
enum AMF0Value: Hashable, Sendable {
    case number(Double)
    case boolean(Bool)
    case string(String)
    /// Properties in their order; an ECMA array's too.
    case object([Property])
    case array([AMF0Value])
    /// Milliseconds since 1970.
    case date(Double)
    case null

    struct Property: Hashable, Sendable {
        var name: String
        var value: AMF0Value
    }

    /// The value of a property; nil where this is no object or has none of that name.
    subscript(_ name: String) -> AMF0Value? {
        guard case .object(let properties) = self else { return nil }
        return properties.first { $0.name == name }?.value
    }

    var number: Double? {
        switch self {
        case .number(let value): value
        case .string(let text): Double(text)
        default: nil
        }
    }

    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }
}

/// Reads AMF0 values one after another; nil where bytes or the limits end.
struct AMF0Reader {
    /// What a message may ask of the reader.
    private enum Limits {
        static let depth = 8
        /// Values in all of one message.
        static let values = 4096
    }

    private let bytes: [UInt8]
    private var position: Int
    private var values = 0

    init(_ bytes: [UInt8], from position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    var isAtEnd: Bool { position >= bytes.count }

    mutating func next() -> AMF0Value? {
        value(depth: 0)
    }

    private mutating func value(depth: Int) -> AMF0Value? {
        guard depth < Limits.depth, values < Limits.values, let marker = integer(1) else {
            return nil
        }
        values += 1
        switch marker {
        case 0: return integer(8).map { .number(Double(bitPattern: $0)) }
        case 1: return integer(1).map { .boolean($0 != 0) }
        case 2: return text(lengthSize: 2).map { .string($0) }
        case 3: return properties(depth: depth)
        case 5, 6, 13: return .null
        case 8: return integer(4) == nil ? nil : properties(depth: depth)
        case 10: return elements(depth: depth)
        case 11:
            guard let time = integer(8), integer(2) != nil else { return nil }
            return .date(Double(bitPattern: time))
        case 12, 15: return text(lengthSize: 4).map { .string($0) }
        case 16: return text(lengthSize: 2) == nil ? nil : properties(depth: depth)
        default: return nil
        }
    }

    /// Up to the end marker, which some encoders leave out at a message's end.
    private mutating func properties(depth: Int) -> AMF0Value? {
        var properties: [AMF0Value.Property] = []
        while !isAtEnd {
            guard let name = text(lengthSize: 2) else { return nil }
            if name.isEmpty, position < bytes.count, bytes[position] == 9 {
                position += 1
                break
            }
            guard let value = value(depth: depth + 1) else { return nil }
            properties.append(AMF0Value.Property(name: name, value: value))
        }
        return .object(properties)
    }

    private mutating func elements(depth: Int) -> AMF0Value? {
        guard let count = integer(4), count <= UInt64(bytes.count - position) else { return nil }
        var elements: [AMF0Value] = []
        for _ in 0..<count {
            guard let value = value(depth: depth + 1) else { return nil }
            elements.append(value)
        }
        return .array(elements)
    }

    private mutating func text(lengthSize: Int) -> String? {
        guard let size = integer(lengthSize), size <= UInt64(bytes.count - position) else {
            return nil
        }
        defer { position += Int(size) }
        return String(decoding: bytes[position..<position + Int(size)], as: UTF8.self)
    }

    private mutating func integer(_ size: Int) -> UInt64? {
        guard size <= bytes.count - position else { return nil }
        defer { position += size }
        return bytes[position..<position + size].reduce(0) { $0 << 8 | UInt64($1) }
    }
}

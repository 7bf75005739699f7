/// Reads values one after the other; bounded in depth and number, and never behind the end.
///
/// librtmp's own decoder recurses without a limit: 16 KB of nested objects end the process.
package struct AMF0Reader {
    private let bytes: [UInt8]
    private var offset = 0
    private var valueCount = 0
    /// Whether an object may end with the message: some encoders leave the marker out there.
    package var allowsMissingEnd = false

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package init(_ bytes: Span<UInt8>) {
        self.init(
            [UInt8](capacity: bytes.count) { output in
                for index in bytes.indices { output.append(bytes[index]) }
            }
        )
    }

    package var isAtEnd: Bool { offset == bytes.count }

    /// The next value.
    ///
    /// - Throws: `AMF0Error`; the reader is then of no further use.
    package mutating func next() throws(AMF0Error) -> AMF0Value {
        try value(depth: 0)
    }

    /// All values up to the end.
    package mutating func remaining() throws(AMF0Error) -> [AMF0Value] {
        var values: [AMF0Value] = []
        while !isAtEnd { values.append(try next()) }
        return values
    }

    private mutating func value(depth: Int) throws(AMF0Error) -> AMF0Value {
        guard depth <= AMF0Limits.depth else { throw .tooDeep(offsetBytes: offset) }
        valueCount += 1
        guard valueCount <= AMF0Limits.valueCount else {
            throw .tooManyValues(offsetBytes: offset)
        }
        let start = offset
        let byte = try integer(UInt8.self)
        guard let marker = AMF0Marker(rawValue: byte) else {
            throw .unusableMarker(byte, offsetBytes: start)
        }
        switch marker {
        case .number: return .number(try number())
        case .boolean: return .boolean(try integer(UInt8.self) != 0)
        case .string: return .string(try string(Int(try integer(UInt16.self))))
        case .longString, .xmlDocument: return .string(try string(Int(try integer(UInt32.self))))
        case .null: return .null
        case .undefined, .unsupported: return .undefined
        case .object: return .object(try properties(depth: depth))
        case .typedObject:
            _ = try string(Int(try integer(UInt16.self)))
            return .object(try properties(depth: depth))
        case .ecmaArray:
            // The count is a hint only: encoders write 0, or what they meant to write.
            _ = try integer(UInt32.self)
            return .ecmaArray(try properties(depth: depth))
        case .strictArray: return .strictArray(try elements(depth: depth))
        case .date:
            let milliseconds = try number()
            _ = try integer(UInt16.self)
            return .date(milliseconds)
        case .objectEnd: throw .unusableMarker(byte, offsetBytes: start)
        }
    }

    private mutating func properties(depth: Int) throws(AMF0Error) -> [AMF0Property] {
        var properties: [AMF0Property] = []
        while !(isAtEnd && allowsMissingEnd) {
            let count = Int(try integer(UInt16.self))
            if count == 0 {
                guard try integer(UInt8.self) == AMF0Marker.objectEnd.rawValue else {
                    throw .missingObjectEnd(offsetBytes: offset - 1)
                }
                return properties
            }
            let name = try string(count)
            properties.append(AMF0Property(name, try value(depth: depth + 1)))
        }
        return properties
    }

    private mutating func elements(depth: Int) throws(AMF0Error) -> [AMF0Value] {
        let count = Int(try integer(UInt32.self))
        // The shortest value has one byte.
        guard count <= bytes.count - offset else { throw .truncated(offsetBytes: offset) }
        var elements: [AMF0Value] = []
        for _ in 0..<count { elements.append(try value(depth: depth + 1)) }
        return elements
    }

    private mutating func number() throws(AMF0Error) -> Double {
        Double(bitPattern: try integer(UInt64.self))
    }

    private mutating func string(_ count: Int) throws(AMF0Error) -> String {
        guard count <= bytes.count - offset else { throw .truncated(offsetBytes: offset) }
        defer { offset += count }
        return String(decoding: bytes[offset..<offset + count], as: UTF8.self)
    }

    private mutating func integer<Integer: FixedWidthInteger>(
        _ type: Integer.Type
    ) throws(AMF0Error) -> Integer {
        let count = Integer.bitWidth / 8
        guard count <= bytes.count - offset else { throw .truncated(offsetBytes: offset) }
        defer { offset += count }
        return bytes[offset..<offset + count].reduce(0) { $0 << 8 | Integer($1) }
    }
}

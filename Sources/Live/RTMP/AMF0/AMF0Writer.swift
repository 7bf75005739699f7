/// Writes values one after the other.
package struct AMF0Writer {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// The bytes of several values.
    package static func bytes(_ values: AMF0Value...) -> [UInt8] {
        var writer = AMF0Writer()
        for value in values { writer.write(value) }
        return writer.bytes
    }

    package mutating func write(_ value: AMF0Value) {
        switch value {
        case .number(let number):
            mark(.number)
            write(number.bitPattern)
        case .boolean(let boolean):
            mark(.boolean)
            bytes.append(boolean ? 1 : 0)
        case .string(let string): write(string)
        case .object(let properties):
            mark(.object)
            write(properties)
        case .null: mark(.null)
        case .undefined: mark(.undefined)
        case .ecmaArray(let properties):
            mark(.ecmaArray)
            write(UInt32(clamping: properties.count))
            write(properties)
        case .strictArray(let elements):
            mark(.strictArray)
            write(UInt32(clamping: elements.count))
            for element in elements { write(element) }
        case .date(let milliseconds):
            mark(.date)
            write(milliseconds.bitPattern)
            // A time zone, which has to be 0. AMF 0 §2.13
            write(UInt16(0))
        }
    }

    private mutating func mark(_ marker: AMF0Marker) {
        bytes.append(marker.rawValue)
    }

    private mutating func write(_ string: String) {
        if let count = UInt16(exactly: string.utf8.count) {
            mark(.string)
            write(count)
        } else {
            mark(.longString)
            write(UInt32(clamping: string.utf8.count))
        }
        bytes += string.utf8
    }

    private mutating func write(_ properties: [AMF0Property]) {
        for property in properties {
            let name = property.name.utf8.prefix(Int(UInt16.max))
            // A name of no bytes would be the end.
            guard !name.isEmpty else { continue }
            write(UInt16(name.count))
            bytes += name
            write(property.value)
        }
        write(UInt16(0))
        mark(.objectEnd)
    }

    private mutating func write(_ integer: some FixedWidthInteger) {
        for shift in stride(from: type(of: integer).bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: integer >> shift))
        }
    }
}

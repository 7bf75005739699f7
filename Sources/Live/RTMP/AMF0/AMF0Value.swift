/// A value of the Action Message Format, version 0.
///
/// AMF 0 §2
package enum AMF0Value: Hashable, Sendable {
    case number(Double)
    case boolean(Bool)
    /// Short and long ones, and XML documents; what is no UTF-8 is replaced.
    case string(String)
    case object([AMF0Property])
    case null
    case undefined
    case ecmaArray([AMF0Property])
    case strictArray([AMF0Value])
    /// Milliseconds since 1970.
    case date(Double)
}

/// A name and its value, in the order of the message.
package struct AMF0Property: Hashable, Sendable {
    package var name: String
    package var value: AMF0Value

    package init(_ name: String, _ value: AMF0Value) {
        self.name = name
        self.value = value
    }
}

extension AMF0Value {
    /// A number, also one that is written as a string: encoders do so in `onMetaData`.
    package var number: Double? {
        switch self {
        case .number(let number): number
        case .string(let text): Double(text)
        default: nil
        }
    }

    package var string: String? {
        guard case .string(let string) = self else { return nil }
        return string
    }

    package var boolean: Bool? {
        guard case .boolean(let boolean) = self else { return nil }
        return boolean
    }

    /// The properties of an object or an ECMA array; none of anything else.
    package var properties: [AMF0Property] {
        switch self {
        case .object(let properties), .ecmaArray(let properties): properties
        default: []
        }
    }

    /// The elements of a strict array; none of anything else.
    package var elements: [AMF0Value] {
        guard case .strictArray(let elements) = self else { return [] }
        return elements
    }

    /// The first property of this name.
    package subscript(_ name: String) -> AMF0Value? {
        properties.first { $0.name == name }?.value
    }
}

/// What kind of value follows.
///
/// AMF 0 §2.1
enum AMF0Marker: UInt8 {
    case number = 0
    case boolean = 1
    case string = 2
    case object = 3
    case null = 5
    case undefined = 6
    case ecmaArray = 8
    case objectEnd = 9
    case strictArray = 10
    case date = 11
    case longString = 12
    case unsupported = 13
    case xmlDocument = 15
    case typedObject = 16
}

/// What is wrong with AMF 0, and where.
package enum AMF0Error: Error, Hashable, Sendable {
    case truncated(offsetBytes: Int)
    /// References, AMF 3 and what is no marker.
    case unusableMarker(UInt8, offsetBytes: Int)
    /// A name of no bytes that no end follows.
    case missingObjectEnd(offsetBytes: Int)
    case tooDeep(offsetBytes: Int)
    case tooManyValues(offsetBytes: Int)
}

/// What a message may hold.
package enum AMF0Limits {
    /// Objects and arrays inside each other; encoders use three.
    package static let depth = 16
    /// Values of all levels in one message; the longest `onMetaData` seen has fewer than a hundred.
    package static let valueCount = 4096
}

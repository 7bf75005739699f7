package import NIOCore

/// The name of one request in answers and logs: the client's own where it is sane, else a new one.
package struct RequestID: Hashable, Sendable, CustomStringConvertible {
    /// An incoming `X-Request-Id` may have this many bytes.
    package static let incomingSizeBytes = 64

    private let value: UInt64
    private let incoming: String?

    /// A new name, written as 16 hexadecimal digits.
    package init(value: UInt64) {
        self.value = value
        self.incoming = nil
    }

    /// The client's name, if it is short and of letters, digits, `-`, `_` and `.` only.
    package init?(incoming: String) {
        let isSane = incoming.utf8.allSatisfy { byte in
            ASCII.isDigit(byte) || ASCII.lowercased(byte) &- UInt8(ascii: "a") < 26
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: ".")
        }
        guard isSane, (1...Self.incomingSizeBytes).contains(incoming.utf8.count) else {
            return nil
        }
        self.value = 0
        self.incoming = incoming
    }

    /// Evenly spread over all values, for sampling.
    var sampleValue: UInt64 {
        guard let incoming else { return value }
        // FNV-1a, then a mix, since its high bits alone are poor for short names.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in incoming.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (hash ^ (hash >> 32)) &* 0x9E37_79B9_7F4A_7C15
    }

    package var description: String {
        if let incoming { return incoming }
        var buffer = ByteBuffer()
        write(to: &buffer)
        return String(buffer: buffer)
    }

    package func write(to buffer: inout ByteBuffer) {
        if let incoming {
            buffer.writeString(incoming)
            return
        }
        // Sixteen nibbles as two integers of eight ASCII digits each.
        buffer.writeInteger(Self.digits(UInt32(truncatingIfNeeded: value >> 32)))
        buffer.writeInteger(Self.digits(UInt32(truncatingIfNeeded: value)))
    }

    private static func digits(_ half: UInt32) -> UInt64 {
        var result: UInt64 = 0
        for shift in stride(from: UInt32(28), through: 0, by: -4) {
            let nibble = UInt8(truncatingIfNeeded: half >> shift) & 15
            let digit = nibble < 10 ? nibble + UInt8(ascii: "0") : nibble - 10 + UInt8(ascii: "a")
            result = result << 8 | UInt64(digit)
        }
        return result
    }
}

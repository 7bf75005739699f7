/// A four-character code: the type of a box, a sample entry, a brand or a handler.
///
/// ISO/IEC 14496-12 §4.2
package struct FourCC: Hashable, Sendable, RawRepresentable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }
}

extension FourCC: ExpressibleByStringLiteral {
    /// Makes a code from exactly four ASCII characters; anything else is a programming error.
    ///
    /// Read as bytes, which is `unsafe` only in name, so that the compiler makes a number of it.
    package init(stringLiteral value: StaticString) {
        precondition(value.utf8CodeUnitCount == 4, "a four-character code has four characters")
        self.rawValue = value.withUTF8Buffer { unsafe $0.reduce(0) { $0 << 8 | UInt32($1) } }
    }
}

extension FourCC: CustomStringConvertible {
    /// The four characters, those that are not printable ASCII as `.`.
    package var description: String {
        let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: rawValue >> $0) }
        return String(
            decoding: bytes.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: ".") },
            as: UTF8.self
        )
    }
}

/// Appends boxes to one array of bytes, big-endian as the format wants it.
///
/// A box's size is patched in when its closure returns, so headers nest without being measured
/// first. What is written for every request, the movie fragment, does not come this way: see
/// `MovieFragment`.
///
/// ISO/IEC 14496-12 §4.2
package struct BoxWriter: Sendable {
    package private(set) var bytes: [UInt8]

    /// - Parameter reservingBytes: memory to set aside; more is taken where it is not enough.
    package init(reservingBytes: Int = 1024) {
        self.bytes = []
        bytes.reserveCapacity(reservingBytes)
    }

    /// Writes a box around what `body` writes.
    ///
    /// A body of 4 GiB or more is a programming error: only `mdat` gets there, and it has a writer
    /// of its own.
    package mutating func box<Failure: Error>(
        _ type: FourCC,
        _ body: (inout BoxWriter) throws(Failure) -> Void
    ) throws(Failure) {
        let start = bytes.count
        append(UInt32(0))
        append(type)
        try body(&self)
        overwrite(UInt32(bytes.count - start), at: start)
    }

    /// Writes a box with version and flags around what `body` writes. ISO/IEC 14496-12 §4.2.2
    package mutating func fullBox<Failure: Error>(
        _ type: FourCC,
        version: UInt8 = 0,
        flags: UInt32 = 0,
        _ body: (inout BoxWriter) throws(Failure) -> Void
    ) throws(Failure) {
        try box(type) { writer throws(Failure) in
            writer.append(UInt32(version) << 24 | flags)
            try body(&writer)
        }
    }
}

extension BoxWriter {
    package mutating func append(_ value: UInt8) {
        bytes.append(value)
    }

    package mutating func append(_ value: UInt16) {
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    package mutating func append(_ value: UInt32) {
        append(UInt16(truncatingIfNeeded: value >> 16))
        append(UInt16(truncatingIfNeeded: value))
    }

    package mutating func append(_ value: UInt64) {
        append(UInt32(truncatingIfNeeded: value >> 32))
        append(UInt32(truncatingIfNeeded: value))
    }

    package mutating func append(_ code: FourCC) {
        append(code.rawValue)
    }

    package mutating func append(contentsOf other: [UInt8]) {
        bytes.append(contentsOf: other)
    }

    /// Appends the string's UTF-8 and the zero that ends it.
    ///
    /// A zero inside the string would end it early, so none is written.
    package mutating func append(zeroTerminated text: String) {
        bytes.append(contentsOf: text.utf8.lazy.filter { $0 != 0 })
        bytes.append(0)
    }

    package mutating func append(zeros count: Int) {
        bytes.append(contentsOf: repeatElement(0, count: count))
    }

    /// Appends a time or duration as wide as the box's version makes it: 64 bits for version 1.
    package mutating func append(_ value: UInt64, version: UInt8) {
        if version == 0 {
            append(UInt32(truncatingIfNeeded: value))
        } else {
            append(value)
        }
    }

    /// Appends a whole table of 32-bit values.
    package mutating func append(table: [UInt32]) {
        bytes.append(addingCapacity: table.count * 4) { span in
            for value in table {
                span.append(UInt8(truncatingIfNeeded: value >> 24))
                span.append(UInt8(truncatingIfNeeded: value >> 16))
                span.append(UInt8(truncatingIfNeeded: value >> 8))
                span.append(UInt8(truncatingIfNeeded: value))
            }
        }
    }

    /// Replaces four bytes that were written before.
    package mutating func overwrite(_ value: UInt32, at offset: Int) {
        for place in 0..<4 {
            bytes[offset + place] = UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32(place)))
        }
    }
}

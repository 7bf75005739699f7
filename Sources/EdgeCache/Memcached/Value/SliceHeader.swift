package import NIOCore

/// What stands before the bytes of every slice; integers are little-endian.
///
/// | offset | bytes | is |
/// |---|---|---|
/// | 0 | 8 | checksum of all that follows it in the slice |
/// | 8 | 4 | "MRC1" |
/// | 12 | 2 | index of the slice |
/// | 14 | 2 | number of slices |
/// | 16 | 8 | version: the same random number in all slices of one store |
/// | 24 | 8 | size of the object's body |
/// | 32 | 4 | size of the description, which only the first slice has, before its bytes |
/// | 36 | 4 | 0 |
package struct SliceHeader: Hashable {
    package static let sizeBytes = 40
    package static let checksumSizeBytes = 8

    package var index: UInt16
    package var count: UInt16
    package var version: UInt64
    package var bodySizeBytes: UInt64
    package var descriptionSizeBytes: UInt32

    private static let signature: UInt32 = 0x3143_524D

    /// Without the checksum, which is of these bytes too.
    func write(to slice: inout ByteBuffer) {
        slice.writeInteger(Self.signature, endianness: .little)
        slice.writeInteger(index, endianness: .little)
        slice.writeInteger(count, endianness: .little)
        slice.writeInteger(version, endianness: .little)
        slice.writeInteger(bodySizeBytes, endianness: .little)
        slice.writeInteger(descriptionSizeBytes, endianness: .little)
        slice.writeInteger(UInt32(0), endianness: .little)
    }

    /// Takes the header, and compares the checksum.
    package init(reading slice: inout ByteBuffer) throws(StoredValueError) {
        guard slice.readableBytes >= Self.sizeBytes else { throw .malformed }
        guard let checksum: UInt64 = slice.readInteger(endianness: .little),
            checksum == SliceChecksum.of(slice)
        else { throw .wrongChecksum }
        guard let signature: UInt32 = slice.readInteger(endianness: .little),
            signature == Self.signature,
            let index: UInt16 = slice.readInteger(endianness: .little),
            let count: UInt16 = slice.readInteger(endianness: .little),
            let version: UInt64 = slice.readInteger(endianness: .little),
            let bodySizeBytes: UInt64 = slice.readInteger(endianness: .little),
            let descriptionSizeBytes: UInt32 = slice.readInteger(endianness: .little),
            let reserved: UInt32 = slice.readInteger(endianness: .little),
            reserved == 0, index < count
        else { throw .malformed }
        self.index = index
        self.count = count
        self.version = version
        self.bodySizeBytes = bodySizeBytes
        self.descriptionSizeBytes = descriptionSizeBytes
    }

    init(
        index: UInt16,
        count: UInt16,
        version: UInt64,
        bodySizeBytes: UInt64,
        descriptionSizeBytes: UInt32
    ) {
        self.index = index
        self.count = count
        self.version = version
        self.bodySizeBytes = bodySizeBytes
        self.descriptionSizeBytes = descriptionSizeBytes
    }
}

/// Against bytes that changed or were cut on their way; not against forgery.
package enum SliceChecksum {
    /// Of the readable bytes.
    package static func of(_ bytes: ByteBuffer) -> UInt64 {
        unsafe bytes.withUnsafeReadableBytes { pointer in
            let span = unsafe RawSpan(_unsafeBytes: pointer)
            return span.byteCount >= XXH3.shortestSizeBytes
                ? XXH3.hash(span) : UInt64(truncatingIfNeeded: FNV1a.hash(span))
        }
    }
}

/// Why what was read is not the object that was asked for.
package enum StoredValueError: Error, Hashable, Sendable {
    case wrongChecksum
    /// Bytes that no store of this format has written.
    case malformed
    /// A slice of another store of the same key.
    case otherVersion
    case missingSlice
    /// Another key with the same name.
    case otherKey
}

package import NIOCore

/// An object on its way out of memcached, from the first slice to the last.
///
/// The body of an object of one slice is the memory that the slice was read into, uncopied; that of
/// more slices is copied once, into memory that is reserved when the first slice has said how much.
package struct ObjectAssembly {
    package let description: ObjectDescription
    package let sliceCount: Int
    private let bodySizeBytes: Int
    private let version: UInt64
    private var body: ByteBuffer
    private var takenCount = 1

    /// Starts with the value of the first slice of the key that was asked for, and reserves no more
    /// memory than this.
    package init(
        first: consuming ByteBuffer,
        key: CacheKey,
        largestObjectBytes: Int
    ) throws(StoredValueError) {
        let header = try SliceHeader(reading: &first)
        guard header.index == 0, header.count <= MemcachedLimits.sliceCount,
            header.bodySizeBytes <= UInt64(largestObjectBytes),
            header.descriptionSizeBytes <= MemcachedLimits.descriptionSizeBytes,
            var description = first.readSlice(length: Int(header.descriptionSizeBytes))
        else { throw .malformed }
        self.description = try ObjectDescription(reading: &description)
        guard self.description.key == key else { throw .otherKey }
        sliceCount = Int(header.count)
        bodySizeBytes = Int(header.bodySizeBytes)
        version = header.version
        guard sliceCount > 1 else {
            guard first.readableBytes == bodySizeBytes else { throw .malformed }
            body = first
            return
        }
        // No slice but the last is shorter than the first one: more cannot be behind it.
        let sliceSizeBytes = first.readableBytes + Int(header.descriptionSizeBytes)
        guard first.readableBytes < bodySizeBytes,
            bodySizeBytes <= first.readableBytes + (sliceCount - 1) * sliceSizeBytes
        else { throw .malformed }
        body = ByteBufferAllocator().buffer(capacity: bodySizeBytes)
        body.writeImmutableBuffer(first)
    }

    /// Takes the next slice; they come in order.
    package mutating func take(_ slice: inout ByteBuffer) throws(StoredValueError) {
        let header = try SliceHeader(reading: &slice)
        guard header.version == version else { throw .otherVersion }
        guard Int(header.index) == takenCount else { throw .missingSlice }
        guard Int(header.count) == sliceCount,
            header.bodySizeBytes == UInt64(bodySizeBytes), header.descriptionSizeBytes == 0,
            slice.readableBytes <= bodySizeBytes - body.readableBytes
        else { throw .malformed }
        takenCount += 1
        body.writeBuffer(&slice)
    }

    /// The object, its life counted by this process' clocks.
    package func object(now: Int64, wallNow: Int64) throws(StoredValueError) -> CachedObject {
        guard takenCount == sliceCount else { throw .missingSlice }
        guard body.readableBytes == bodySizeBytes else { throw .malformed }
        return CachedObject(
            head: description.head,
            body: .bytes(body),
            freshness: description.freshness(now: now, wallNow: wallNow),
            kind: description.kind
        )
    }
}

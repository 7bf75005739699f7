package import NIOCore

/// An object on its way into memcached, cut into slices that each fit a server's item limit.
package struct SlicedObject {
    package let sliceCount: Int
    private let description: ByteBuffer
    private let body: ByteBuffer
    private let sliceSizeBytes: Int
    private let version: UInt64

    /// Nothing where it is larger than this tier takes.
    package init?(
        _ object: CachedObject,
        description: ObjectDescription,
        version: UInt64,
        sliceSizeBytes: Int
    ) {
        guard let body = object.body.bytes, object.head.fields.count <= MemcachedLimits.fieldCount,
            object.head.tags.count <= MemcachedLimits.tagCount
        else { return nil }
        var bytes = ByteBuffer()
        description.write(to: &bytes)
        guard bytes.readableBytes <= MemcachedLimits.descriptionSizeBytes else { return nil }
        self.description = bytes
        self.body = body
        self.sliceSizeBytes = sliceSizeBytes
        self.version = version
        let sizeBytes = bytes.readableBytes + body.readableBytes
        let room = sliceSizeBytes - SliceHeader.sizeBytes
        sliceCount = max(1, (sizeBytes + room - 1) / room)
        guard sliceCount <= MemcachedLimits.sliceCount else { return nil }
    }

    package var bodySizeBytes: Int { body.readableBytes }

    /// Writes the slice in place of what `bytes` has.
    package func write(slice index: Int, to bytes: inout ByteBuffer) {
        let room = sliceSizeBytes - SliceHeader.sizeBytes
        let described = description.readableBytes
        // The description and the body are cut as if they were one.
        let start = index == 0 ? 0 : index * room - described
        let end = min(body.readableBytes, (index + 1) * room - described)
        bytes.clear(minimumCapacity: min(sliceSizeBytes, described + body.readableBytes + 64))
        bytes.moveWriterIndex(to: SliceHeader.checksumSizeBytes)
        SliceHeader(
            index: UInt16(index),
            count: UInt16(sliceCount),
            version: version,
            bodySizeBytes: UInt64(body.readableBytes),
            descriptionSizeBytes: index == 0 ? UInt32(described) : 0
        ).write(to: &bytes)
        if index == 0 { bytes.writeImmutableBuffer(description) }
        if let part = body.getSlice(at: body.readerIndex + start, length: end - start) {
            bytes.writeImmutableBuffer(part)
        }
        bytes.moveReaderIndex(to: SliceHeader.checksumSizeBytes)
        let checksum = SliceChecksum.of(bytes)
        bytes.moveReaderIndex(to: 0)
        bytes.setInteger(checksum, at: 0, endianness: .little)
    }
}

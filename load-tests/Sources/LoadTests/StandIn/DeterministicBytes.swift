package import NIOCore

/// Bytes that follow from a name, so that who knows the name knows the bytes.
package enum DeterministicBytes {
    package static func body(_ name: String, sizeBytes: Int) -> ByteBuffer {
        var hash = XXH64()
        hash.update(ByteBuffer(string: name).readableBytesSpan)
        var random = SplitMix(seed: hash.value)
        var buffer = ByteBuffer()
        buffer.reserveCapacity(minimumWritableBytes: sizeBytes + 8)
        for _ in 0..<(sizeBytes + 7) / 8 { buffer.writeInteger(random.next()) }
        buffer.moveWriterIndex(to: sizeBytes)
        return buffer
    }
}

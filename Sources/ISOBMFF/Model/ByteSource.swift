/// Bytes that can be read at any offset: a file, or a block of memory in a test.
///
/// The reader asks for what it needs and no more, so that a 10 GB file costs its `moov` and never
/// its `mdat`. Implementations may block; the caller chooses the thread.
package protocol ByteSource {
    /// The number of bytes there are.
    var sizeBytes: UInt64 { get }

    /// Reads exactly `count` bytes at `offsetBytes`.
    ///
    /// - Throws: whatever the medium throws when the bytes cannot be had, end of file included.
    func read(offsetBytes: UInt64, count: Int) throws -> [UInt8]

    /// Says that bytes will soon be read, so that several waits for a disk become one.
    func willNeed(offsetBytes: UInt64, count: Int)
}

extension ByteSource {
    package func willNeed(offsetBytes: UInt64, count: Int) {}
}

/// A byte source over memory.
package struct MemoryByteSource: ByteSource, Sendable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var sizeBytes: UInt64 { UInt64(bytes.count) }

    package func read(offsetBytes: UInt64, count: Int) throws -> [UInt8] {
        guard offsetBytes <= sizeBytes, UInt64(count) <= sizeBytes - offsetBytes else {
            throw ISOBMFFError.outOfFile(offsetBytes: offsetBytes, sizeBytes: UInt64(count))
        }
        let start = Int(offsetBytes)
        return Array(bytes[start..<start + count])
    }
}

import Glibc
package import ISOBMFF

/// The bytes of an open file, for the reader; every read may block.
package struct DiskByteSource: ByteSource, Sendable {
    private let descriptor: Int32
    package let sizeBytes: UInt64

    /// - Parameter descriptor: stays the caller's, who keeps it open while this is used.
    package init(descriptor: Int32, sizeBytes: UInt64) {
        self.descriptor = descriptor
        self.sizeBytes = sizeBytes
    }

    package func read(offsetBytes: UInt64, count: Int) throws -> [UInt8] {
        guard offsetBytes <= sizeBytes, UInt64(count) <= sizeBytes - offsetBytes else {
            throw ISOBMFFError.outOfFile(offsetBytes: offsetBytes, sizeBytes: UInt64(count))
        }
        return try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let read = unsafe pread(
                    descriptor,
                    buffer.baseAddress! + filled,
                    count - filled,
                    off_t(offsetBytes) + off_t(filled)
                )
                if read > 0 {
                    filled += read
                } else if read == 0 {
                    throw ISOBMFFError.outOfFile(offsetBytes: offsetBytes, sizeBytes: UInt64(count))
                } else if errno != EINTR {
                    throw LibraryError.system(path: "the video's file", code: errno)
                }
            }
        }
    }
}

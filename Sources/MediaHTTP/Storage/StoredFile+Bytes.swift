// Unsafe: lets the kernel read into an array that is not initialised yet; never beyond its count.

internal import Glibc

extension StoredFile {
    /// Exactly `count` bytes from `offsetBytes` on; blocks, and so is for threads.
    ///
    /// - Throws: `StoredBodyError.readFailed`, or `.fileShrank` where the file ends before.
    package func bytes(offsetBytes: UInt64, count: Int) throws(StoredBodyError) -> [UInt8] {
        var failure: StoredBodyError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let read = unsafe pread(
                    descriptor,
                    UnsafeMutableRawPointer(buffer.baseAddress)?.advanced(by: filled),
                    count - filled,
                    off_t(offsetBytes) + off_t(filled)
                )
                if read > 0 {
                    filled += read
                } else if read == 0 {
                    failure = .fileShrank(offsetBytes: offsetBytes + UInt64(filled))
                    return
                } else if errno != EINTR {
                    failure = .readFailed(errorNumber: errno)
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }
}

// Unsafe: lets the kernel read into an array that is not initialised yet; never beyond its count.

extension StoredFile {
    /// Exactly `count` bytes from `offsetBytes` on; blocks, and so is for threads.
    ///
    /// - Throws: `StoredBodyError.readFailed`, or `.fileShrank` where the file ends before.
    package func bytes(offsetBytes: UInt64, count: Int) throws(StoredBodyError) -> [UInt8] {
        var failure: StoredBodyError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let room = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<count]
                )
                let place = offsetBytes + UInt64(filled)
                switch unsafe FileReading.systemBlocking(self, room, place) {
                case .bytes(0):
                    failure = .fileShrank(offsetBytes: place)
                    return
                case .bytes(let read):
                    filled += read
                case .failed(let errorNumber):
                    failure = .readFailed(errorNumber: errorNumber)
                    return
                case .notResident:
                    failure = .readFailed(errorNumber: 0)
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }
}

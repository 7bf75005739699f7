// Unsafe: reads through libc into a buffer of the file's size.

import Glibc

extension GeoDatabase {
    /// Reads a database from a file; blocks.
    ///
    /// - Throws: `GeoDatabaseError`.
    package init(path: String) throws(GeoDatabaseError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotRead(errorNumber: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw .cannotRead(errorNumber: errno)
        }
        let sizeBytes = Int(status.st_size)
        guard sizeBytes <= AccessLimits.databaseSizeBytes else {
            throw .tooLarge(sizeBytes: sizeBytes)
        }
        var bytes = [UInt8](repeating: 0, count: sizeBytes)
        var count = 0
        while count < sizeBytes {
            let result = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(
                    descriptor,
                    buffer.baseAddress?.advanced(by: count),
                    sizeBytes - count,
                    off_t(count)
                )
            }
            if result < 0, errno == EINTR { continue }
            guard result >= 0 else { throw .cannotRead(errorNumber: errno) }
            // Cut short while it was read: what is there shows itself to be no database.
            if result == 0 { break }
            count += result
        }
        bytes.removeLast(sizeBytes - count)
        try self.init(bytes: bytes)
    }
}

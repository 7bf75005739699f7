import Glibc
import MediaHTTP
import Platform

/// Whole small files, read and replaced.
///
/// All members may block.
package enum FileBytes {
    /// All bytes of a file; nil where there is none, it is larger than `limit`, or it fails.
    package static func read(path: String, limit: Int) -> [UInt8]? {
        guard let file = try? StoredFile(opening: path), file.identity.sizeBytes <= UInt64(limit)
        else {
            return nil
        }
        let source = DiskByteSource(file)
        return try? source.read(offsetBytes: 0, count: Int(source.sizeBytes))
    }

    /// Puts `bytes` at `path` so that whoever reads it sees the old file or the new one, whole.
    package static func replace(path: String, with bytes: [UInt8]) throws(LibraryError) {
        let temporary = path + ".\(getpid())-\(writes.next())" + temporaryEnding
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(path: temporary, code: errno) }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(
                    descriptor,
                    buffer.baseAddress?.advanced(by: written),
                    buffer.count - written
                )
            }
            if count < 0, errno != EINTR {
                let code = errno
                close(descriptor)
                unsafe unlink(temporary)
                throw .system(path: temporary, code: code)
            }
            written += max(count, 0)
        }
        let isSafe = fsync(descriptor) == 0
        close(descriptor)
        guard isSafe, unsafe rename(temporary, path) == 0 else {
            let code = errno
            unsafe unlink(temporary)
            throw .system(path: path, code: code)
        }
    }

    /// Removes what writes left behind that a crash cut short.
    package static func removeTemporaries(in folder: String) {
        guard let names = try? LibraryFolder.names(in: folder) else { return }
        for name in names where name.hasSuffix(temporaryEnding) {
            unsafe unlink(folder + "/" + name)
        }
    }

    /// Tells apart the temporary files of writes that run at once.
    private static let writes = Counter()
    private static let temporaryEnding = ".tmp"

    /// Makes a folder and those above it.
    package static func makeFolders(_ path: String) throws(LibraryError) {
        if unsafe mkdir(path, 0o755) == 0 { return }
        if errno == EEXIST {
            guard LibraryFolder.isFolder(path) else { throw .system(path: path, code: ENOTDIR) }
            return
        }
        let code = errno
        guard code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw .system(path: path, code: code)
        }
        try makeFolders(String(path[..<slash]))
        guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw .system(path: path, code: errno)
        }
    }
}

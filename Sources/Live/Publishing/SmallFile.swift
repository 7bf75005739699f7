// Unsafe: opens, reads, writes and renames small files through libc.

internal import Glibc

/// Small files that are replaced whole, so that a reader sees the old one or the new one.
///
/// Blocks: for threads that may.
enum SmallFile {
    /// The system's error number.
    struct Failure: Error, Hashable {
        var call: String
        var errorNumber: Int32
    }

    /// The bytes of a file; nil where there is none.
    ///
    /// - Parameters:
    ///   - path: the file's.
    ///   - limitBytes: a larger file is not read.
    /// - Returns: all of it.
    /// - Throws: `Failure`; EFBIG where it is larger.
    static func read(_ path: String, limitBytes: Int) throws(Failure) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Failure(call: "open", errorNumber: errno)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(call: "read", errorNumber: errno) }
            guard count > 0 else { return bytes }
            bytes += chunk.prefix(count)
            guard bytes.count <= limitBytes else { throw Failure(call: "read", errorNumber: EFBIG) }
        }
    }

    /// Replaces a file.
    ///
    /// - Parameters:
    ///   - path: the file's; its folder must be there.
    ///   - bytes: what it holds then.
    ///   - isDurable: whether it waits until a power cut could not undo it.
    /// - Throws: `Failure`; the old file stays then.
    static func replace(
        _ path: String,
        with bytes: [UInt8],
        isDurable: Bool
    ) throws(Failure) {
        let temporary = path + ".new"
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
        let descriptor = unsafe open(temporary, flags, 0o644)
        guard descriptor >= 0 else { throw Failure(call: "open", errorNumber: errno) }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe write(
                    descriptor,
                    $0.baseAddress?.advanced(by: written),
                    $0.count - written
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let errorNumber = errno
                close(descriptor)
                throw Failure(call: "write", errorNumber: errorNumber)
            }
            written += count
        }
        if isDurable { fsync(descriptor) }
        guard close(descriptor) == 0 else { throw Failure(call: "close", errorNumber: errno) }
        try rename(temporary, to: path)
    }

    /// Writes over a file that is there, in one call.
    ///
    /// For as many bytes as the file has, within a sector: then a reader sees the old ones or the
    /// new ones, whatever becomes of the process or the power.
    ///
    /// - Returns: false where there is no such file.
    static func overwrite(_ path: String, with bytes: [UInt8]) throws(Failure) -> Bool {
        let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return false }
            throw Failure(call: "open", errorNumber: errno)
        }
        defer { close(descriptor) }
        var size = stat()
        guard unsafe fstat(descriptor, &size) == 0, size.st_size == bytes.count else {
            return false
        }
        let count = unsafe bytes.withUnsafeBytes {
            unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0)
        }
        guard count == bytes.count else { throw Failure(call: "pwrite", errorNumber: errno) }
        return true
    }

    /// Gives a file another name, in place of what has it.
    static func rename(_ path: String, to other: String) throws(Failure) {
        guard unsafe Glibc.rename(path, other) == 0 else {
            throw Failure(call: "rename", errorNumber: errno)
        }
    }

    /// Makes a folder and those above it; there already is as good.
    static func makeFolder(_ path: String) throws(Failure) {
        var made = ""
        for name in path.split(separator: "/", omittingEmptySubsequences: false) {
            made += made.isEmpty && !path.hasPrefix("/") ? String(name) : "/" + name
            guard made != "/", !name.isEmpty else {
                if made == "/" { made = "" }
                continue
            }
            guard unsafe mkdir(made, 0o755) == 0 || errno == EEXIST else {
                throw Failure(call: "mkdir", errorNumber: errno)
            }
        }
    }

    /// Runs `body` while no other process does so with the same file.
    static func locked<Value>(
        _ path: String,
        _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(call: "open", errorNumber: errno) }
        // Closing lets go of the lock.
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw Failure(call: "flock", errorNumber: errno) }
        }
        return try body()
    }

    /// What tells one state of a file from another; nil where there is none.
    static func identity(_ path: String) -> [Int]? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return [
            Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
        ]
    }
}

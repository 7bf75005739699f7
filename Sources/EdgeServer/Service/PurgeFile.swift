// Unsafe: reads and writes a small file through libc.

package import EdgeCache
internal import Glibc

/// Where the purges are kept, so that memcached does not bring back after a restart what was purged.
package struct PurgeFile: Sendable {
    private let folder: String

    package init(folder: String) {
        self.folder = folder
    }

    private var path: String { folder + "/purges" }

    /// The log; an empty one where there is none, one that purges everything where there is one that
    /// cannot be read: what it named must not come back.
    package func read(now: Int64) -> PurgeLog {
        guard exists else { return PurgeLog() }
        let wall = MemcachedSurroundings.wallClock()
        if let bytes = contents(),
            let log = try? PurgeLog(serialized: bytes, now: now, wallMilliseconds: wall)
        {
            return log
        }
        let log = PurgeLog()
        log.record(.everything, at: now)
        return log
    }

    private var exists: Bool { unsafe access(path, F_OK) == 0 || errno != ENOENT }

    /// Writes a new file and puts it in place of the old one.
    package func write(_ log: PurgeLog, now: Int64) {
        let bytes = log.serialized(now: now, wallMilliseconds: MemcachedSurroundings.wallClock())
        let temporary = path + ".new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        let written = unsafe Glibc.write(descriptor, bytes, bytes.count)
        let isWhole = written == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        if isWhole {
            _ = unsafe rename(temporary, path)
        } else {
            _ = unsafe unlink(temporary)
        }
    }

    private func contents() -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 * 1024)
        while bytes.count < Self.sizeLimitBytes {
            let count = unsafe Glibc.read(descriptor, &block, block.count)
            if count < 0 { return nil }
            if count == 0 { return bytes }
            bytes += block[..<count]
        }
        return nil
    }

    private static let sizeLimitBytes = 64 << 20
}

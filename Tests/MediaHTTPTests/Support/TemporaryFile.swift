import Foundation
import Glibc
import MediaHTTP
import TestSupport
import Testing

/// A file of known bytes, deleted with the value that holds it.
final class TemporaryFile {
    let url: URL
    let bytes: [UInt8]

    init(sizeBytes: Int, seed: UInt64 = 1) throws {
        var random = SplitMix(state: seed)
        // A prime number of random bytes over and over: quick to make, and never in step with
        // anything that is a power of two.
        let block = (0..<min(sizeBytes, 8191)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var bytes = block
        while bytes.count < sizeBytes { bytes += block.prefix(sizeBytes - bytes.count) }
        self.bytes = bytes
        url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data(bytes).write(to: url)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func open() throws -> StoredFile {
        try StoredFile(opening: url.path)
    }

    func truncate(to sizeBytes: UInt64) throws {
        let handle = try FileHandle(forWritingTo: url)
        try handle.truncate(atOffset: sizeBytes)
        try handle.close()
    }

    /// Writes it out and asks the kernel to forget its pages.
    func dropFromPageCache() throws {
        let handle = try FileHandle(forUpdating: url)
        try handle.synchronize()
        #expect(posix_fadvise(handle.fileDescriptor, 0, 0, Int32(POSIX_FADV_DONTNEED)) == 0)
        try handle.close()
    }

    /// The whole file behind a header.
    func body(header: [UInt8] = []) throws -> MediaBody {
        let size = UInt64(bytes.count)
        return .stored(
            StoredBody(
                header: header,
                ranges: [StoredRange(file: try open(), offsetBytes: 0, sizeBytes: size)],
                sizeBytes: size + UInt64(header.count)
            )
        )
    }
}

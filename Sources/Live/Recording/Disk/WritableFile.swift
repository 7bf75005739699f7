// Unsafe: owns a descriptor, and writes through libc from buffers that outlive each call.

internal import Glibc
internal import NIOCore

/// A file that is written at places of the caller's choice; one thread at a time, and blocks.
final class WritableFile: Sendable {
    let path: String
    private let descriptor: Int32
    private let fault: RecordingFault?

    /// Opens a file, made where it is missing; what it holds stays.
    init(_ path: String, fault: RecordingFault? = nil) throws(RecordingError) {
        if let number = fault?(path, 0) { throw .system(path: path, errorNumber: number) }
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(path: path, errorNumber: errno) }
        self.path = path
        self.descriptor = descriptor
        self.fault = fault
    }

    deinit {
        close(descriptor)
    }

    func write(_ bytes: [UInt8], at offsetBytes: UInt64) throws(RecordingError) {
        let number = unsafe bytes.withUnsafeBytes { unsafe write($0, at: offsetBytes) }
        if number != 0 { throw .system(path: path, errorNumber: number) }
    }

    func write(_ buffer: ByteBuffer, at offsetBytes: UInt64) throws(RecordingError) {
        let number = unsafe buffer.withUnsafeReadableBytes { unsafe write($0, at: offsetBytes) }
        if number != 0 { throw .system(path: path, errorNumber: number) }
    }

    /// - Returns: 0, or the system's error number.
    private func write(_ bytes: UnsafeRawBufferPointer, at offsetBytes: UInt64) -> Int32 {
        if let number = fault?(path, bytes.count) { return number }
        guard let start = bytes.baseAddress else { return 0 }
        var done = 0
        while done < bytes.count {
            let count = unsafe pwrite(
                descriptor,
                start + done,
                bytes.count - done,
                off_t(offsetBytes) + off_t(done)
            )
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? ENOSPC : errno }
            done += count
        }
        return 0
    }

    /// Cuts the file, or makes it larger with zeros.
    func truncate(to sizeBytes: UInt64) throws(RecordingError) {
        guard ftruncate(descriptor, off_t(sizeBytes)) == 0 else {
            throw .system(path: path, errorNumber: errno)
        }
    }

    /// Forces what was written to the disk itself.
    func sync() throws(RecordingError) {
        guard fdatasync(descriptor) == 0 else { throw .system(path: path, errorNumber: errno) }
    }

    /// Gives space in the middle back; where that is not possible it stays taken.
    func punch(offsetBytes: UInt64, sizeBytes: UInt64) {
        _ = HolePunch.punch(descriptor, offsetBytes: offsetBytes, sizeBytes: sizeBytes)
    }
}

/// Makes a write of so many bytes to a path fail with an error number; for tests of full disks.
package typealias RecordingFault = @Sendable (_ path: String, _ sizeBytes: Int) -> Int32?

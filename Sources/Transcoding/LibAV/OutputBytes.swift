import CLibAV
import Glibc

/// A new file as libavformat's muxer sees it: bytes go to the end, nothing is ever rewritten.
@safe package final class OutputBytes {
    let path: String
    private(set) var context: UnsafeMutablePointer<AVIOContext>?
    fileprivate let descriptor: CInt
    fileprivate var lastErrno: CInt = 0

    private static let bufferBytes = 256 << 10

    package convenience init(creating path: String) throws(TranscodingError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
        try self.init(path: path, descriptor: descriptor)
    }

    /// Takes over the descriptor.
    package init(path: String, descriptor: CInt) throws(TranscodingError) {
        self.path = path
        self.descriptor = descriptor
        let buffer = unsafe av_malloc(Self.bufferBytes)
        unsafe context = avio_alloc_context(
            buffer?.assumingMemoryBound(to: UInt8.self),
            CInt(Self.bufferBytes),
            1,
            Unmanaged.passUnretained(self).toOpaque(),
            nil,
            writeOutput,
            nil
        )
        guard unsafe context != nil else {
            unsafe av_free(buffer)
            throw .writeFailed(path: path, errno: ENOMEM)
        }
    }

    deinit {
        if let context = unsafe context { unsafe av_freep(&context.pointee.buffer) }
        unsafe avio_context_free(&context)
        close(descriptor)
    }

    /// The error of the medium, where writing failed for one.
    var writeError: TranscodingError? {
        lastErrno == 0 ? nil : Self.failure(path, lastErrno)
    }

    package func write(_ bytes: [UInt8]) throws(TranscodingError) {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe avio_write(context, buffer.baseAddress, CInt(clamping: buffer.count))
        }
        if let error = writeError { throw error }
    }

    /// Everything written is on the medium when this returns.
    package func synchronise() throws(TranscodingError) {
        unsafe avio_flush(context)
        if let error = writeError { throw error }
        // A character device such as /dev/null has nothing to synchronise.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw Self.failure(path, errno) }
    }

    static func failure(_ path: String, _ code: CInt) -> TranscodingError {
        code == ENOSPC || code == EDQUOT
            ? .diskFull(path: path) : .writeFailed(path: path, errno: code)
    }
}

private func writeOutput(
    _ opaque: UnsafeMutableRawPointer?,
    _ bytes: UnsafeMutablePointer<UInt8>?,
    _ count: CInt
) -> CInt {
    guard let opaque = unsafe opaque, let bytes = unsafe bytes else { return -EINVAL }
    let output = unsafe Unmanaged<OutputBytes>.fromOpaque(opaque).takeUnretainedValue()
    guard output.lastErrno == 0 else { return -output.lastErrno }
    var done = 0
    while done < Int(count) {
        let written = unsafe write(output.descriptor, bytes + done, Int(count) - done)
        if written > 0 {
            done += written
        } else if written == 0 || errno != EINTR {
            output.lastErrno = written == 0 ? EIO : errno
            return -output.lastErrno
        }
    }
    return count
}

import CLibAV
import Glibc

/// The source file as libavformat sees it: a custom AVIO context over one descriptor.
///
/// The demuxer gets these bytes and opens nothing by itself, so that a playlist or a reference in
/// a file leads nowhere.
@safe final class InputBytes {
    let path: String
    let sizeBytes: UInt64
    /// Owned; given to the demuxer as its `pb`.
    private(set) var context: UnsafeMutablePointer<AVIOContext>?
    fileprivate let descriptor: CInt
    let watchdog: Watchdog
    fileprivate var furthestByte: Int64 = 0
    fileprivate var lastErrno: CInt = 0

    private static let bufferBytes = 256 << 10

    init(path: String, watchdog: Watchdog) throws(TranscodingError) {
        self.path = path
        self.watchdog = watchdog
        (descriptor, sizeBytes) = try Self.open(path)
        let buffer = unsafe av_malloc(Self.bufferBytes)
        unsafe context = avio_alloc_context(
            buffer?.assumingMemoryBound(to: UInt8.self),
            CInt(Self.bufferBytes),
            0,
            Unmanaged.passUnretained(self).toOpaque(),
            readInput,
            nil,
            seekInput
        )
        guard unsafe context != nil else {
            unsafe av_free(buffer)
            throw .damaged(detail: "out of memory")
        }
    }

    deinit {
        if let context = unsafe context { unsafe av_freep(&context.pointee.buffer) }
        unsafe avio_context_free(&context)
        close(descriptor)
    }

    /// The error of the medium, where reading failed for one.
    var readError: TranscodingError? {
        lastErrno == 0 ? nil : .unreadable(path: path, errno: lastErrno)
    }

    private static func open(_ path: String) throws(TranscodingError) -> (CInt, UInt64) {
        // A named pipe would block the open: only then look what it is.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ENOENT
                ? .notFound(path: path) : .unreadable(path: path, errno: errno)
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .notAFile(path: path)
        }
        guard status.st_size > 0 else {
            close(descriptor)
            throw .emptyFile(path: path)
        }
        return (descriptor, UInt64(status.st_size))
    }
}

private func readInput(
    _ opaque: UnsafeMutableRawPointer?,
    _ buffer: UnsafeMutablePointer<UInt8>?,
    _ count: CInt
) -> CInt {
    guard let opaque = unsafe opaque, let buffer = unsafe buffer, count > 0 else {
        return MillraceAVErrorEOF
    }
    let input = unsafe Unmanaged<InputBytes>.fromOpaque(opaque).takeUnretainedValue()
    if input.watchdog.isExpired { return MillraceAVErrorExit }
    var got: Int
    repeat {
        got = unsafe read(input.descriptor, buffer, Int(count))
    } while got < 0 && errno == EINTR
    guard got >= 0 else {
        input.lastErrno = errno
        return -errno
    }
    let position = lseek(input.descriptor, 0, SEEK_CUR)
    if position > input.furthestByte {
        input.furthestByte = Int64(position)
        input.watchdog.progressed()
    }
    return got == 0 ? MillraceAVErrorEOF : CInt(got)
}

private func seekInput(
    _ opaque: UnsafeMutableRawPointer?,
    _ offset: Int64,
    _ whence: CInt
) -> Int64 {
    guard let opaque = unsafe opaque else { return -1 }
    let input = unsafe Unmanaged<InputBytes>.fromOpaque(opaque).takeUnretainedValue()
    if whence & AVSEEK_SIZE != 0 { return Int64(input.sizeBytes) }
    let position = lseek(input.descriptor, Int(offset), whence & ~AVSEEK_FORCE)
    return position < 0 ? Int64(-errno) : Int64(position)
}

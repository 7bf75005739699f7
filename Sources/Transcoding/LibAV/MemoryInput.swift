import CLibAV
import Glibc

/// Bytes in memory as libavformat sees them: a custom AVIO context.
@safe final class MemoryInput {
    /// Owned; given to the demuxer as its `pb`.
    private(set) var context: UnsafeMutablePointer<AVIOContext>?
    fileprivate let bytes: [UInt8]
    fileprivate var position = 0

    private static let bufferBytes = 64 << 10

    init(_ bytes: [UInt8]) throws(TranscodingError) {
        self.bytes = bytes
        let buffer = unsafe av_malloc(Self.bufferBytes)
        unsafe context = avio_alloc_context(
            buffer?.assumingMemoryBound(to: UInt8.self),
            CInt(Self.bufferBytes),
            0,
            Unmanaged.passUnretained(self).toOpaque(),
            readMemory,
            nil,
            seekMemory
        )
        guard unsafe context != nil else {
            unsafe av_free(buffer)
            throw .damaged(detail: "out of memory")
        }
    }

    deinit {
        if let context = unsafe context { unsafe av_freep(&context.pointee.buffer) }
        unsafe avio_context_free(&context)
    }
}

private func readMemory(
    _ opaque: UnsafeMutableRawPointer?,
    _ buffer: UnsafeMutablePointer<UInt8>?,
    _ count: CInt
) -> CInt {
    guard let opaque = unsafe opaque, let buffer = unsafe buffer, count > 0 else {
        return MillraceAVErrorEOF
    }
    let input = unsafe Unmanaged<MemoryInput>.fromOpaque(opaque).takeUnretainedValue()
    let size = min(Int(count), input.bytes.count - input.position)
    guard size > 0 else { return MillraceAVErrorEOF }
    unsafe input.bytes.withUnsafeBufferPointer { bytes in
        guard let base = bytes.baseAddress else { return }
        unsafe buffer.update(from: base + input.position, count: size)
    }
    input.position += size
    return CInt(size)
}

private func seekMemory(
    _ opaque: UnsafeMutableRawPointer?,
    _ offset: Int64,
    _ whence: CInt
) -> Int64 {
    guard let opaque = unsafe opaque else { return -1 }
    let input = unsafe Unmanaged<MemoryInput>.fromOpaque(opaque).takeUnretainedValue()
    let size = Int64(input.bytes.count)
    if whence & AVSEEK_SIZE != 0 { return size }
    let origin: Int64
    switch whence & ~AVSEEK_FORCE {
    case SEEK_SET: origin = 0
    case SEEK_CUR: origin = Int64(input.position)
    case SEEK_END: origin = size
    default: return Int64(-EINVAL)
    }
    let (target, overflow) = origin.addingReportingOverflow(offset)
    guard !overflow, (0...size).contains(target) else { return Int64(-EINVAL) }
    input.position = Int(target)
    return target
}

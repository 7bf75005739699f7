// Unsafe: calls zlib with pointers into two buffers. No zlib type leaves this file.

internal import CZlib
import NIOCore

/// zlib said no; the number is its own.
struct GzipError: Error, Hashable {
    let code: Int32
}

/// gzip in one go. RFC 1952
enum Gzip {
    /// Higher ones cost twice the time for a playlist that is 3 % smaller.
    private static let level: Int32 = 5
    /// 15 bits of window, and 16 for gzip's wrapper instead of zlib's; as `deflateInit2` takes it.
    private static let windowBits: Int32 = 15 + 16

    /// The same bytes for the same input wherever the same zlib runs: the header holds no time.
    static func compress(_ input: ByteBuffer) throws(GzipError) -> ByteBuffer {
        var stream = unsafe z_stream()
        var code = unsafe MillraceDeflateInit2(&stream, level, windowBits)
        guard code == Z_OK else { throw GzipError(code: code) }
        defer { unsafe _ = deflateEnd(&stream) }
        let bound = unsafe Int(deflateBound(&stream, UInt(input.readableBytes)))
        var output = ByteBufferAllocator().buffer(capacity: bound)
        _ = unsafe input.withUnsafeReadableBytes { source in
            unsafe output.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { room in
                unsafe stream.next_in = UnsafeMutablePointer(
                    mutating: source.bindMemory(to: UInt8.self).baseAddress
                )
                unsafe stream.avail_in = UInt32(source.count)
                unsafe stream.next_out = room.bindMemory(to: UInt8.self).baseAddress
                unsafe stream.avail_out = UInt32(room.count)
                unsafe code = deflate(&stream, Z_FINISH)
                return unsafe Int(stream.total_out)
            }
        }
        guard code == Z_STREAM_END else { throw GzipError(code: code) }
        return output
    }
}

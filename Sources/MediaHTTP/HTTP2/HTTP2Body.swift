// Unsafe: `Span.bytes` counts as such for types with padding; bytes have none.

import NIOCore

/// A body on its way to one client, asked for its bytes when it is the stream's turn.
///
/// Used on the connection's event loop only.
protocol HTTP2Body: AnyObject {
    /// Makes sure that there is a byte to write, or says why there is none.
    func prepare() -> HTTP2Obstacle?
    /// Appends at most so many bytes, and at least one unless the body is at its end.
    func write(atMost count: Int, to buffer: inout ByteBuffer) -> HTTP2BodyWrite
    /// All that is left is to say that the body is at its end.
    var isAtEnd: Bool { get }
    /// The client is gone, or all is sent; nothing is called after it.
    func finish(wasAborted: Bool)
    func checkTime(_ now: NIODeadline)
}

extension HTTP2Body {
    func prepare() -> HTTP2Obstacle? { nil }
    var isAtEnd: Bool { false }
    func finish(wasAborted: Bool) {}
    func checkTime(_ now: NIODeadline) {}
}

enum HTTP2BodyWrite {
    case wrote(isLast: Bool)
    case obstacle(HTTP2Obstacle)
}

/// Why a body has no bytes now.
enum HTTP2Obstacle {
    /// They will come, and the stream will be told.
    case wait
    /// They will not.
    case failure(StoredBodyError?)
}

/// Bytes in memory.
final class HTTP2BytesBody: HTTP2Body {
    private var bytes: ByteBuffer

    init(_ bytes: ByteBuffer) {
        self.bytes = bytes
    }

    func write(atMost count: Int, to buffer: inout ByteBuffer) -> HTTP2BodyWrite {
        let count = min(count, bytes.readableBytes)
        buffer.writeWithSpan(of: bytes, count)
        bytes.moveReaderIndex(forwardBy: count)
        return .wrote(isLast: bytes.readableBytes == 0)
    }
}

extension ByteBuffer {
    /// Appends the first bytes of another buffer, without a slice of it.
    mutating func writeWithSpan(of other: ByteBuffer, _ count: Int) {
        unsafe _ = writeBytes(other.readableBytesUInt8Span.extracting(first: count).bytes)
    }
}

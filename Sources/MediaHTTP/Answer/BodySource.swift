package import NIOCore

/// A body in memory whose later bytes may not be there yet; shared by all who send it.
///
/// From any thread. Each reader keeps its own place, so a slow one holds nobody back.
package protocol BodySource: AnyObject, Sendable {
    /// Bytes from `offsetBytes` on, as many as are there and at most `sizeBytes`; without copying.
    func read(at offsetBytes: UInt64, atMost sizeBytes: Int) -> BodySourceRead

    /// Calls `waiter.resume` once, on its event loop, when a read at `offsetBytes` is no longer
    /// `.pending`; at once (but not from within this call) where it already is not.
    func wake(_ waiter: any BodyWaiter, at offsetBytes: UInt64)
}

/// Who waits for more of a body.
package protocol BodyWaiter: AnyObject, Sendable {
    var eventLoop: any EventLoop { get }
    /// On `eventLoop`.
    func resume()
}

package enum BodySourceRead: Sendable {
    /// At least one byte.
    case bytes(ByteBuffer)
    /// None yet.
    case pending
    /// None ever: `offsetBytes` is the body's end.
    case end
    /// The rest cannot be had; the connection must be closed so that nobody takes what was sent for
    /// the whole.
    case failed
}

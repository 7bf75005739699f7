// Unsafe: @unchecked Sendable, because a piece has one owner at a time. The event loop hands it to
// a thread, does not touch it meanwhile, and gets it back; both hand-overs are through a queue.

import NIOCore

/// A pooled buffer that bytes of a body are read into and written to the socket from.
final class Piece: @unchecked Sendable {
    /// Filled in place: nobody else may hold its storage while it is filled.
    var buffer: ByteBuffer
    /// Index into `PiecePool.sizeClasses`; none for a size that is not pooled.
    let sizeClass: Int?
    /// What it counts for in the pool's accounts.
    let capacityBytes: Int

    init(capacityBytes: Int, sizeClass: Int?) {
        self.buffer = ByteBufferAllocator().buffer(capacity: capacityBytes)
        self.sizeClass = sizeClass
        self.capacityBytes = capacityBytes
    }
}

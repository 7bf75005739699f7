import EdgeCache
package import MediaHTTP
import NIOCore
import Synchronization

/// A body on its way from an origin, read by any number of viewers while it arrives.
///
/// What arrives is kept as it came until it is whole, and then moved into one buffer, which the
/// tiers keep. A windowed body forgets what its one reader has read: for what is too large to keep.
package final class GrowingBody: BodySource {
    fileprivate enum State {
        case arriving
        case whole(ByteBuffer)
        /// Whole, and no longer in the process's own memory.
        case kept(MemoryRegion)
        case failed
    }

    fileprivate struct Contents {
        var state = State.arriving
        /// What is here, in order; their sizes are in `ends`.
        var chunks: CircularBuffer<ByteBuffer> = []
        /// Where each chunk ends in the body.
        var ends: CircularBuffer<UInt64> = []
        var sizeBytes: UInt64 = 0
        /// Where the first kept chunk begins.
        var firstBytes: UInt64 = 0
        var waiters: [any BodyWaiter] = []
    }

    private let contents = Mutex(Contents())
    private let window: Window?

    /// For a body that is not kept: how much may lie here, and whom to tell that there is room.
    package struct Window: Sendable {
        var sizeBytes: Int
        var hasRoom: @Sendable () -> Void
    }

    package init(window: Window? = nil) {
        self.window = window
    }

    // MARK: - Arriving

    /// Takes more of it; whether a windowed body has room for yet more.
    @discardableResult
    func append(_ bytes: ByteBuffer) -> Bool {
        guard bytes.readableBytes > 0 else { return true }
        let (waiters, hasRoom) = contents.withLock { contents in
            contents.sizeBytes += UInt64(bytes.readableBytes)
            contents.chunks.append(bytes)
            contents.ends.append(contents.sizeBytes)
            let held = contents.sizeBytes - contents.firstBytes
            return (contents.takeWaiters(), window.map { held < UInt64($0.sizeBytes) } ?? true)
        }
        Self.wake(waiters)
        return hasRoom
    }

    /// It is whole: gives its bytes in one piece, in the arena where it is large; a windowed
    /// body gives nothing.
    @discardableResult
    func complete(in arena: MemoryArena? = nil) -> CachedBody {
        // Copied without the lock: nobody appends any more, and readers go on with the chunks.
        let (chunks, sizeBytes) = contents.withLock { ($0.chunks, Int($0.sizeBytes)) }
        guard window == nil else {
            finish(.whole(ByteBuffer()), keepingChunks: true)
            return .bytes(ByteBuffer())
        }
        if sizeBytes >= Self.arenaMinimumBytes,
            let region = arena?.store(chunks, sizeBytes: sizeBytes)
        {
            finish(.kept(region), keepingChunks: false)
            return .external(region)
        }
        let whole = Self.joined(chunks)
        finish(.whole(whole), keepingChunks: false)
        return .bytes(whole)
    }

    /// From this size on the kernel is quicker at sending by itself; below it, copying is.
    static let arenaMinimumBytes = 96 * 1024

    private func finish(_ state: State, keepingChunks: Bool) {
        let waiters = contents.withLock { contents in
            if !keepingChunks {
                contents.chunks = []
                contents.ends = []
            }
            contents.state = state
            return contents.takeWaiters()
        }
        Self.wake(waiters)
    }

    func fail() {
        let waiters = contents.withLock { contents in
            contents.state = .failed
            return contents.takeWaiters()
        }
        Self.wake(waiters)
    }

    /// Whether it forgets what its one reader has read.
    var isPassing: Bool { window != nil }

    var sizeBytes: UInt64 { contents.withLock { $0.sizeBytes } }

    var isArriving: Bool {
        contents.withLock { contents in
            if case .arriving = contents.state { return true }
            return false
        }
    }

    private static func joined(_ chunks: CircularBuffer<ByteBuffer>) -> ByteBuffer {
        // A buffer with room to spare would cost the tiers more than they count.
        if chunks.count == 1, let only = chunks.first,
            only.storageCapacity <= only.readableBytes + only.readableBytes / 8 + 64
        {
            return only
        }
        let sizeBytes = chunks.reduce(0) { $0 + $1.readableBytes }
        var whole = ByteBufferAllocator().buffer(capacity: sizeBytes)
        for chunk in chunks { whole.writeImmutableBuffer(chunk) }
        return whole
    }

    // MARK: - Reading

    package func read(at offsetBytes: UInt64, atMost sizeBytes: Int) -> BodySourceRead {
        let (outcome, madeRoom) = contents.withLock { contents in
            let outcome = contents.read(at: offsetBytes, atMost: sizeBytes)
            return (outcome, window.map { contents.forget(before: offsetBytes, $0) } ?? false)
        }
        if madeRoom { window?.hasRoom() }
        return outcome
    }

    package func wake(_ waiter: any BodyWaiter, at offsetBytes: UInt64) {
        let isReady = contents.withLock { contents in
            if case .arriving = contents.state, offsetBytes >= contents.sizeBytes {
                contents.waiters.append(waiter)
                return false
            }
            return true
        }
        if isReady { waiter.eventLoop.execute { waiter.resume() } }
    }

    /// One task for each event loop, however many wait there.
    private static func wake(_ waiters: [any BodyWaiter]) {
        guard let first = waiters.first else { return }
        if waiters.count == 1 { return first.eventLoop.execute { first.resume() } }
        let byLoop = Dictionary(grouping: waiters) { ObjectIdentifier($0.eventLoop) }
        for waiters in byLoop.values {
            waiters[0].eventLoop.execute {
                for waiter in waiters { waiter.resume() }
            }
        }
    }
}

extension GrowingBody.Contents {
    fileprivate mutating func takeWaiters() -> [any BodyWaiter] {
        defer { waiters = [] }
        return waiters
    }

    fileprivate func read(at offsetBytes: UInt64, atMost sizeBytes: Int) -> BodySourceRead {
        switch state {
        case .failed: return .failed
        case .kept(let region): return region.read(at: offsetBytes, atMost: sizeBytes)
        case .whole(let whole) where chunks.isEmpty:
            guard offsetBytes < UInt64(whole.readableBytes) else { return .end }
            let start = whole.readerIndex + Int(offsetBytes)
            let count = min(sizeBytes, whole.writerIndex - start)
            return whole.getSlice(at: start, length: count).map { .bytes($0) } ?? .failed
        case .whole, .arriving:
            guard offsetBytes < self.sizeBytes else {
                if case .whole = state { return .end }
                return .pending
            }
            guard offsetBytes >= firstBytes else { return .failed }
            return chunkRead(at: offsetBytes, atMost: sizeBytes)
        }
    }

    private func chunkRead(at offsetBytes: UInt64, atMost sizeBytes: Int) -> BodySourceRead {
        // Binary search for the first chunk that ends behind the place.
        var low = 0
        var high = ends.count
        while low < high {
            let middle = (low + high) / 2
            let isBehind = ends[ends.index(ends.startIndex, offsetBy: middle)] > offsetBytes
            if isBehind { high = middle } else { low = middle + 1 }
        }
        let chunk = chunks[chunks.index(chunks.startIndex, offsetBy: low)]
        let end = ends[ends.index(ends.startIndex, offsetBy: low)]
        let count = min(sizeBytes, Int(end - offsetBytes))
        let start = chunk.writerIndex - Int(end - offsetBytes)
        return chunk.getSlice(at: start, length: count).map { .bytes($0) } ?? .failed
    }

    /// Lets go of what the one reader has behind it; whether that made room.
    fileprivate mutating func forget(
        before offsetBytes: UInt64,
        _ window: GrowingBody.Window
    ) -> Bool {
        let wasFull = sizeBytes - firstBytes >= UInt64(window.sizeBytes)
        while let end = ends.first, end <= offsetBytes {
            ends.removeFirst()
            chunks.removeFirst()
            firstBytes = end
        }
        return wasFull && sizeBytes - firstBytes < UInt64(window.sizeBytes)
    }
}

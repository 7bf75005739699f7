package import MediaHTTP
package import NIOCore
import Synchronization

/// A segment's bytes in memory, part by part, while it is written and after.
///
/// From any thread. Readers of the whole segment follow it and wait where it ends for now; each
/// keeps its own place, so a slow one holds nobody back and costs no copy. Its parts stay for as
/// long as anybody reads, whatever the store has forgotten meanwhile.
package final class GrowingSegment: BodySource {
    private struct State {
        var parts: [ByteBuffer] = []
        /// Where each part ends, in bytes from the segment's start.
        var ends: [UInt64] = []
        var isComplete = false
        var waiters: [any BodyWaiter] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// The bytes of one part, 0-based.
    package func part(_ index: Int) -> ByteBuffer? {
        state.withLock { $0.parts.indices.contains(index) ? $0.parts[index] : nil }
    }

    package var partCount: Int { state.withLock { $0.parts.count } }

    /// Its size where it is complete.
    package var completeSizeBytes: UInt64? {
        state.withLock { $0.isComplete ? $0.ends.last ?? 0 : nil }
    }

    /// Adds a part.
    ///
    /// - Returns: who waits for it, to be resumed when no lock is held.
    func append(_ bytes: ByteBuffer) -> [any BodyWaiter] {
        state.withLock { state in
            state.parts.append(bytes)
            state.ends.append((state.ends.last ?? 0) + UInt64(bytes.readableBytes))
            return Self.takeWaiters(&state)
        }
    }

    /// There is no further part.
    ///
    /// - Returns: who waits, to be resumed when no lock is held.
    func complete() -> [any BodyWaiter] {
        state.withLock { state in
            state.isComplete = true
            return Self.takeWaiters(&state)
        }
    }

    private static func takeWaiters(_ state: inout State) -> [any BodyWaiter] {
        defer { state.waiters = [] }
        return state.waiters
    }

    // MARK: - Reading

    package func read(at offsetBytes: UInt64, atMost sizeBytes: Int) -> BodySourceRead {
        state.withLock { state in
            guard let index = Self.part(holding: offsetBytes, state) else {
                return state.isComplete ? .end : .pending
            }
            let bytes = state.parts[index]
            let start = state.ends[index] - UInt64(bytes.readableBytes)
            let skipped = Int(offsetBytes - start)
            let count = min(sizeBytes, bytes.readableBytes - skipped)
            let slice = bytes.getSlice(at: bytes.readerIndex + skipped, length: count)
            return slice.map { .bytes($0) } ?? .failed
        }
    }

    /// The first part that ends behind a byte.
    private static func part(holding offsetBytes: UInt64, _ state: State) -> Int? {
        guard let end = state.ends.last, offsetBytes < end else { return nil }
        var (low, high) = (0, state.ends.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if state.ends[middle] > offsetBytes { high = middle } else { low = middle + 1 }
        }
        return low
    }

    package func wake(_ waiter: any BodyWaiter, at offsetBytes: UInt64) {
        let isPending = state.withLock { state in
            guard !state.isComplete, offsetBytes >= state.ends.last ?? 0 else { return false }
            state.waiters.append(waiter)
            return true
        }
        if !isPending { waiter.eventLoop.execute { waiter.resume() } }
    }
}

/// Resumes readers with one hop for each event loop.
struct BodyWake {
    private var loops: [(eventLoop: any EventLoop, waiters: [any BodyWaiter])] = []

    mutating func add(_ waiters: [any BodyWaiter]) {
        for waiter in waiters {
            let eventLoop = waiter.eventLoop
            if let index = loops.firstIndex(where: { $0.eventLoop === eventLoop }) {
                loops[index].waiters.append(waiter)
            } else {
                loops.append((eventLoop, [waiter]))
            }
        }
    }

    func perform() {
        for (eventLoop, waiters) in loops {
            eventLoop.execute {
                for waiter in waiters { waiter.resume() }
            }
        }
    }
}

// Unsafe: blocks of memory with a head before what is handed out, which C and `ByteBuffer` use.

internal import Glibc
@_spi(CustomByteBufferAllocator) internal import NIOCore
internal import Synchronization

/// Memory for values of servers, used again and again.
///
/// A value of 500 KB in fresh memory costs 122 faults of pages, which was a third of all that a
/// look-up cost. So blocks that a viewer's answer has done with wait here, up to a limit, for the
/// next value; the last to come is the first to go, while it is still in the processor's caches.
/// From any thread; a block holds the pool for as long as it is in use.
final class ValuePool: Sendable {
    /// What stands before the memory of a block.
    @safe
    private struct Head {
        let pool: Unmanaged<ValuePool>
        let capacityBytes: Int
    }

    private struct State {
        /// By capacity.
        var idle: [Int: [UInt]] = [:]
        var idleBytes = 0
    }

    private let state = Mutex(State())
    private let idleLimitBytes: Int

    init(idleLimitBytes: Int = MemcachedLimits.idleValueBytes) {
        self.idleLimitBytes = idleLimitBytes
    }

    deinit {
        state.withLock { state in
            for block in state.idle.values.joined() {
                unsafe free(UnsafeMutableRawPointer(bitPattern: block))
            }
        }
    }

    /// Memory of at least this size, to be given back by `giveBack`; nothing where there is none.
    func take(_ sizeBytes: Int) -> UnsafeMutableRawPointer? {
        let capacityBytes = Self.capacityBytes(sizeBytes)
        let kept = state.withLock { state -> UInt? in
            guard let kept = state.idle[capacityBytes]?.popLast() else { return nil }
            state.idleBytes -= capacityBytes
            return kept
        }
        let found = unsafe kept.flatMap { unsafe UnsafeMutableRawPointer(bitPattern: $0) }
        guard let block = unsafe found ?? malloc(Self.headSizeBytes + capacityBytes) else {
            return nil
        }
        let head = unsafe Head(pool: .passRetained(self), capacityBytes: capacityBytes)
        unsafe block.storeBytes(of: head, as: Head.self)
        return unsafe block + Self.headSizeBytes
    }

    /// Takes memory back that a pool has handed out.
    static func giveBack(_ memory: UnsafeMutableRawPointer) {
        let block = unsafe memory - headSizeBytes
        let head = unsafe block.load(as: Head.self)
        unsafe head.pool.takeRetainedValue().keep(block, head.capacityBytes)
    }

    private func keep(_ block: UnsafeMutableRawPointer, _ capacityBytes: Int) {
        let number = UInt(bitPattern: block)
        let isKept = state.withLock { state in
            guard state.idleBytes + capacityBytes <= idleLimitBytes else { return false }
            state.idleBytes += capacityBytes
            state.idle[capacityBytes, default: []].append(number)
            return true
        }
        if !isKept { unsafe free(block) }
    }

    static func capacityBytes(of memory: UnsafeMutableRawPointer) -> Int {
        unsafe (memory - headSizeBytes).load(as: Head.self).capacityBytes
    }

    /// In steps of an eighth, so that few capacities serve all sizes and little is wasted.
    private static func capacityBytes(_ sizeBytes: Int) -> Int {
        let bits = Int.bitWidth - max(sizeBytes - 1, 1 << 3).leadingZeroBitCount
        let step = 1 << (bits - 4)
        return (sizeBytes + step - 1) & ~(step - 1)
    }

    /// As a line of the cache, so that values begin with one.
    private static let headSizeBytes = 64
}

extension ByteBuffer {
    /// The first bytes of memory of a pool, which goes back to it after the last use.
    init(pooled memory: UnsafeMutableRawPointer, sizeBytes: Int) {
        unsafe self.init(
            takingOwnershipOf: UnsafeMutableRawBufferPointer(start: memory, count: sizeBytes),
            allocator: ByteBufferAllocator(
                // For what is written behind a value, which nobody does: it is as pooled as this.
                allocate: { unsafe ValuePool(idleLimitBytes: 0).take($0) },
                reallocate: { memory, oldSize, newSize in
                    guard let new = unsafe ValuePool(idleLimitBytes: 0).take(newSize) else {
                        return nil
                    }
                    if let memory = unsafe memory {
                        unsafe new.copyMemory(from: memory, byteCount: min(oldSize, newSize))
                        unsafe ValuePool.giveBack(memory)
                    }
                    return unsafe new
                },
                deallocate: { unsafe ValuePool.giveBack($0) },
                copy: { unsafe $0.copyMemory(from: $1, byteCount: $2) }
            )
        )
    }
}

internal import CLibMemcached
internal import Glibc
@_spi(CustomByteBufferAllocator) internal import NIOCore

/// The memory that libmemcached works with: bounded, and with room for what it writes too far.
///
/// A server says how large a value is, and libmemcached reserves that before a byte of it came: so
/// its allocations end at a limit. And it copies the key of an answer into 251 bytes without a look
/// at its length, which a line of the text protocol bounds at 344: so the structure that it reads
/// answers into stands before free room, and an answer with such a key is malformed.
/// The memory of a large value, of which a handle reads one at a time, is of a `ValuePool`.
/// (The binary protocol copies up to 64 KiB there and onto its stack, one more reason against it.)
@safe
struct FencedMemory {
    /// Where answers are read into; after it there is room.
    let result: UnsafeMutablePointer<memcached_result_st>
    private let block: UnsafeMutablePointer<Block>

    @safe
    private struct Block {
        var result = unsafe memcached_result_st()
        var room: (SIMD64<UInt8>, SIMD64<UInt8>, SIMD64<UInt8>, SIMD64<UInt8>) = (
            .zero, .zero, .zero, .zero
        )
        var largestAllocationBytes: Int
        var pool: ValuePool
        /// Memory of the pool that libmemcached has, and nobody else.
        var value: UnsafeMutableRawPointer?
    }

    /// Sets up the memory of a handle, where no allocation is larger than this, and makes the result.
    init?(
        _ handle: UnsafeMutablePointer<memcached_st>,
        largestAllocationBytes: Int,
        pool: ValuePool
    ) {
        unsafe block = .allocate(capacity: 1)
        unsafe block.initialize(
            to: Block(largestAllocationBytes: largestAllocationBytes, pool: pool)
        )
        unsafe result = unsafe UnsafeMutableRawPointer(block)
            .assumingMemoryBound(to: memcached_result_st.self)
        let code = unsafe memcached_set_memory_allocators(
            handle,
            { _, size, context in
                unsafe FencedMemory.allows(size, context) ? unsafe malloc(size) : nil
            },
            { _, memory, context in
                // The result is ours, whatever an answer has written over the marks in it.
                if unsafe memory != context { unsafe FencedMemory.release(memory, context) }
            },
            { _, memory, size, context in
                guard unsafe FencedMemory.allows(size, context) else { return nil }
                return unsafe FencedMemory.resize(memory, size, context)
            },
            { _, count, size, context in
                let (total, isTooMuch) = count.multipliedReportingOverflow(by: size)
                guard !isTooMuch, unsafe FencedMemory.allows(total, context) else { return nil }
                return unsafe calloc(count, size)
            },
            block
        )
        guard code == MEMCACHED_SUCCESS, unsafe memcached_result_create(handle, result) != nil
        else {
            unsafe block.deinitialize(count: 1)
            unsafe block.deallocate()
            return nil
        }
    }

    /// Makes the result anew after an answer that was too long for it.
    func repair(_ handle: UnsafeMutablePointer<memcached_st>) {
        unsafe memcached_result_free(result)
        _ = unsafe memcached_result_create(handle, result)
    }

    /// Ends the result; the handle must not be used after that, but to be freed by `end`.
    func end(freeing handle: UnsafeMutablePointer<memcached_st>) {
        unsafe memcached_result_free(result)
        unsafe memcached_free(handle)
        unsafe block.deinitialize(count: 1)
        unsafe block.deallocate()
    }

    /// Makes a buffer of the memory that a value was read into, without a copy.
    func takeOver(_ memory: UnsafeMutableRawPointer, sizeBytes: Int) -> ByteBuffer {
        guard unsafe memory == block.pointee.value else {
            return unsafe ByteBuffer(
                takingOwnershipOf: UnsafeMutableRawBufferPointer(start: memory, count: sizeBytes),
                allocator: ByteBufferAllocator()
            )
        }
        unsafe block.pointee.value = nil
        return unsafe ByteBuffer(pooled: memory, sizeBytes: sizeBytes)
    }

    private static func release(
        _ memory: UnsafeMutableRawPointer?,
        _ context: UnsafeMutableRawPointer?
    ) {
        guard let memory = unsafe memory else { return }
        guard let block = unsafe context?.assumingMemoryBound(to: Block.self),
            unsafe block.pointee.value == memory
        else { return unsafe free(memory) }
        unsafe block.pointee.value = nil
        unsafe ValuePool.giveBack(memory)
    }

    private static func resize(
        _ memory: UnsafeMutableRawPointer?,
        _ size: Int,
        _ context: UnsafeMutableRawPointer?
    ) -> UnsafeMutableRawPointer? {
        guard let block = unsafe context?.assumingMemoryBound(to: Block.self) else { return nil }
        if let memory = unsafe memory, unsafe memory == block.pointee.value {
            guard let new = unsafe block.pointee.pool.take(size) else { return nil }
            let count = min(size, unsafe ValuePool.capacityBytes(of: memory))
            unsafe new.copyMemory(from: memory, byteCount: count)
            unsafe ValuePool.giveBack(memory)
            unsafe block.pointee.value = new
            return unsafe new
        }
        guard unsafe memory == nil, unsafe block.pointee.value == nil,
            size >= MemcachedLimits.smallestPooledValueBytes
        else { return unsafe realloc(memory, size) }
        unsafe block.pointee.value = block.pointee.pool.take(size)
        return unsafe block.pointee.value
    }

    private static func allows(_ size: Int, _ context: UnsafeMutableRawPointer?) -> Bool {
        guard let context = unsafe context else { return false }
        return unsafe size
            <= context.assumingMemoryBound(to: Block.self).pointee
            .largestAllocationBytes
    }
}

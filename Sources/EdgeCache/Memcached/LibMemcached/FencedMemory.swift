internal import CLibMemcached
internal import Glibc

/// The memory that libmemcached works with: bounded, and with room for what it writes too far.
///
/// A server says how large a value is, and libmemcached reserves that before a byte of it came: so
/// its allocations end at a limit. And it copies the key of an answer into 251 bytes without a look
/// at its length, which a line of the text protocol bounds at 344: so the structure that it reads
/// answers into stands before free room, and an answer with such a key is malformed.
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
    }

    /// Sets up the memory of a handle, where no allocation is larger than this, and makes the result.
    init?(_ handle: UnsafeMutablePointer<memcached_st>, largestAllocationBytes: Int) {
        unsafe block = .allocate(capacity: 1)
        unsafe block.initialize(to: Block(largestAllocationBytes: largestAllocationBytes))
        unsafe result = unsafe UnsafeMutableRawPointer(block)
            .assumingMemoryBound(to: memcached_result_st.self)
        let code = unsafe memcached_set_memory_allocators(
            handle,
            { _, size, context in
                unsafe FencedMemory.allows(size, context) ? unsafe malloc(size) : nil
            },
            { _, memory, context in
                // The result is ours, whatever an answer has written over the marks in it.
                if unsafe memory != context { unsafe free(memory) }
            },
            { _, memory, size, context in
                unsafe FencedMemory.allows(size, context) ? unsafe realloc(memory, size) : nil
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
        unsafe block.deallocate()
    }

    private static func allows(_ size: Int, _ context: UnsafeMutableRawPointer?) -> Bool {
        guard let context = unsafe context else { return false }
        return unsafe size
            <= context.assumingMemoryBound(to: Block.self).pointee
            .largestAllocationBytes
    }
}

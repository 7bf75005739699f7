internal import CLibMemcached
internal import Glibc
internal import NIOCore

extension MemcachedClient {
    /// A value, or nothing where the server has none.
    func value(of key: [UInt8]) throws(MemcachedFailure) -> ByteBuffer? {
        var found: ByteBuffer?
        try values(of: [key], placedBy: key) { found = $0 }
        return found
    }

    /// Reads several values of one server with one request, in the order of the keys.
    ///
    /// The memory of a value is what libmemcached read it into, taken over without a copy (by way
    /// of an SPI of NIO, as the public initialisers of `ByteBuffer` all copy). `take` gets each value
    /// that there is.
    func values(
        of keys: [[UInt8]],
        placedBy group: [UInt8],
        _ take: (ByteBuffer) -> Void
    ) throws(MemcachedFailure) {
        try ask(keys, placedBy: group)
        var next = 0
        var code = MEMCACHED_SUCCESS
        while unsafe memcached_fetch_result(handle, memory.result, &code) != nil {
            let length = unsafe memcached_result_key_length(memory.result)
            guard length <= Self.keySizeBytes else {
                unsafe memory.repair(handle)
                disconnect()
                throw .malformed
            }
            // Absent ones are left out; others, or in another order, were not asked for.
            let name = unsafe UnsafeRawBufferPointer(
                start: memcached_result_key_value(memory.result),
                count: length
            )
            while next < keys.count, unsafe !keys[next].elementsEqual(name) { next += 1 }
            guard next < keys.count, let value = takeValue() else {
                disconnect()
                throw .malformed
            }
            take(value)
            next += 1
        }
        guard code == MEMCACHED_END || code == MEMCACHED_NOTFOUND else {
            let failure = MemcachedFailure(code)
            if failure == .malformed { disconnect() }
            throw failure
        }
    }

    private func ask(_ keys: [[UInt8]], placedBy group: [UInt8]) throws(MemcachedFailure) {
        // One block for all keys, so that their addresses hold for the call.
        let text = keys.flatMap(\.self)
        let code = unsafe text.withUnsafeBytes { text in
            var offset = 0
            var pointers: [UnsafePointer<CChar>?] = unsafe []
            var lengths: [Int] = []
            for key in keys {
                unsafe pointers.append(
                    (text.baseAddress.map { unsafe $0 + offset })?
                        .assumingMemoryBound(to: CChar.self)
                )
                lengths.append(key.count)
                offset += key.count
            }
            return unsafe group.withUnsafeBytes { group in
                unsafe memcached_mget_by_key(
                    handle,
                    group.baseAddress?.assumingMemoryBound(to: CChar.self),
                    group.count,
                    pointers,
                    lengths,
                    keys.count
                )
            }
        }
        guard code == MEMCACHED_SUCCESS else { throw MemcachedFailure(code) }
    }

    private func takeValue() -> ByteBuffer? {
        let count = unsafe memcached_result_length(memory.result)
        guard count > 0, let memory = unsafe memcached_result_take_value(memory.result) else {
            return nil
        }
        return unsafe self.memory.takeOver(memory, sizeBytes: count)
    }

    private static let keySizeBytes = Int(MEMCACHED_MAX_KEY) - 1
}

internal import CLibMemcached
internal import NIOCore

extension MemcachedClient {
    /// Hands a value to its server; whether it is kept, only a look-up tells.
    ///
    /// Its expiration is as memcached takes it: seconds from now up to 30 days, or since 1970.
    func store(
        _ value: ByteBuffer,
        as key: [UInt8],
        placedBy group: [UInt8],
        expiration: Int
    ) throws(MemcachedFailure) {
        let code = unsafe value.withUnsafeReadableBytes { value in
            unsafe key.withUnsafeBytes { key in
                unsafe group.withUnsafeBytes { group in
                    unsafe memcached_set_by_key(
                        handle,
                        group.baseAddress?.assumingMemoryBound(to: CChar.self),
                        group.count,
                        key.baseAddress?.assumingMemoryBound(to: CChar.self),
                        key.count,
                        value.baseAddress?.assumingMemoryBound(to: CChar.self),
                        value.count,
                        expiration,
                        0
                    )
                }
            }
        }
        try check(code)
    }

    /// Removes a value, where there is one.
    func remove(_ key: [UInt8]) throws(MemcachedFailure) {
        let code = unsafe key.withUnsafeBytes { key in
            let start = unsafe key.baseAddress?.assumingMemoryBound(to: CChar.self)
            return unsafe memcached_delete_by_key(handle, start, key.count, start, key.count, 0)
        }
        try check(code)
    }

    /// Removes everything from every server that can be reached.
    func removeAll() throws(MemcachedFailure) {
        try check(unsafe memcached_flush(handle, 0))
    }

    private func check(_ code: memcached_return_t) throws(MemcachedFailure) {
        guard code != MEMCACHED_SUCCESS else { return }
        let failure = MemcachedFailure(code)
        // Half a value may be on its way.
        if failure != .unreachable { disconnect() }
        throw failure
    }
}

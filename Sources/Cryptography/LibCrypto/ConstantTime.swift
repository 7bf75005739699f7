// Unsafe: calls libcrypto with pointers into two buffers of the same size.

internal import COpenSSL

/// Comparisons whose time says nothing about what is compared.
package enum ConstantTime {
    /// Whether two runs of bytes are the same; only their sizes may be learnt from the time it takes.
    package static func isEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe left.withUnsafeBufferPointer { left in
            unsafe right.withUnsafeBufferPointer { right in
                unsafe left.isEmpty
                    || CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
            }
        }
    }
}

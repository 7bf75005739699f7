// Unsafe: calls libcrypto with a pointer into a buffer.

internal import COpenSSL

/// Bytes that nobody can foretell; from any thread.
package enum RandomBytes {
    /// As many as one call may ask for.
    package static let maximumCount = 1 << 20

    /// - Throws: `CryptographyError.noRandomness`.
    package static func make(count: Int) throws(CryptographyError) -> [UInt8] {
        precondition((0...maximumCount).contains(count))
        var bytes = [UInt8](repeating: 0, count: count)
        let status = unsafe bytes.withUnsafeMutableBufferPointer { bytes in
            unsafe RAND_bytes(bytes.baseAddress, Int32(bytes.count))
        }
        guard count == 0 || status == 1 else { throw .noRandomness }
        return bytes
    }
}

// Unsafe: calls libcrypto with pointers into two buffers.

internal import COpenSSL

/// SHA-256 in one go. FIPS 180-4 §6.2
package enum SHA256 {
    /// - Throws: `CryptographyError.unavailable`.
    package static func digest(of message: Span<UInt8>) throws(CryptographyError) -> Digest256 {
        var digest = Digest256()
        var span = digest.bytes.mutableSpan
        let status = unsafe message.withUnsafeBufferPointer { message in
            unsafe span.withUnsafeMutableBufferPointer { output in
                unsafe EVP_Digest(
                    message.baseAddress,
                    message.count,
                    output.baseAddress,
                    nil,
                    EVP_sha256(),
                    nil
                )
            }
        }
        guard status == 1 else { throw .unavailable(algorithm: "SHA256") }
        return digest
    }
}

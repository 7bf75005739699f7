// Unsafe: owns a libcrypto context and calls it with pointers into buffers that outlive the call.

internal import COpenSSL

/// HMAC-SHA-256 with one key; from any thread.
///
/// The key is hashed once, when this is made. Each code is computed by a copy of that context, so
/// callers on several threads share nothing that changes. (One context under a lock would make event
/// loops wait for each other; `HMAC()` hashes the key and looks the algorithm up every time.)
/// RFC 2104, FIPS 198-1
@safe package final class HMACSHA256: @unchecked Sendable {
    // Unchecked: set once here, and only ever copied from after, which libcrypto allows on several
    // threads at once.
    private let keyed: OpaquePointer

    /// - Throws: `CryptographyError.unavailable`.
    package init(key: [UInt8]) throws(CryptographyError) {
        guard let algorithm = unsafe EVP_MAC_fetch(nil, "HMAC", nil) else {
            throw .unavailable(algorithm: "HMAC")
        }
        // The context keeps its own reference.
        defer { unsafe EVP_MAC_free(algorithm) }
        guard let context = unsafe EVP_MAC_CTX_new(algorithm) else {
            throw .unavailable(algorithm: "HMAC")
        }
        guard unsafe Self.start(context, key: key) else {
            unsafe EVP_MAC_CTX_free(context)
            throw .unavailable(algorithm: "HMAC-SHA256")
        }
        unsafe keyed = context
    }

    deinit {
        unsafe EVP_MAC_CTX_free(keyed)
    }

    private static func start(_ context: OpaquePointer, key: [UInt8]) -> Bool {
        // Never written to: libcrypto's type merely cannot say so.
        var name = Array("SHA256".utf8CString)
        return unsafe name.withUnsafeMutableBufferPointer { name in
            let parameters = unsafe [
                OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.baseAddress, 0),
                OSSL_PARAM_construct_end(),
            ]
            return unsafe EVP_MAC_init(context, key, key.count, parameters) == 1
        }
    }

    /// The code of `head` followed by `rest`, as if they were one message.
    ///
    /// Traps where libcrypto has no memory left, as every other allocation of the process would.
    package func code(of head: Span<UInt8>, then rest: Span<UInt8>) -> Digest256 {
        guard let context = unsafe EVP_MAC_CTX_dup(keyed) else {
            preconditionFailure("libcrypto cannot copy a context")
        }
        defer { unsafe EVP_MAC_CTX_free(context) }
        var digest = Digest256()
        var span = digest.bytes.mutableSpan
        var sizeBytes = 0
        let isDone = unsafe span.withUnsafeMutableBufferPointer { output in
            unsafe Self.update(context, head) && Self.update(context, rest)
                && EVP_MAC_final(context, output.baseAddress, &sizeBytes, output.count) == 1
        }
        precondition(isDone && sizeBytes == Digest256.sizeBytes, "libcrypto made no HMAC")
        return digest
    }

    private static func update(_ context: OpaquePointer, _ bytes: Span<UInt8>) -> Bool {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            // An empty span may have no address, which libcrypto need not take.
            unsafe bytes.isEmpty || EVP_MAC_update(context, bytes.baseAddress, bytes.count) == 1
        }
    }
}

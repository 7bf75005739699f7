/// Why libcrypto could not be used as asked.
package enum CryptographyError: Error, Hashable, Sendable {
    /// The library has no such algorithm, or its configuration forbids it.
    case unavailable(algorithm: String)
    /// The kernel's and the library's source of random bytes failed.
    case noRandomness
}

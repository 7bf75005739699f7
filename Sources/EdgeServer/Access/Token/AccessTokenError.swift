/// Why a token opens nothing; each is 403, and told apart in metrics and in the log alone.
package enum AccessTokenError: Error, Hashable, Sendable, CaseIterable {
    /// It is no text that a signer makes.
    case malformed
    /// No key has its key id, or that key is no longer valid.
    case unknownKey
    case badSignature
    case expired
    /// It was signed for another path prefix.
    case foreignPath
    /// It was signed for another client network.
    case foreignClient
}

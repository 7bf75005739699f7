/// Every limit of access checks, in one place.
package enum AccessLimits {
    // MARK: - Tokens

    /// Bytes of a key's secret, at least; as many as the token's code has.
    package static let secretSizeBytes = 16
    /// Bytes of HMAC-SHA-256 that a token carries: half of them, and no fewer by RFC 2104 §5.
    package static let codeSizeBytes = 16
    /// Path segments that a token's prefix may have.
    package static let prefixSegments = 15
    package static let prefixSizeBytes = 512
    /// Characters of a viewer's id.
    package static let viewerLength = 32
    /// Bytes of a token: head, network, viewer with its length, code.
    package static let tokenSizeBytes = 8 + 2 + 1 + viewerLength + codeSizeBytes
    /// Room for the longest token.
    typealias TokenBytes = InlineArray<59, UInt8>
    /// Room for the longest token's bytes before its code, with the longest network.
    typealias SignedBytes = InlineArray<59, UInt8>
    /// Characters of the shortest and of the longest token.
    package static let tokenLengths = 32...(tokenSizeBytes * 4 + 2) / 3
    /// Cookies of the token's name that are tried; browsers send one for each path they know.
    package static let cookieTokens = 4
    /// Verified tokens that are remembered, each about 250 bytes: 8 MiB when full.
    package static let rememberedTokens = 32 * 1024

    // MARK: - Rates

    /// Clients, and tokens, whose rates are known at once; 16 bytes each, for each kind of rate.
    package static let ratedKeys = 64 * 1024
    /// A client may be made to wait this long for the bytes it had; what it had beyond is forgiven.
    package static let debtNanoseconds: UInt64 = 60_000_000_000
    /// Of an IPv6 address, what counts as one client: a household or a host has a /64 to itself.
    package static let clientPrefixLengthIPv6 = 64

    // MARK: - Countries

    /// Bytes of a country database.
    package static let databaseSizeBytes = 512 * 1024 * 1024
    /// Values that may be read or passed over while a database is opened; one of cities has a tenth.
    package static let databaseValues = 1 << 27
    /// Bytes at the end of a database in which its metadata begins.
    static let databaseMetadataSizeBytes = 128 * 1024

    // MARK: - Log

    /// Refusals that get a line in the log, a second.
    package static let loggedRefusalsPerSecond = 10
    /// Bytes of a refused request's path that the line holds.
    package static let loggedPathSizeBytes = 200
}

import Cryptography
package import Platform

/// Decides whether a token opens a path; from any thread, without blocking.
package final class AccessTokenVerifier: Sendable {
    private let keys: AccessKeys
    private let clockSkewSeconds: Int64
    private let verified: VerifiedTokens

    /// - Parameters:
    ///   - keys: all that may sign.
    ///   - clockSkewSeconds: how long a token is good beyond its expiry, for signers whose clock is
    ///     behind; keys likewise.
    ///   - rememberedTokens: verified tokens that are remembered.
    package init(
        keys: AccessKeys,
        clockSkewSeconds: Int64 = 0,
        rememberedTokens: Int = AccessLimits.rememberedTokens
    ) {
        self.keys = keys
        self.clockSkewSeconds = clockSkewSeconds
        self.verified = VerifiedTokens(capacity: rememberedTokens)
    }

    /// Verified tokens that are remembered now.
    package var rememberedCount: Int { verified.count }

    /// The most that are remembered.
    package var rememberedCapacity: Int { verified.capacity }

    /// Checks a token against the request that brings it.
    ///
    /// Expiry is told of tokens only whose code is right, so that a log that says `expired` speaks of
    /// one that was signed here.
    ///
    /// - Parameters:
    ///   - token: the text, as it came.
    ///   - path: the request's path without the token, as it came: a prefix binds its bytes.
    ///   - client: the client's address, the network of which may be bound.
    ///   - now: Unix seconds.
    /// - Throws: `AccessTokenError`.
    /// - Returns: what the token says.
    package func verify(
        _ token: Span<UInt8>,
        path: Span<UInt8>,
        client: IPAddress,
        now: Int64
    ) throws(AccessTokenError) -> VerifiedToken {
        guard AccessLimits.tokenLengths.contains(token.count) else { throw .malformed }
        let now = now - clockSkewSeconds
        let hash = VerifiedTokens.hash(token)
        if let known = verified.find(token, hash: hash) {
            try known.check(path: path, client: client, now: now)
            return known
        }
        let new = try compute(token, path: path, client: client)
        try new.check(path: path, client: client, now: now)
        verified.remember(new, hash: hash, now: now)
        return new
    }

    /// Checks a token against the request that brings it.
    package func verify(
        _ token: some StringProtocol,
        path: String,
        client: IPAddress,
        now: Int64
    ) throws(AccessTokenError) -> VerifiedToken {
        let token = Array(token.utf8)
        return try verify(token.span, path: path.utf8.span, client: client, now: now)
    }

    /// Computes the code that a token should have; time is not looked at.
    private func compute(
        _ text: Span<UInt8>,
        path: Span<UInt8>,
        client: IPAddress
    ) throws(AccessTokenError) -> VerifiedToken {
        var storage = AccessLimits.TokenBytes(repeating: 0)
        var output = storage.mutableSpan
        guard let sizeBytes = Base64URL.decode(text, into: &output),
            sizeBytes > AccessLimits.codeSizeBytes
        else { throw .malformed }
        let bytes = storage.span.extracting(0..<sizeBytes)
        let head = bytes.extracting(droppingLast: AccessLimits.codeSizeBytes)
        let code = bytes.extracting(last: AccessLimits.codeSizeBytes)
        let token = try AccessToken(bytes: head)
        guard let key = keys[token.keyID] else { throw .unknownKey }

        let segments = Int(token.prefixSegments)
        guard let prefixSizeBytes = PathPrefix.sizeBytes(of: path, segments: segments) else {
            throw .foreignPath
        }
        let prefix = path.extracting(0..<prefixSizeBytes)
        guard SignedMessage.check(of: prefix) == token.prefixCheck else { throw .foreignPath }
        let network = try Self.network(of: client, token)

        let message = SignedMessage(token: head, network: network)
        let expected = message.code(prefix: prefix, key: key)
        let expectedCode = expected.bytes.span.extracting(0..<AccessLimits.codeSizeBytes)
        guard ConstantTime.isEqual(expectedCode, code) else { throw .badSignature }
        return VerifiedToken(
            text: text,
            prefix: prefix,
            network: network,
            expiresAt: Int64(token.expiresAt),
            keyNotAfter: key.notAfter,
            viewer: token.viewer,
            // Part of the digest that the token does not show.
            id: (16..<24).reduce(0) { $0 << 8 | UInt64(expected.bytes[$1]) }
        )
    }

    private static func network(
        of client: IPAddress,
        _ token: AccessToken
    ) throws(AccessTokenError) -> NetworkBlock? {
        guard let network = token.network else { return nil }
        guard let block = network.block(of: client),
            SignedMessage.check(of: block) == token.networkCheck
        else { throw .foreignClient }
        return block
    }
}

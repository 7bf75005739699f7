import Cryptography
package import Platform

/// Makes tokens, for `edge sign` and for tests.
///
/// Others follow the recipe in `docs/decisions/0009-signed-addresses.md`.
package struct AccessTokenSigner: Sendable {
    private let key: AccessKey

    package init(key: AccessKey) {
        self.key = key
    }

    /// Why there is no token for what was asked.
    package enum Failure: Error, Hashable, Sendable {
        /// Not `/`, `/videos/`, `/videos/abc/`, or longer than tokens can say.
        case badPrefix
        /// Before 1970 or after 2106.
        case badExpiry
        /// A network of no bits holds everyone.
        case badNetwork
        /// Not 1 to 32 letters, digits, `.`, `_` or `-`.
        case badViewer
    }

    /// A token for everything below a path prefix.
    ///
    /// - Parameters:
    ///   - prefix: begins and ends with a slash, and is written as players will ask for it.
    ///   - expiresAt: Unix seconds; the last second in which it is good.
    ///   - network: only clients in it may use the token, if given.
    ///   - viewer: for logs and counting, if given; everyone who has the token can read it.
    /// - Throws: `Failure`.
    /// - Returns: text for a path segment, a query or a cookie as it is.
    package func sign(
        prefix: String,
        expiresAt: Int64,
        network: NetworkBlock? = nil,
        viewer: String? = nil
    ) throws(Failure) -> String {
        guard let segments = PathPrefix.segments(of: prefix) else { throw .badPrefix }
        guard let expiresAt = UInt32(exactly: expiresAt) else { throw .badExpiry }
        if let network, network.prefixLength == 0 { throw .badNetwork }
        if let viewer, !AccessToken.isViewer(viewer.utf8) { throw .badViewer }
        let prefix = prefix.utf8.span
        let token = AccessToken(
            keyID: key.id,
            expiresAt: expiresAt,
            prefixSegments: UInt8(segments),
            prefixCheck: SignedMessage.check(of: prefix),
            network: network.map {
                $0.base.isIPv4
                    ? .ipv4(prefixLength: $0.prefixLength) : .ipv6(prefixLength: $0.prefixLength)
            },
            networkCheck: network.map { SignedMessage.check(of: $0) } ?? 0,
            viewer: viewer
        )
        let bytes = token.bytes
        let code = SignedMessage(token: bytes.span, network: network).code(prefix: prefix, key: key)
        return Base64URL.encode(
            bytes + (0..<AccessLimits.codeSizeBytes).map { code.bytes[$0] }
        )
    }
}

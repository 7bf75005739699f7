import Platform

/// Makes whole addresses for `edge sign`.
package enum SignedAddress {
    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        case noKey
        case badAddress(String)
        case badClient(String)
        case badToken(AccessTokenSigner.Failure)

        package var description: String {
            switch self {
            case .noKey: "access.keys has no key to sign with"
            case .badAddress(let text): "\(text) is no address: it begins with a slash"
            case .badClient(let text): "\(text) is no network such as 192.0.2.0/24"
            case .badToken(.badPrefix): "the prefix must begin and end with a slash"
            case .badToken(.badExpiry): "the time is before 1970 or after 2106"
            case .badToken(.badNetwork): "a network of no bits holds everyone"
            case .badToken(.badViewer): "a viewer is 1 to 32 letters, digits, dots, _ or -"
            }
        }
    }

    /// What is to be opened, and to whom.
    package struct Wish: Sendable {
        package var path: String
        /// Where nothing: the path's first two segments.
        package var prefix: String?
        package var expiresAt: Int64
        package var client: String?
        package var viewer: String?

        package init(
            path: String,
            prefix: String?,
            expiresAt: Int64,
            client: String?,
            viewer: String?
        ) {
            self.path = path
            self.prefix = prefix
            self.expiresAt = expiresAt
            self.client = client
            self.viewer = viewer
        }
    }

    /// The address with its token, signed by the last of the keys.
    ///
    /// - Parameters:
    ///   - wish: what is to be opened.
    ///   - keys: as configured.
    /// - Returns: path and token.
    /// - Throws: `Failure`, or `ConfigurationError` where the key is none.
    package static func make(_ wish: Wish, keys: [String]) throws -> String {
        guard let text = keys.last else { throw Failure.noKey }
        let key = try AccessOptions.key(text)
        guard wish.path.hasPrefix("/") else { throw Failure.badAddress(wish.path) }
        var network: NetworkBlock?
        if let client = wish.client {
            guard let block = NetworkBlock(client) else { throw Failure.badClient(client) }
            network = block
        }
        let segments = wish.path.split(separator: "/").prefix(2).joined(separator: "/")
        do throws(AccessTokenSigner.Failure) {
            let token = try AccessTokenSigner(key: key).sign(
                prefix: wish.prefix ?? "/\(segments)/",
                expiresAt: wish.expiresAt,
                network: network,
                viewer: wish.viewer
            )
            return "/_t/\(token)\(wish.path)"
        } catch {
            throw Failure.badToken(error)
        }
    }
}

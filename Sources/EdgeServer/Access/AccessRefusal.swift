/// Why a request is refused; clients learn the status, the log and metrics the reason.
package enum AccessRefusal: Error, Hashable, Sendable {
    /// The path could be read in two ways, or has a token and nothing behind it.
    case malformedPath
    /// Its network may not, or is none of those that may.
    case network
    case country
    /// Another site's page shows the media.
    case page
    case tokenMissing
    case token(AccessTokenError)
    case clientRequests(retryAfterSeconds: Int)
    case clientBytes(retryAfterSeconds: Int)
    case tokenRequests(retryAfterSeconds: Int)
    case tokenBytes(retryAfterSeconds: Int)

    /// The one table from reason to status. RFC 9110 §15.5, RFC 6585 §4
    package var status: Int {
        switch self {
        case .malformedPath: 400
        case .network, .country, .page, .tokenMissing, .token: 403
        case .clientRequests, .clientBytes, .tokenRequests, .tokenBytes: 429
        }
    }

    /// For `Retry-After`, with 429.
    package var retryAfterSeconds: Int? {
        switch self {
        case .clientRequests(let seconds), .clientBytes(let seconds),
            .tokenRequests(let seconds), .tokenBytes(let seconds):
            seconds
        default: nil
        }
    }

    package var reason: Reason {
        switch self {
        case .malformedPath: .malformedPath
        case .network: .network
        case .country: .country
        case .page: .page
        case .tokenMissing: .tokenMissing
        case .token(.malformed): .tokenMalformed
        case .token(.unknownKey): .tokenUnknownKey
        case .token(.badSignature): .tokenBadSignature
        case .token(.expired): .tokenExpired
        case .token(.foreignPath): .tokenForeignPath
        case .token(.foreignClient): .tokenForeignClient
        case .clientRequests: .clientRequests
        case .clientBytes: .clientBytes
        case .tokenRequests: .tokenRequests
        case .tokenBytes: .tokenBytes
        }
    }

    /// The value of the `reason` label, and of the log's field.
    package enum Reason: String, CaseIterable, Hashable, Sendable {
        case malformedPath = "malformed_path"
        case network
        case country
        case page
        case tokenMissing = "token_missing"
        case tokenMalformed = "token_malformed"
        case tokenUnknownKey = "token_unknown_key"
        case tokenBadSignature = "token_bad_signature"
        case tokenExpired = "token_expired"
        case tokenForeignPath = "token_foreign_path"
        case tokenForeignClient = "token_foreign_client"
        case clientRequests = "client_requests"
        case clientBytes = "client_bytes"
        case tokenRequests = "token_requests"
        case tokenBytes = "token_bytes"
        /// A connection, by `ConnectionCaps`.
        case clientConnections = "client_connections"
    }
}

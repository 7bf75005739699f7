package import Platform

/// What access checks need of a request.
package struct AccessRequest: Sendable {
    /// As it was sent: not decoded, not normalised.
    package var path: String
    package var query: String?
    /// The client's own, where trusted proxies stand between.
    package var client: IPAddress

    package init(path: String, query: String? = nil, client: IPAddress) {
        self.path = path
        self.query = query
        self.client = client
    }
}

/// When a request is looked at.
package struct AccessTime: Hashable, Sendable {
    /// Wall time, for expiry.
    package var unixSeconds: Int64
    /// Of a clock that never goes back, for rates.
    package var nanoseconds: UInt64

    package init(unixSeconds: Int64, nanoseconds: UInt64) {
        self.unixSeconds = unixSeconds
        self.nanoseconds = nanoseconds
    }
}

package enum AccessDecision: Sendable {
    case allowed(AccessPass)
    /// To the address with the token in its path: 307, and never stored.
    case redirect(to: String)
    case refused(AccessRefusal)
}

/// A request that may be answered.
package struct AccessPass: Sendable {
    /// The path without the token: what caches and origins know.
    package var path: Substring
    /// Nothing where the request brought no token, or did not need one.
    package var token: VerifiedToken?

    package var viewer: String? { token?.viewer }
    package var tokenID: UInt64? { token?.id }
}

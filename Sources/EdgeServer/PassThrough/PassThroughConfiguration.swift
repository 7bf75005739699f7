package import Platform

/// How requests that are not cached are passed on to the origin's API listener.
package struct PassThroughConfiguration: Sendable {
    /// Put into `Via` of each request, RFC 9110 §7.6.3; nothing where the upstream does so.
    package var pseudonym: String?
    /// Proxies whose `X-Forwarded-…` fields are believed and passed on; others' are replaced.
    package var trustedNetworks: [NetworkBlock]
    /// Further request fields that clients may not send, in lower case, such as one by which
    /// origins know their edges.
    package var removedFields: Set<String>
    /// An API may think longer than a packager, and events may be rare.
    package var timeLimits: UpstreamTimeLimits
    /// Silence that a switched connection's origin may keep; above the lane's own
    /// `MediaLimits.switchedIdleTime`, which sees both directions.
    package var switchedStall = Duration.seconds(7200)
    /// Origins that are asked one after another before the client hears of a failure.
    package var attemptCount: Int

    package init(
        pseudonym: String? = "millrace-edge",
        trustedNetworks: [NetworkBlock] = [],
        removedFields: Set<String> = [],
        timeLimits: UpstreamTimeLimits = .passThrough,
        attemptCount: Int = 3
    ) {
        self.pseudonym = pseudonym
        self.trustedNetworks = trustedNetworks
        self.removedFields = removedFields
        self.timeLimits = timeLimits
        self.attemptCount = attemptCount
    }
}

extension UpstreamTimeLimits {
    /// Two seconds to connect, a minute for a head, five minutes of silence in a body.
    package static var passThrough: UpstreamTimeLimits {
        var limits = UpstreamTimeLimits()
        limits.head = .seconds(60)
        limits.stall = .seconds(300)
        return limits
    }
}

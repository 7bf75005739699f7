/// A request to an origin, or to a shield.
package struct UpstreamRequest: Sendable {
    package enum BodySize: Hashable, Sendable {
        case none
        case sized(UInt64)
        /// Sent chunked.
        case unknown
    }

    package var method: String
    /// Path and query.
    package var target: String
    /// In order; without `Host`, `Content-Length`, `Transfer-Encoding` and `Connection`, which the
    /// connection makes.
    ///
    /// An `Upgrade` asks to switch protocols.
    package var fields: [(String, String)]
    /// The `Host` to send; that of the origin's address where nil.
    package var host: String?
    package var bodySize: BodySize
    package var timeLimits: UpstreamTimeLimits

    package init(
        method: String = "GET",
        target: String,
        fields: [(String, String)] = [],
        host: String? = nil,
        bodySize: BodySize = .none,
        timeLimits: UpstreamTimeLimits = UpstreamTimeLimits()
    ) {
        self.method = method
        self.target = target
        self.fields = fields
        self.host = host
        self.bodySize = bodySize
        self.timeLimits = timeLimits
    }
}

/// How long the parts of a call may take.
package struct UpstreamTimeLimits: Hashable, Sendable {
    /// For a connection, its handshake included.
    package var connect = Duration.seconds(2)
    /// From the request's last byte to the answer's head; live's holds need three target durations.
    package var head = Duration.seconds(10)
    /// Between two reads of a body.
    package var stall = Duration.seconds(10)

    package init() {}
}

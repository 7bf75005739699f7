package import Platform

/// How a group's origins stand, for `/status` and metrics.
package struct UpstreamSnapshot: Sendable {
    /// In the order of the configuration.
    package var origins: [OriginSnapshot]
}

package struct OriginSnapshot: Sendable {
    package enum Reason: Hashable, Sendable {
        /// No check and no call has said anything that matters.
        case fresh
        case checksFailed
        case callsFailed(UpstreamError)
        case checksSucceeded
        case downTimeOver
    }

    package var id: OriginID
    package var url: OriginURL
    package var isBackup: Bool
    package var weight: Int
    package var isUp: Bool
    package var reason: Reason
    /// How long it has been up or down.
    package var since: Duration
    package var openConnections: Int
    package var idleConnections: Int
    package var waitingCalls: Int
    package var calls: UInt64
    package var connectionsOpened: UInt64
    package var retries: UInt64
    /// Calls that failed, by reason; those that were cancelled by their caller too.
    package var errors: [(error: UpstreamError, count: UInt64)]
    /// From the call to the answer's head; it goes on counting.
    package var firstByte: LatencyHistogram
}

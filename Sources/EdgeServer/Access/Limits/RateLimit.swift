/// So many units a second, with so many at once.
package struct RateLimit: Hashable, Sendable {
    /// Requests, or bytes.
    package let perSecond: Double
    /// Units that a client which was quiet may use at once.
    package let burst: Double

    /// - Returns: nil unless there is at least one unit in 1000 s and in a burst.
    package init?(perSecond: Double, burst: Double) {
        guard perSecond.isFinite, burst.isFinite, perSecond >= 0.001, burst >= 1 else { return nil }
        self.perSecond = perSecond
        self.burst = burst
    }

    /// The time that units stand for, no longer than the longest debt and the burst together.
    func nanoseconds(of units: Double) -> UInt64 {
        let nanoseconds = units * 1e9 / perSecond
        return nanoseconds < 1e18 ? UInt64(max(0, nanoseconds)) : 1_000_000_000_000_000_000
    }
}

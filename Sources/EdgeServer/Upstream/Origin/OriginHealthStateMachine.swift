package import NIOCore

/// Whether an origin is worth calling: checks and calls in, up or down out.
///
/// Down by checks only comes back by checks; where there are none, it comes back when its time is
/// over, and one further failed call takes it down again.
package struct OriginHealthStateMachine: Sendable {
    package typealias Reason = OriginSnapshot.Reason

    package private(set) var isUp = true
    package private(set) var reason = Reason.fresh
    package private(set) var since: NIODeadline
    private var checkFailures = 0
    private var checkSuccesses = 0
    private var callFailures = 0
    /// When full weight is reached again.
    private var isSlowStarting = false

    package init(now: NIODeadline) {
        since = now
    }

    package mutating func checkSucceeded(
        _ now: NIODeadline,
        _ configuration: HealthConfiguration
    ) {
        checkFailures = 0
        guard !isUp else { return }
        checkSuccesses += 1
        guard checkSuccesses >= configuration.successCount else { return }
        goUp(.checksSucceeded, now)
    }

    package mutating func checkFailed(
        _ now: NIODeadline,
        _ configuration: HealthConfiguration
    ) {
        checkSuccesses = 0
        guard isUp else { return }
        checkFailures += 1
        guard checkFailures >= configuration.failureCount else { return }
        goDown(.checksFailed, now)
    }

    package mutating func callAnswered() {
        callFailures = 0
    }

    package mutating func callFailed(
        _ error: UpstreamError,
        _ now: NIODeadline,
        _ configuration: HealthConfiguration
    ) {
        guard isUp else { return }
        callFailures += 1
        guard callFailures >= configuration.callFailureCount else { return }
        goDown(.callsFailed(error), now)
    }

    /// Its weight now; 0 while it is down.
    ///
    /// Shares are in hundredths, so that one which starts slowly can have less than the least.
    package mutating func share(
        ofWeight weight: Int,
        _ now: NIODeadline,
        _ configuration: HealthConfiguration
    ) -> Int {
        if !isUp, configuration.interval == nil, now >= since + TimeAmount(configuration.downTime) {
            goUp(.downTimeOver, now)
            callFailures = configuration.callFailureCount - 1
        }
        guard isUp else { return 0 }
        let full = weight * Self.fullShare
        let time = TimeAmount(configuration.slowStart).nanoseconds
        guard isSlowStarting, time > 0 else { return full }
        let elapsed = (now - since).nanoseconds
        if elapsed >= time {
            isSlowStarting = false
            return full
        }
        let part = max(Double(elapsed) / Double(time), Self.leastPart)
        return max(1, Int(Double(full) * part))
    }

    private mutating func goUp(_ reason: Reason, _ now: NIODeadline) {
        (isUp, self.reason, since) = (true, reason, now)
        isSlowStarting = true
        checkFailures = 0
        callFailures = 0
    }

    private mutating func goDown(_ reason: Reason, _ now: NIODeadline) {
        (isUp, self.reason, since) = (false, reason, now)
        checkSuccesses = 0
    }

    package static let fullShare = 100
    /// A start from nothing would never show whether the origin is well.
    private static let leastPart = 0.1
}

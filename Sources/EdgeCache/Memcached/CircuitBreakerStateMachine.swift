/// Decides from outcomes whether to go on asking.
///
/// Closed, it counts outcomes in windows. Too many failures open it for a pause; after that one
/// trial at a time is let through, whose outcome closes it or opens it again for twice as long.
/// Times are a monotonic clock's milliseconds.
package struct CircuitBreakerStateMachine: Sendable {
    package enum State: Hashable, Sendable {
        case closed
        case open(until: Int64)
        /// A trial is under way; one that has not ended by then is lost, and another may start.
        case trial(until: Int64)
    }

    package enum Change: Hashable, Sendable {
        case opened(milliseconds: Int64)
        case closed
    }

    package private(set) var state = State.closed
    private let configuration: CircuitBreakerConfiguration
    private var windowStart = Int64.min
    private var outcomeCount = 0
    private var failureCount = 0
    private var pauseMilliseconds: Int64

    package init(configuration: CircuitBreakerConfiguration) {
        self.configuration = configuration
        pauseMilliseconds = configuration.shortestPause.wholeMilliseconds
    }

    /// Whether to ask now; each yes should be followed by an outcome.
    package mutating func admits(at now: Int64) -> Bool {
        switch state {
        case .closed:
            return true
        case .open(let until), .trial(let until):
            guard now >= until else { return false }
            state = .trial(until: now + pauseMilliseconds)
            return true
        }
    }

    package mutating func succeeded(at now: Int64) -> Change? {
        switch state {
        case .closed:
            count(isFailure: false, at: now)
            return nil
        case .open:
            // Asked before it opened.
            return nil
        case .trial:
            state = .closed
            pauseMilliseconds = configuration.shortestPause.wholeMilliseconds
            startWindow(at: now)
            return .closed
        }
    }

    package mutating func failed(at now: Int64) -> Change? {
        switch state {
        case .closed:
            count(isFailure: true, at: now)
            let share = Double(failureCount) / Double(outcomeCount)
            guard failureCount >= configuration.failureCount, share >= configuration.failureShare
            else { return nil }
        case .open:
            return nil
        case .trial:
            pauseMilliseconds = min(
                pauseMilliseconds * 2,
                configuration.longestPause.wholeMilliseconds
            )
        }
        state = .open(until: now + pauseMilliseconds)
        return .opened(milliseconds: pauseMilliseconds)
    }

    private mutating func count(isFailure: Bool, at now: Int64) {
        if windowStart == .min || now - windowStart >= configuration.window.wholeMilliseconds {
            startWindow(at: now)
        }
        outcomeCount += 1
        if isFailure { failureCount += 1 }
    }

    private mutating func startWindow(at now: Int64) {
        windowStart = now
        (outcomeCount, failureCount) = (0, 0)
    }
}

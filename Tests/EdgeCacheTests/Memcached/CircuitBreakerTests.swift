import EdgeCache
import Testing

/// By reference, as expectations take no changes of values.
private final class Breaker {
    private var machine = CircuitBreakerStateMachine(
        configuration: CircuitBreakerConfiguration(failureShare: 0.5)
    )

    var state: CircuitBreakerStateMachine.State { machine.state }
    func admits(at now: Int64) -> Bool { machine.admits(at: now) }
    func succeeded(at now: Int64) -> CircuitBreakerStateMachine.Change? {
        machine.succeeded(at: now)
    }
    func failed(at now: Int64) -> CircuitBreakerStateMachine.Change? { machine.failed(at: now) }
}

struct CircuitBreakerTests {
    private func opened() -> Breaker {
        let breaker = Breaker()
        for _ in 0..<8 { _ = breaker.failed(at: 0) }
        return breaker
    }

    @Test func fewFailuresSayNothing() {
        let breaker = Breaker()
        for _ in 0..<7 { #expect(breaker.failed(at: 0) == nil) }
        #expect(breaker.admits(at: 0))
        #expect(breaker.failed(at: 0) == .opened(milliseconds: 250))
        #expect(!breaker.admits(at: 249))
    }

    @Test func failuresAmongSuccessesKeepItClosed() {
        let breaker = Breaker()
        for _ in 0..<100 {
            #expect(breaker.succeeded(at: 0) == nil)
            #expect(breaker.succeeded(at: 0) == nil)
            #expect(breaker.failed(at: 0) == nil)
        }
        #expect(breaker.state == .closed)
    }

    @Test func oldFailuresAreForgotten() {
        let breaker = Breaker()
        for second in 0..<20 as Range<Int64> {
            for _ in 0..<4 { #expect(breaker.failed(at: second * 1000) == nil) }
        }
        #expect(breaker.state == .closed)
    }

    @Test func oneTrialAtATimeAfterPause() {
        let breaker = opened()
        #expect(breaker.admits(at: 250))
        #expect(!breaker.admits(at: 250))
        #expect(breaker.succeeded(at: 251) == .closed)
        #expect(breaker.admits(at: 251))
    }

    @Test func failedTrialDoublesThePauseUpToALimit() {
        let breaker = opened()
        var now: Int64 = 250
        for pause in [500, 1000, 2000, 2000, 2000] as [Int64] {
            #expect(breaker.admits(at: now))
            #expect(breaker.failed(at: now) == .opened(milliseconds: pause))
            #expect(!breaker.admits(at: now + pause - 1))
            now += pause
        }
        #expect(breaker.admits(at: now))
        #expect(breaker.succeeded(at: now) == .closed)
        for _ in 0..<7 { #expect(breaker.failed(at: now) == nil) }
        #expect(breaker.failed(at: now) == .opened(milliseconds: 250))
    }

    @Test func lostTrialIsFollowedByAnother() {
        let breaker = opened()
        #expect(breaker.admits(at: 250))
        #expect(!breaker.admits(at: 499))
        #expect(breaker.admits(at: 500))
    }

    /// What was asked before it opened says nothing about now.
    @Test func lateOutcomesDoNotCloseIt() {
        let breaker = opened()
        #expect(breaker.succeeded(at: 10) == nil)
        #expect(breaker.failed(at: 10) == nil)
        #expect(!breaker.admits(at: 20))
    }
}

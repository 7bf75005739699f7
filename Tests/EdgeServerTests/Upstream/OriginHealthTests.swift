import EdgeServer
import NIOCore
import Testing

/// Health and shares over time, without any.
struct OriginHealthTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private let configuration: HealthConfiguration = {
        var configuration = HealthConfiguration()
        configuration.slowStart = .seconds(10)
        return configuration
    }()

    /// Whether it is up after checks, `+` for one that succeeds.
    private func isUp(_ health: inout OriginHealthStateMachine, after checks: String) -> Bool {
        for check in checks {
            if check == "+" {
                health.checkSucceeded(Self.start, configuration)
            } else {
                health.checkFailed(Self.start, configuration)
            }
        }
        return health.isUp
    }

    @Test(arguments: [
        ("", true), ("--", true), ("--+--", true), ("---", false), ("---+-+", false),
        ("---++", true), ("---++--", true), ("---++---", false),
    ])
    func checksInARowDecide(checks: String, isUp expected: Bool) {
        var health = OriginHealthStateMachine(now: Self.start)
        let isUp = isUp(&health, after: checks)
        #expect(isUp == expected)
    }

    @Test func anAnswerForgivesFailedCalls() {
        var health = OriginHealthStateMachine(now: Self.start)
        for _ in 0..<4 { health.callFailed(.closed, Self.start, configuration) }
        health.callAnswered()
        for _ in 0..<4 { health.callFailed(.closed, Self.start, configuration) }
        #expect(health.isUp)
        health.callFailed(.timedOut, Self.start, configuration)
        #expect(!health.isUp && health.reason == .callsFailed(.timedOut))
    }

    @Test func itStartsSlowlyAfterItWasDown() {
        var health = OriginHealthStateMachine(now: Self.start)
        func share(_ seconds: Int64, weight: Int = 2) -> Int {
            health.share(ofWeight: weight, Self.start + .seconds(seconds), configuration)
        }
        #expect(share(0) == 200)
        for _ in 0..<3 { health.checkFailed(Self.start, configuration) }
        #expect(share(0) == 0)
        for _ in 0..<2 { health.checkSucceeded(Self.start, configuration) }
        #expect([share(0), share(5), share(10), share(10, weight: 0)] == [20, 100, 200, 0])
    }

    @Test func withoutChecksItsDownTimeEnds() {
        var configuration = configuration
        configuration.interval = nil
        configuration.slowStart = .zero
        var health = OriginHealthStateMachine(now: Self.start)
        for _ in 0..<5 { health.callFailed(.closed, Self.start, configuration) }
        let later = Self.start + .seconds(10)
        let before = health.share(ofWeight: 1, Self.start + .seconds(9), configuration)
        let after = health.share(ofWeight: 1, later, configuration)
        #expect([before, after] == [0, 100])
        #expect(health.reason == .downTimeOver)
        // One more failure is enough.
        health.callFailed(.closed, later, configuration)
        #expect(!health.isUp)
    }

    @Test func turnsAreSpreadOutByShare() {
        var rotation = WeightedRotation(count: 3)
        let turns = (0..<7).map { _ in rotation.next(shares: [5, 1, 1]) ?? -1 }
        #expect(turns == [0, 0, 1, 0, 2, 0, 0])
        let none = rotation.next(shares: [0, 0, 0])
        #expect(none == nil)
    }

    @Test func theOnesLeftOutAreNotOwedAnything() {
        var rotation = WeightedRotation(count: 2)
        for _ in 0..<100 { _ = rotation.next(shares: [1, 0]) }
        let turns = (0..<4).map { _ in rotation.next(shares: [1, 1]) ?? -1 }
        #expect(turns.filter { $0 == 0 }.count == 2)
    }
}

import NIOCore
import NIOPosix
import Synchronization
import Testing

/// Waits until something is so; a test in which it never is fails here.
func eventually(
    _ what: Comment,
    within limit: Duration = .seconds(20),
    at location: SourceLocation = #_sourceLocation,
    _ isMet: () async throws -> Bool
) async throws {
    let start = ContinuousClock.now
    while try await !isMet() {
        try #require(ContinuousClock.now - start < limit, what, sourceLocation: location)
        try await pass(.milliseconds(10))
    }
}

/// Lets time go by where time itself is the subject, such as the life of a kept answer.
func pass(_ time: TimeAmount) async throws {
    try await MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: time) {}
        .futureResult.get()
}

/// Where answers wait until a test opens it: closed at first, then open for good.
final class Latch: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter() }
    }

    /// Calls back at once or when it opens, on any thread.
    func whenOpen(_ callback: @escaping @Sendable () -> Void) {
        let isOpen = state.withLock { state in
            if !state.isOpen { state.waiters.append(callback) }
            return state.isOpen
        }
        if isOpen { callback() }
    }
}

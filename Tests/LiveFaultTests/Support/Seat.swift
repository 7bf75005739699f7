import Synchronization

/// A place among the origins that run at the same time.
///
/// There are few enough for a machine of two processors to keep time for all of them. Given back
/// when its holder lets go of it.
final class Seat: Sendable {
    private struct State {
        var free = 6
        var waiting: [CheckedContinuation<Seat, Never>] = []
    }

    private static let state = Mutex(State())

    private init() {}

    static func take() async -> Seat {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume(returning: Seat()) }
        }
    }

    deinit {
        let next = Self.state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() as Optional }
            state.free += 1
            return nil
        }
        next?.resume(returning: Seat())
    }
}

import Live
import Synchronization

/// Time that stands still until a test moves it.
final class ManualClock: LiveClock {
    private struct Timer {
        var id: Int
        var at: Int64
        var work: @Sendable () -> Void
    }

    private struct State {
        var now: Int64 = 1_000_000
        var timers: [Timer] = []
        var nextID = 0
    }

    private struct Handle: LiveTimer {
        let id: Int
        let clock: ManualClock

        func cancel() {
            clock.state.withLock { state in state.timers.removeAll { $0.id == id } }
        }
    }

    private let state = Mutex(State())
    /// Of wall time at steady time zero.
    static let epoch: Int64 = 1_795_000_000_000_000

    var steadyMicroseconds: Int64 { state.withLock { $0.now } }
    var wallMicroseconds: Int64 { Self.epoch + steadyMicroseconds }
    var timerCount: Int { state.withLock { $0.timers.count } }

    func schedule(
        in delay: Duration,
        _ work: @escaping @Sendable () -> Void
    ) -> any LiveTimer {
        state.withLock { state in
            state.nextID += 1
            let (seconds, attoseconds) = delay.components
            let at = state.now + seconds * 1_000_000 + attoseconds / 1_000_000_000_000
            state.timers.append(Timer(id: state.nextID, at: at, work: work))
            return Handle(id: state.nextID, clock: self)
        }
    }

    /// Moves on, and runs on this thread what is due, in order.
    func advance(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let end = state.withLock {
            $0.now + seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        }
        while true {
            let due = state.withLock { state -> Timer? in
                guard let next = state.timers.filter({ $0.at <= end }).min(by: { $0.at < $1.at })
                else {
                    state.now = end
                    return nil
                }
                state.now = max(state.now, next.at)
                state.timers.removeAll { $0.id == next.id }
                return next
            }
            guard let due else { return }
            due.work()
        }
    }
}

import Live
import Synchronization

/// Time that goes by as a stream's own: whoever takes its messages moves it on.
final class StreamClock: LiveClock {
    private struct Timer {
        var id: Int
        var at: Int64
        var work: @Sendable () -> Void
    }

    private struct State {
        var now: Int64 = 0
        var timers: [Timer] = []
        var nextID = 0
    }

    private struct Handle: LiveTimer {
        let id: Int
        let clock: StreamClock

        func cancel() {
            clock.state.withLock { state in state.timers.removeAll { $0.id == id } }
        }
    }

    private static let epoch: Int64 = 1_795_000_000_000_000
    private let state = Mutex(State())

    var steadyMicroseconds: Int64 { state.withLock { $0.now } }
    var wallMicroseconds: Int64 { Self.epoch + steadyMicroseconds }

    func schedule(
        in delay: Duration,
        _ work: @escaping @Sendable () -> Void
    ) -> any LiveTimer {
        let (seconds, attoseconds) = delay.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        return state.withLock { state in
            state.nextID += 1
            state.timers.append(
                Timer(id: state.nextID, at: state.now + microseconds, work: work)
            )
            return Handle(id: state.nextID, clock: self)
        }
    }

    /// Moves on, never back, and does on this thread what is due by then.
    func advance(to microseconds: Int64) {
        let due = state.withLock { state -> [Timer] in
            state.now = max(state.now, microseconds)
            let due = state.timers.filter { $0.at <= state.now }
            if !due.isEmpty { state.timers.removeAll { $0.at <= state.now } }
            return due
        }
        for timer in due { timer.work() }
    }
}

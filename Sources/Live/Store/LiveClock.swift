package import NIOCore
import Platform

/// What time it is, and what happens later; injected, so that tests drive time.
package protocol LiveClock: Sendable {
    /// Microseconds since 1970, as this machine has them; may step.
    var wallMicroseconds: Int64 { get }

    /// Microseconds of a clock that only goes forward.
    var steadyMicroseconds: Int64 { get }

    /// Calls `work` once, later, on any thread; it must not block.
    func schedule(in delay: Duration, _ work: @escaping @Sendable () -> Void) -> any LiveTimer
}

/// What was scheduled.
package protocol LiveTimer: Sendable {
    /// It does not happen, unless it already does.
    func cancel()
}

/// The machine's own clocks; timers run on one event loop.
package struct SystemLiveClock: LiveClock {
    private let eventLoop: any EventLoop

    package init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    package var wallMicroseconds: Int64 { WallClock.unixMicroseconds() }

    package var steadyMicroseconds: Int64 {
        Int64(NIODeadline.now().uptimeNanoseconds / 1000)
    }

    package func schedule(
        in delay: Duration,
        _ work: @escaping @Sendable () -> Void
    ) -> any LiveTimer {
        LoopTimer(task: eventLoop.scheduleTask(in: TimeAmount(delay)) { work() })
    }

    private struct LoopTimer: LiveTimer {
        let task: Scheduled<Void>

        func cancel() { task.cancel() }
    }
}

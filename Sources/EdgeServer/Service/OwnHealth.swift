// Unsafe: asks the system for the process's CPU time.

internal import Glibc
import MediaHTTP
import Platform
import Synchronization

/// How full this edge is, as it tells other regions: a mean of the last seconds.
final class OwnHealth: Sendable {
    private struct State {
        var cpuSeconds = 0.0
        var at: Int64 = 0
        var busyness = 0.0
        var isDraining = false
    }

    private let state = Mutex(State())
    private let lane: LaneMetrics
    private let maximumConnections: Int
    private let loopCount: Int
    private let clock: @Sendable () -> Int64

    /// - Parameters:
    ///   - lane: knows the open connections.
    ///   - maximumConnections: how many are let in.
    ///   - loopCount: threads that serve.
    ///   - clock: monotonic milliseconds.
    init(
        lane: LaneMetrics,
        maximumConnections: Int,
        loopCount: Int,
        clock: @escaping @Sendable () -> Int64
    ) {
        self.lane = lane
        self.maximumConnections = maximumConnections
        self.loopCount = loopCount
        self.clock = clock
    }

    func drain() { state.withLock { $0.isDraining = true } }

    var document: RegionHealthDocument {
        let now = clock()
        let cpuSeconds = Self.cpuSeconds()
        let (busyness, isDraining) = state.withLock { state in
            if now - state.at >= Self.intervalMilliseconds {
                if state.at > 0 {
                    let seconds = Double(now - state.at) / 1000
                    let share = (cpuSeconds - state.cpuSeconds) / seconds / Double(loopCount)
                    state.busyness += (share - state.busyness) / 2
                }
                state.cpuSeconds = cpuSeconds
                state.at = now
            }
            return (state.busyness, state.isDraining)
        }
        return RegionHealthDocument(
            openConnections: Int(lane.openConnections.value),
            maximumConnections: maximumConnections,
            busyness: busyness,
            isDraining: isDraining
        )
    }

    private static let intervalMilliseconds: Int64 = 2000

    private static func cpuSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

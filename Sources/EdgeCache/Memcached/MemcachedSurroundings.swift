internal import Glibc

/// The clocks and the chance that the tier lives by, to be replaced in tests.
package struct MemcachedSurroundings: Sendable {
    /// The clock that `Freshness` counts in.
    package var monotonicMilliseconds: @Sendable () -> Int64
    /// Since 1970; may be set at any time.
    package var wallMilliseconds: @Sendable () -> Int64
    /// Tells one store of a key from the next.
    package var version: @Sendable () -> UInt64

    package init(
        monotonicMilliseconds: @escaping @Sendable () -> Int64 = Self.monotonicClock,
        wallMilliseconds: @escaping @Sendable () -> Int64 = Self.wallClock,
        version: @escaping @Sendable () -> UInt64 = { UInt64.random(in: 0 ... .max) }
    ) {
        self.monotonicMilliseconds = monotonicMilliseconds
        self.wallMilliseconds = wallMilliseconds
        self.version = version
    }

    package static let monotonicClock: @Sendable () -> Int64 = { now(CLOCK_MONOTONIC) }
    package static let wallClock: @Sendable () -> Int64 = { now(CLOCK_REALTIME) }

    private static func now(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

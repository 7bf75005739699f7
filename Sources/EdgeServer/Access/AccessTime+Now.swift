// Unsafe: has the kernel write the time into a value of this file's own.

import Glibc

extension AccessTime {
    /// The time of the machine's clocks.
    ///
    /// Coarse ones, some milliseconds behind, at a few nanoseconds a call: expiry counts seconds, and
    /// rates are no more exact than the arrival of packets.
    package static func now() -> AccessTime {
        var wall = timespec()
        var monotonic = timespec()
        unsafe clock_gettime(CLOCK_REALTIME_COARSE, &wall)
        unsafe clock_gettime(CLOCK_MONOTONIC_COARSE, &monotonic)
        return AccessTime(
            unixSeconds: Int64(wall.tv_sec),
            nanoseconds: UInt64(monotonic.tv_sec) * 1_000_000_000 + UInt64(monotonic.tv_nsec)
        )
    }
}

/// Track times as microseconds of the publish's timeline, in which tracks are compared.
enum TrackClock {
    /// Rounded down, so that equal times of two timescales are equal microseconds.
    static func microseconds(_ ticks: Int64, timescale: UInt32) -> Int64 {
        let scale = Int64(timescale)
        let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: scale)
        let fraction = rest * 1_000_000
        return seconds * 1_000_000
            + (fraction < 0 ? -((scale - 1 - fraction) / scale) : fraction / scale)
    }

    /// The first tick that is not before a time.
    static func ticks(_ microseconds: Int64, timescale: UInt32) -> Int64 {
        let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let fraction = rest * Int64(timescale)
        return seconds * Int64(timescale)
            + (fraction > 0 ? (fraction + 999_999) / 1_000_000 : fraction / 1_000_000)
    }
}

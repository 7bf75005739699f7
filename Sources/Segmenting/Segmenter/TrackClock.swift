/// Track times as microseconds of the publish's timeline, in which tracks are compared.
enum TrackClock {
    /// Rounded down, so that equal times of two timescales are equal microseconds.
    static func microseconds(_ ticks: Int64, timescale: UInt32) -> Int64 {
        let scale = Int64(timescale)
        let seconds = floorDivision(ticks, by: scale)
        return seconds * 1_000_000 + (ticks - seconds * scale) * 1_000_000 / scale
    }

    /// The last tick that is not behind a time.
    static func ticksInside(_ microseconds: Int64, timescale: UInt32) -> Int64 {
        let seconds = floorDivision(microseconds, by: 1_000_000)
        let rest = microseconds - seconds * 1_000_000
        return seconds * Int64(timescale) + rest * Int64(timescale) / 1_000_000
    }

    private static func floorDivision(_ value: Int64, by divisor: Int64) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

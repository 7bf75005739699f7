/// Wall clock times as NTP has them. RFC 5905 §6
enum NTPTimestamp {
    private static let secondsFrom1900To1970: UInt64 = 2_208_988_800

    /// Seconds since 1900 in the upper 32 bits, fractions in the lower.
    static func make(microsecondsSince1970 time: Int64) -> UInt64 {
        let (seconds, microseconds) = UInt64(max(0, time)).quotientAndRemainder(
            dividingBy: 1_000_000
        )
        return (seconds &+ secondsFrom1900To1970) << 32 | (microseconds << 32) / 1_000_000
    }
}

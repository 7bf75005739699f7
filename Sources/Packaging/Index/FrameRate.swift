import ISOBMFF

/// Frames a second of a track as a fraction in lowest terms.
struct FrameRate {
    let numerator: UInt32
    let denominator: UInt32

    /// Exact where all samples but the last are equally long.
    ///
    /// Else the average in thousandths, or the usual rate that it is within a five-thousandth of,
    /// as with 29.97 frames a second in whole milliseconds.
    init(_ track: TimedTrack) {
        let durations = track.source.samples.durations[track.range]
        let timescale = track.source.timescale
        if let first = durations.first, first > 0, durations.dropLast().allSatisfy({ $0 == first })
        {
            self.init(timescale, first)
            return
        }
        let total = durations.reduce(into: UInt64(0)) { $0 += UInt64($1) }
        guard total > 0 else {
            self.init(0, 1)
            return
        }
        let average = Double(durations.count) * Double(timescale) / Double(total)
        for (numerator, denominator) in Self.usual {
            let rate = Double(numerator) / Double(denominator)
            if abs(average - rate) < rate / 5000 {
                self.init(numerator, denominator)
                return
            }
        }
        self.init(UInt32(min(average * 1000, 4e9).rounded()), 1000)
    }

    private static let usual: [(UInt32, UInt32)] = [
        (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (50, 1), (60000, 1001), (60, 1),
    ]

    private init(_ numerator: UInt32, _ denominator: UInt32) {
        var (divisor, rest) = (numerator, denominator)
        while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
        self.numerator = numerator / max(divisor, 1)
        self.denominator = denominator / max(divisor, 1)
    }
}

/// A time or duration in media: `value` ticks of which there are `timescale` a second.
///
/// Comparison is exact, by cross-multiplication; no conversion rounds unless it says so.
package struct MediaTime: Sendable {
    package var value: Int64
    /// Ticks a second; never 0.
    package var timescale: UInt32

    package init(_ value: Int64, timescale: UInt32) {
        precondition(timescale > 0, "a timescale is never 0")
        self.value = value
        self.timescale = timescale
    }

    package static let zero = MediaTime(0, timescale: 1)

    /// For people and for playlists; not for arithmetic.
    package var seconds: Double { Double(value) / Double(timescale) }

    /// This time in another timescale, rounded to the nearest tick, halves away from zero.
    ///
    /// What does not fit 64 bits is the nearest value that does.
    package func rounded(toTimescale other: UInt32) -> Int64 {
        if other == timescale { return value }
        let (quotient, remainder) = magnitude(inTimescale: other)
        let roundsUp = remainder >= UInt64(timescale) - remainder
        return signed(roundsUp ? quotient &+ 1 : quotient)
    }

    /// The first tick of another timescale that is not before this time; saturates as `rounded`.
    package func roundedUp(toTimescale other: UInt32) -> Int64 {
        if other == timescale { return value }
        let (quotient, remainder) = magnitude(inTimescale: other)
        return signed(remainder > 0 && value > 0 ? quotient &+ 1 : quotient)
    }

    /// The magnitude in another timescale, at most `Int64.max`, and what is left of a tick.
    private func magnitude(inTimescale other: UInt32) -> (quotient: UInt64, remainder: UInt64) {
        let product = value.magnitude.multipliedFullWidth(by: UInt64(other))
        let divisor = UInt64(timescale)
        guard product.high < divisor else { return (UInt64(Int64.max), 0) }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        return quotient < UInt64(Int64.max) ? (quotient, remainder) : (UInt64(Int64.max), 0)
    }

    private func signed(_ magnitude: UInt64) -> Int64 {
        value < 0 ? -Int64(magnitude) : Int64(magnitude)
    }
}

extension MediaTime: Comparable {
    package static func < (left: MediaTime, right: MediaTime) -> Bool {
        let a = left.value.multipliedFullWidth(by: Int64(right.timescale))
        let b = right.value.multipliedFullWidth(by: Int64(left.timescale))
        return a.high == b.high ? a.low < b.low : a.high < b.high
    }

    package static func == (left: MediaTime, right: MediaTime) -> Bool {
        let a = left.value.multipliedFullWidth(by: Int64(right.timescale))
        let b = right.value.multipliedFullWidth(by: Int64(left.timescale))
        return a.high == b.high && a.low == b.low
    }
}

extension MediaTime: Hashable {
    package func hash(into hasher: inout Hasher) {
        var (divisor, rest) = (value.magnitude, UInt64(timescale))
        while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
        hasher.combine(value / Int64(divisor))
        hasher.combine(UInt64(timescale) / divisor)
    }
}

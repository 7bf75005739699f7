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
    package func rounded(toTimescale other: UInt32) -> Int64 {
        if other == timescale { return value }
        let product = value.multipliedFullWidth(by: Int64(other))
        let half = Int64(timescale / 2)
        let (quotient, remainder) = Int64(timescale).dividingFullWidth(product)
        if remainder > 0, remainder > half || (timescale % 2 == 0 && remainder == half) {
            return quotient + 1
        }
        if remainder < 0, -remainder > half || (timescale % 2 == 0 && -remainder == half) {
            return quotient - 1
        }
        return quotient
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

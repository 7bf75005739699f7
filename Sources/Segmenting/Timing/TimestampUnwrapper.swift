/// Makes times that only wrap where they must out of an encoder's 32-bit milliseconds.
///
/// A chunk stream's timestamp wraps after 49.7 days. Encoders that know FLV's 24 bits only wrap
/// after 4 hours 39 minutes and 37 seconds; such a wrap is known by both of its sides lying close
/// to it. RTMP 1.0 §5.3.1.3
package struct TimestampUnwrapper: Sendable {
    /// How close to a 24-bit wrap, in milliseconds, the timestamps on both of its sides lie.
    package static let shortWrapWindow: UInt32 = 60_000

    private static let shortWrap: UInt32 = 1 << 24

    private var last: (raw: UInt32, value: Int64)?
    private var shortWraps = 0

    package init() {}

    /// The timestamp on a line without wraps, in milliseconds; less than before where the encoder
    /// goes back.
    package mutating func unwrap(_ raw: UInt32) -> Int64 {
        guard let last else {
            self.last = (raw, Int64(raw))
            return Int64(raw)
        }
        var step = Int64(Int32(bitPattern: raw &- last.raw))
        if Self.isBeforeShortWrap(last.raw), raw < Self.shortWrapWindow {
            step += Int64(Self.shortWrap)
            shortWraps += 1
        } else if shortWraps > 0, last.raw < Self.shortWrapWindow, Self.isBeforeShortWrap(raw) {
            // Another track, still in front of the wrap.
            step -= Int64(Self.shortWrap)
            shortWraps -= 1
        }
        var value = last.value + step
        // Only jump after jump gets here; one more is all that the timeline sees.
        if value.magnitude > UInt64(TimingLimits.longestLine) { value = Int64(raw) }
        self.last = (raw, value)
        return value
    }

    private static func isBeforeShortWrap(_ raw: UInt32) -> Bool {
        (shortWrap - shortWrapWindow..<shortWrap).contains(raw)
    }
}

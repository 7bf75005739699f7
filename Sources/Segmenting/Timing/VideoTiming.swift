/// Makes exact times of 90000 ticks a second out of a video's times, which encoders round to
/// milliseconds.
///
/// At constant rate frames stand on a grid and their durations are known at once. The encoder's
/// times stay the truth: where they run away from the grid on average, a frame is made half a
/// millisecond longer or shorter until they meet. Frames that are missing leave their places empty.
/// Where frames often stand beside the grid the rate is variable: times are the encoder's,
/// durations are not known, until a constant rate is seen again.
package struct VideoTiming: Sendable {
    package struct Times: Hashable, Sendable {
        package var decodeTime: Int64
        package var compositionOffset: Int32
        package var duration: UInt32?
    }

    /// The rate's; nil while it is variable.
    package private(set) var interval: FrameInterval?
    /// Times at which frames were missing.
    package private(set) var gaps = 0

    /// Of the last frame.
    private var last: Int64?
    /// Where the next one may stand, and at constant rate should.
    private var next: Int64 = 0
    private var measurement = RateMeasurement()

    // At constant rate only.
    /// Place of the frame of index 0 on the grid.
    private var origin: Int64 = 0
    private var index: Int64 = 0
    /// How far the encoder's times are ahead of the grid, averaged over 16, times 16.
    private var distance16: Int64 = 0
    /// A bit for each frame of late: whether it was off the grid or behind a gap.
    private var misses: UInt32 = 0
    /// Sum of all ticks by which the grid was moved since `reviewIndex`.
    private var slipped: Int64 = 0
    private var reviewIndex: Int64 = 0

    /// - Parameters:
    ///   - hints: what the stream's headers say the rate is, the likeliest first.
    ///   - stamps: of the first frames, in microseconds, as far as they came: they confirm a hint
    ///     or show the rate.
    package init(hints: [FrameInterval], stamps: [Int64]) {
        interval = RateMeasurement.interval(of: stamps, hints: hints)
    }

    /// A rate that new headers tell; what comes will refute it where it is wrong.
    package mutating func suggest(_ hint: FrameInterval) {
        guard hint != interval else { return }
        interval = hint
        begin(at: next)
    }

    /// The next frame's times.
    ///
    /// - Parameters:
    ///   - stamp: its decode time on the publish's timeline, in microseconds; at or behind that of
    ///     the frame before it is healed.
    ///   - composition: presentation less decode time, in microseconds.
    /// - Returns: its times in ticks, never before the end of the frame before it.
    package mutating func times(stamp: Int64, composition: Int64) -> Times {
        let wanted = Self.ticks(stamp)
        guard last != nil else {
            begin(at: wanted)
            return emit(wanted, wanted: wanted, composition: composition)
        }
        guard let interval else {
            let time = max(wanted, next)
            if let found = measurement.add(stamp) {
                self.interval = found
                begin(at: time)
            }
            return emit(time, wanted: wanted, composition: composition)
        }
        let distance = wanted - next
        let tolerance = interval.ticks / 4 + Self.ticks(TimingLimits.jitter)
        var isMiss = false
        if distance.magnitude <= tolerance {
            distance16 += distance - distance16 / 16
        } else {
            isMiss = true
            skip(distance, interval)
        }
        misses = misses << 1 | (isMiss ? 1 : 0)
        if misses.nonzeroBitCount > TimingLimits.missesOf32 {
            self.interval = nil
            misses = 0
            measurement = RateMeasurement()
            _ = measurement.add(stamp)
        }
        return emit(next, wanted: wanted, composition: composition)
    }

    /// Leaves the places of missing frames empty.
    private mutating func skip(_ distance: Int64, _ interval: FrameInterval) {
        let places = interval.index(at: distance)
        guard places > 0 else { return }
        gaps += 1
        index += places
        next = origin + interval.ticks(at: index)
    }

    /// Starts a grid at a place.
    private mutating func begin(at time: Int64) {
        (origin, index, reviewIndex) = (time, 0, 0)
        (distance16, misses, slipped) = (0, 0, 0)
        next = time
    }

    private mutating func emit(_ time: Int64, wanted: Int64, composition: Int64) -> Times {
        last = time
        let offset = Self.ticks(composition)
        guard let interval else {
            next = time + TimingLimits.leastVideoStep
            return Times(
                decodeTime: time,
                compositionOffset: Int32(clamping: wanted + offset - time),
                duration: nil
            )
        }
        let places = interval.index(at: offset)
        let exact = interval.ticks(at: index + places) - interval.ticks(at: index)
        let isExact = (exact - offset).magnitude <= UInt64(Self.ticks(TimingLimits.jitter))
        slip(interval)
        index += 1
        next = origin + interval.ticks(at: index)
        let duration = next - time
        review(interval)
        return Times(
            decodeTime: time,
            compositionOffset: Int32(clamping: isExact ? exact : offset),
            duration: UInt32(clamping: duration)
        )
    }

    /// Moves the grid behind this frame where it is off.
    private mutating func slip(_ interval: FrameInterval) {
        let distance = distance16 / 16
        guard distance.magnitude > UInt64(TimingLimits.videoSlack) else { return }
        let most = min(TimingLimits.videoSlip, interval.ticks / 8)
        let slip = distance > 0 ? most : -most
        origin += slip
        slipped += slip
        distance16 -= slip * 16
    }

    /// Finds that the rate is another one than believed, such as 29.97 for 30.
    private mutating func review(_ interval: FrameInterval) {
        let frames = index - reviewIndex
        guard frames >= TimingLimits.framesToReview else { return }
        let elapsed = interval.ticks(at: index) - interval.ticks(at: reviewIndex)
        let allowed = elapsed * TimingLimits.rateTolerance / 1_000_000
        if slipped.magnitude > UInt64(allowed) {
            let microseconds = (elapsed + slipped) * 100 / 9
            let tolerance = microseconds * TimingLimits.rateTolerance / 1_000_000
            if let found = FrameInterval(
                microseconds: microseconds,
                frames: frames,
                tolerance: tolerance
            ), found != interval {
                let distance = distance16
                self.interval = found
                begin(at: next)
                distance16 = distance
            }
        }
        (reviewIndex, slipped) = (index, 0)
    }

    private static func ticks(_ microseconds: Int64) -> Int64 {
        let scaled = microseconds * 9
        return scaled >= 0 ? (scaled + 50) / 100 : (scaled - 50) / 100
    }
}

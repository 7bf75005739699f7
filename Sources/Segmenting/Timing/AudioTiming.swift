/// Counts an audio track's time in samples, and holds it to the encoder's times.
///
/// Frames follow each other without holes, whatever milliseconds round to. Where the count is off
/// the encoder's times on average, as it is after hours of a sound card that is not quite at its
/// rate, a whole frame's time is left empty or a frame is dropped. A frame far ahead is behind a
/// gap, whose time stays empty in whole frames.
package struct AudioTiming: Sendable {
    package let sampleRate: Int64
    /// Frames dropped because there was no time for them.
    package private(set) var dropped = 0
    /// Times at which frames' time was left empty.
    package private(set) var gaps = 0

    /// Where the next frame goes.
    private var next: Int64?
    /// Encoder's time less the count in samples, averaged, times `TimingLimits.audioAverage`.
    private var distanceSum: Int64 = 0

    /// - Parameters:
    ///   - sampleRate: samples a second, which is the track's timescale.
    ///   - previous: the timing of the same track up to a change of its format.
    package init(sampleRate: UInt32, after previous: AudioTiming? = nil) {
        self.sampleRate = Int64(max(1, sampleRate))
        if let previous, let next = previous.next {
            // Never back, so up.
            let scaled = next.multipliedFullWidth(by: self.sampleRate)
            let (quotient, remainder) = previous.sampleRate.dividingFullWidth(scaled)
            self.next = quotient + (remainder > 0 ? 1 : 0)
            (gaps, dropped) = (previous.gaps, previous.dropped)
        }
    }

    /// Gives the next frame its time.
    ///
    /// - Parameters:
    ///   - stamp: its time on the publish's timeline, in microseconds.
    ///   - frame: its samples.
    /// - Returns: its decode time in samples; nil where the frame is to be dropped.
    package mutating func time(stamp: Int64, frame: Int64) -> Int64? {
        let wanted = samples(stamp)
        guard let next else {
            self.next = wanted + frame
            return wanted
        }
        let distance = wanted - next
        if distance.magnitude > UInt64(max(samples(TimingLimits.audioGap), 2 * frame)) {
            guard distance > 0 else {
                dropped += 1
                return nil
            }
            distanceSum = 0
            return skip((distance + frame / 2) / frame, frame, next)
        }
        distanceSum += distance - distanceSum / TimingLimits.audioAverage
        let average = distanceSum / TimingLimits.audioAverage
        guard average.magnitude > UInt64(max(samples(TimingLimits.audioSlack), frame * 11 / 20))
        else { return skip(0, frame, next) }
        distanceSum -= (average > 0 ? frame : -frame) * TimingLimits.audioAverage
        guard average > 0 else {
            dropped += 1
            return nil
        }
        return skip(1, frame, next)
    }

    private mutating func skip(_ frames: Int64, _ frame: Int64, _ next: Int64) -> Int64 {
        if frames > 0 { gaps += 1 }
        let time = next + frames * frame
        self.next = time + frame
        return time
    }

    private func samples(_ microseconds: Int64) -> Int64 {
        // Fits: times stay below 2^44, rates below 2^19.
        (microseconds * sampleRate + 500_000) / 1_000_000
    }
}

import Packaging

/// The periods of a live stream: a state machine fed with each new presentation.
///
/// Kept beside the stream for as long as it lives, for what was told to players must not change:
/// a period's id and start, which number is at its start, and how long its segments are said to
/// be. A period begins
/// - at each discontinuity and each publish, where the wall clock says;
/// - where a segment does not begin near where its number says, in stride with the one before and
///   with a timeline of segments; and with numbers again once segments are regular;
/// - where the encoder's clock has run from ours by `driftMicroseconds`.
///
/// A value, used under its owner's lock.
package struct LiveDASHTimeline: Sendable {
    /// Microseconds since 1970; nil before the first segment unless it was given.
    package private(set) var availabilityStartMicroseconds: Int64?
    /// Oldest first; those without a segment in the window are let go.
    private(set) var periods: [LiveDASHPeriod] = []
    private var last: Seen?
    private var run = Run()
    private var neededRun = LiveDASHLimits.fewestRegularSegments

    /// The reference track's newest segment that was judged.
    private struct Seen {
        var number: UInt64
        var mediaStart: MediaTime
    }

    /// Segments of about the same duration in a row.
    fileprivate struct Run {
        var count = 0
        var firstDuration: Int64 = 0
        var total: Int64 = 0
    }

    /// - Parameter availabilityStartMicroseconds: `availabilityStartTime` as players were told it
    ///   before, where the stream is older than this value; else its first segment's time.
    package init(availabilityStartMicroseconds: Int64? = nil) {
        self.availabilityStartMicroseconds = availabilityStartMicroseconds
    }

    /// Takes note of segments that began or ended since the last time.
    ///
    /// Linear in the new segments of the first track.
    package mutating func follow(_ presentation: LivePresentation) {
        guard let reference = presentation.renditions.first else { return }
        for index in reference.segments.indices {
            let segment = reference.segments[index]
            if let last, segment.number <= last.number { continue }
            let previous = index > 0 ? reference.segments[index - 1] : nil
            guard judge(segment, after: previous, offer: presentation.lowLatency) else { break }
            last = Seen(number: segment.number, mediaStart: segment.mediaStart)
        }
        if presentation.isEnded { close(with: reference.segments.last, isContinued: false) }
        guard let oldest = reference.segments.first?.number else { return }
        periods.removeAll { ($0.end?.number ?? .max) < oldest }
        if periods.count > LiveDASHLimits.periods {
            periods.removeFirst(periods.count - LiveDASHLimits.periods)
        }
    }

    /// Finds the segment its period; false where more of it must be known first.
    private mutating func judge(
        _ segment: LiveSegment,
        after previous: LiveSegment?,
        offer: LowLatencyOffer
    ) -> Bool {
        let isOffered = offer.partTargetMicroseconds != nil
        guard let period = periods.last else {
            guard !isOffered || segment.isComplete else { return false }
            begin(segment, duration: isOffered ? segment.duration : nil)
            return true
        }
        guard period.end == nil, segment.continues(period) else {
            // Segments of the next publish will be as long, until they are seen not to be.
            close(with: previous, isContinued: segment.token == period.token)
            begin(
                segment,
                duration: isOffered ? period.duration(inTimescale: segment.timescale) : nil
            )
            return true
        }
        if let previous { run.add(previous.duration) }
        let wall = segment.start.programDateTime - (availabilityStartMicroseconds ?? 0)
        let drift = wall - period.microseconds(of: segment.mediaStart)
        if abs(drift) > LiveDASHLimits.driftMicroseconds {
            close(with: previous, isContinued: true)
            begin(segment, duration: period.segmentDuration)
        } else if let duration = period.segmentDuration {
            let nominal = period.nominalStart(segment.number, duration: duration)
            let tolerance = duration / LiveDASHLimits.deviationDivisor
            guard abs(segment.start.decodeTime - nominal) > tolerance else { return true }
            neededRun = min(neededRun * 2, LiveDASHLimits.mostRegularSegments)
            split(at: segment, previous: previous, duration: nil)
        } else if isOffered, run.count >= neededRun {
            split(at: segment, previous: previous, duration: run.mean)
        }
        return true
    }

    /// Begins a period that goes on in stride with the one before it.
    private mutating func split(
        at segment: LiveSegment,
        previous: LiveSegment?,
        duration: Int64?
    ) {
        guard let period = periods.last else { return }
        close(with: previous, isContinued: true)
        begin(
            segment,
            duration: duration,
            startMicroseconds: period.microseconds(of: segment.mediaStart)
        )
        periods[periods.count - 1].continuedID = period.id
    }

    private mutating func begin(
        _ segment: LiveSegment,
        duration: Int64?,
        startMicroseconds: Int64? = nil
    ) {
        let wall = segment.start.programDateTime
        // Manifests write milliseconds.
        let zero = availabilityStartMicroseconds ?? wall / 1000 * 1000
        availabilityStartMicroseconds = zero
        // Starts rise, whatever the clock did.
        let earliest = periods.last.map { $0.startMicroseconds + 1 } ?? 0
        run = Run()
        periods.append(
            LiveDASHPeriod(
                id: "\(segment.start.discontinuitySequence)-\(segment.number)",
                token: segment.token,
                discontinuitySequence: segment.start.discontinuitySequence,
                initializationNumber: segment.start.initializationNumber,
                firstNumber: segment.number,
                startMicroseconds: max(earliest, startMicroseconds ?? wall - zero),
                mediaStart: segment.mediaStart,
                segmentDuration: duration
            )
        )
    }

    /// Ends the open period with its last segment.
    private mutating func close(with segment: LiveSegment?, isContinued: Bool) {
        guard let period = periods.last, period.end == nil, let last else { return }
        var end = LiveDASHPeriod.End(
            number: last.number,
            mediaEnd: last.mediaStart,
            isContinued: isContinued
        )
        if let segment, period.contains(segment) {
            (end.number, end.mediaEnd) = (segment.number, segment.mediaEnd)
        }
        periods[periods.count - 1].end = end
    }
}

extension LiveDASHTimeline.Run {
    fileprivate var mean: Int64 { (total + Int64(count) / 2) / Int64(max(1, count)) }

    fileprivate mutating func add(_ duration: Int64) {
        let tolerance = firstDuration / (2 * LiveDASHLimits.deviationDivisor)
        if count == 0 || abs(duration - firstDuration) > tolerance {
            self = Self(count: 1, firstDuration: duration, total: duration)
        } else {
            count += 1
            total += duration
        }
    }
}

extension LiveDASHPeriod {
    fileprivate func duration(inTimescale timescale: UInt32) -> Int64? {
        segmentDuration.map {
            MediaTime($0, timescale: mediaStart.timescale).rounded(toTimescale: timescale)
        }
    }
}

extension LiveSegment {
    var mediaStart: MediaTime { MediaTime(start.decodeTime, timescale: timescale) }
    var mediaEnd: MediaTime { MediaTime(start.decodeTime + duration, timescale: timescale) }

    fileprivate func continues(_ period: LiveDASHPeriod) -> Bool {
        token == period.token && timescale == period.mediaStart.timescale
            && start.discontinuitySequence == period.discontinuitySequence
            && start.initializationNumber == period.initializationNumber
    }
}

extension LowLatencyOffer {
    /// Microseconds; nil where there are no parts.
    var partTargetMicroseconds: Int64? {
        if case .parts(let target) = self { target } else { nil }
    }
}

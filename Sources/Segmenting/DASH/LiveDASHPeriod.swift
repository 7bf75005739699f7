import Packaging

/// A stretch of a live stream on one timeline, in one format, with one way of telling segments.
///
/// What it says never changes once told, except that it ends. ISO/IEC 23009-1 §5.3.2, §5.4
struct LiveDASHPeriod: Sendable {
    /// Unique in the stream's life.
    var id: String
    var token: String
    var discontinuitySequence: UInt64
    /// Of the reference track.
    var initializationNumber: Int
    /// Media sequence number of its first segment.
    var firstNumber: UInt64
    /// Microseconds since `availabilityStartTime`.
    var startMicroseconds: Int64
    /// What is at `startMicroseconds`, on the publish's timeline, in the reference track's ticks.
    var mediaStart: MediaTime
    /// Ticks of the reference track in a segment; nil where segments are listed with their times.
    var segmentDuration: Int64?
    /// Goes on where the period of this id ends.
    var continuedID: String?
    /// Last segment and its end on the publish's timeline, once the next period began.
    var end: End?

    struct End: Sendable {
        var number: UInt64
        var mediaEnd: MediaTime
        /// Whether the next segment is of the same publish, and so to be had by this token.
        var isContinued: Bool
    }

    func contains(_ segment: LiveSegment) -> Bool {
        segment.number >= firstNumber && segment.number <= end?.number ?? .max
            && segment.token == token
    }

    /// Where the number says that a segment begins, in the reference track's ticks.
    func nominalStart(_ number: UInt64, duration: Int64) -> Int64 {
        mediaStart.value + Int64(number - firstNumber) * duration
    }

    /// Microseconds since `availabilityStartTime` at which media of a time is presented.
    func microseconds(of media: MediaTime) -> Int64 {
        startMicroseconds + media.microseconds - mediaStart.microseconds
    }

    /// Microseconds from the start to the end, where the end is known.
    ///
    /// Where the publish ends too, never so long that numbers would name a segment which it has
    /// not: whoever asked for that would be told that there is none.
    var durationMicroseconds: Int64? {
        guard let end else { return nil }
        let real = end.mediaEnd.microseconds - mediaStart.microseconds
        guard let segmentDuration, !end.isContinued else { return real }
        let count = Int64(end.number - firstNumber) + 1
        // Down, as a player divides and rounds up.
        return min(real, segmentDuration * count * 1_000_000 / Int64(mediaStart.timescale))
    }
}

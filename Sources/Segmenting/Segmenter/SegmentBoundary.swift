/// Where a segment begins, for all tracks.
struct SegmentBoundary {
    var number: UInt64
    /// Presentation time on the publish's timeline: samples from here on belong to it.
    var timeMicroseconds: Int64
    var discontinuitySequence: UInt64
    var isDiscontinuity: Bool
    /// Of the wall clock, the same for all tracks.
    var wallClockCorrection: Int64
}

/// One segment as playlists tell it.
package struct LiveSegment: Sendable {
    package var start: SegmentStart
    /// Of its publish: cannot be guessed, stands in every address of media.
    package var token: String
    /// In which `start.decodeTime` and all durations count.
    package var timescale: UInt32
    /// Sum of the parts' so far.
    package var duration: Int64
    package var isComplete: Bool
    /// Nothing can be had of it. RFC 8216bis §4.4.4.7
    package var isGap: Bool
    package var parts: [PartEntry]
    package var sizeBytes: Int
    /// `EXT-X-DATERANGE` lines to write before it.
    package var dateRanges: [String]

    package var number: UInt64 { start.number }

    package struct PartEntry: Hashable, Sendable {
        package var duration: Int64
        package var sizeBytes: Int
        package var isIndependent: Bool
        package var isGap: Bool

        package init(
            duration: Int64,
            sizeBytes: Int,
            isIndependent: Bool,
            isGap: Bool = false
        ) {
            self.duration = duration
            self.sizeBytes = sizeBytes
            self.isIndependent = isIndependent
            self.isGap = isGap
        }
    }

    package init(start: SegmentStart, token: String, timescale: UInt32) {
        self.start = start
        self.token = token
        self.timescale = timescale
        duration = 0
        isComplete = false
        isGap = false
        parts = []
        sizeBytes = 0
        dateRanges = []
    }

    /// A segment as long as this one of which nothing can be had.
    func gapBehind(isDiscontinuity: Bool) -> LiveSegment {
        var start = start
        start.number += 1
        start.decodeTime += duration
        start.programDateTime += durationMicroseconds
        start.isDiscontinuity = isDiscontinuity
        if isDiscontinuity { start.discontinuitySequence += 1 }
        start.isGap = true
        var gap = LiveSegment(start: start, token: token, timescale: timescale)
        gap.duration = duration
        gap.isComplete = true
        gap.isGap = true
        return gap
    }
}

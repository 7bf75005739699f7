/// A stream as playlists tell it: its newest segments, for each track the same.
///
/// A value: whoever renders holds its own, and rendering needs no lock.
package struct LivePresentation: Sendable {
    /// Videos first; the order of `LiveTrackID`.
    package var renditions: [LiveRendition]
    package var lowLatency: LowLatencyOffer
    package var targetDurationSeconds: Int
    /// No more will come: `EXT-X-ENDLIST`.
    package var isEnded: Bool

    package init(
        renditions: [LiveRendition] = [],
        lowLatency: LowLatencyOffer = .none(reason: "nothing was published yet"),
        targetDurationSeconds: Int = 6,
        isEnded: Bool = false
    ) {
        self.renditions = renditions
        self.lowLatency = lowLatency
        self.targetDurationSeconds = targetDurationSeconds
        self.isEnded = isEnded
    }
}

/// One track of a presentation.
package struct LiveRendition: Sendable {
    /// As it is coded now.
    package var track: LiveTrack
    /// Oldest first, without holes; the last one may be open.
    package var segments: [LiveSegment]
    /// Of segments that are in the list.
    package var initializations: [InitializationReference]
    /// Bits a second over the newest segments; 0 before the first ended.
    package var averageBitrate: Int
    package var peakBitrate: Int

    package struct InitializationReference: Hashable, Sendable {
        package var token: String
        package var number: Int
        package var track: LiveTrack

        package init(token: String, number: Int, track: LiveTrack) {
            self.token = token
            self.number = number
            self.track = track
        }
    }

    package init(
        track: LiveTrack,
        segments: [LiveSegment] = [],
        initializations: [InitializationReference] = [],
        averageBitrate: Int = 0,
        peakBitrate: Int = 0
    ) {
        self.track = track
        self.segments = segments
        self.initializations = initializations
        self.averageBitrate = averageBitrate
        self.peakBitrate = peakBitrate
    }
}

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
}

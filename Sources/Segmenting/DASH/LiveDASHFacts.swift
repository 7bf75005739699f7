/// What a live manifest is to be like, beside what the stream itself says.
package struct LiveDASHFacts: Hashable, Sendable {
    package var addressing: LiveDASHAddressing
    /// `timeShiftBufferDepth`: how far back segments can be had for sure, microseconds.
    package var windowMicroseconds: Int64
    /// The wished distance from live; nil: what parts or segments allow.
    package var targetLatencyMilliseconds: Int?
    /// Where the wall clock is told as text, relative to the manifest or absolute.
    ///
    /// Shaka and dash.js resolve a relative one against the manifest, and an edge can be reached
    /// under names that an origin does not know; ExoPlayer takes an absolute one only, and its
    /// device's clock otherwise.
    package var timeAddress: String
    /// `emsg` schemes that segments carry.
    package var eventSchemes: [String]

    package init(
        addressing: LiveDASHAddressing = .lowLatency,
        windowMicroseconds: Int64 = 60_000_000,
        targetLatencyMilliseconds: Int? = nil,
        timeAddress: String = "time",
        eventSchemes: [String] = []
    ) {
        self.addressing = addressing
        self.windowMicroseconds = windowMicroseconds
        self.targetLatencyMilliseconds = targetLatencyMilliseconds
        self.timeAddress = timeAddress
        self.eventSchemes = eventSchemes
    }
}

/// How a manifest says when segments are.
package enum LiveDASHAddressing: String, Hashable, Sendable {
    /// `$Number$` with `@duration` and `availabilityTimeOffset` where a stream is regular.
    case lowLatency = "low-latency"
    /// `SegmentTimeline` always: what is listed is there, whole.
    case timeline

    /// As the manifest's query wishes it: `segments=timeline`; anything else is the default.
    package init(query: String) {
        let isTimeline = query.split(separator: "&").contains("segments=timeline")
        self = isTimeline ? .timeline : .lowLatency
    }
}

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
    /// Whether a segment was ever begun; a rendition that loses its last one then goes.
    var wasBegun = false

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

    /// A track of an earlier life of the stream.
    package init(
        restoring track: LiveTrack,
        segments: [LiveSegment],
        initializations: [InitializationReference]
    ) {
        self.init(track: track, segments: segments, initializations: initializations)
        wasBegun = true
        measureBitrates()
    }
}

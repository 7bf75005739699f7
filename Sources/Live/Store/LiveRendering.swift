package import Segmenting

/// What the store needs of those who know playlists, manifests and addresses.
///
/// From any thread; all of it is pure.
package protocol LiveRendering: Sendable {
    // The presentation as it grows.
    func begin(_ presentation: inout LivePresentation, token: String)
    func apply(
        _ action: SegmenterAction,
        token: String,
        to presentation: inout LivePresentation
    )
    /// Drops the oldest segments beyond the window, never below three target durations.
    func trim(_ presentation: inout LivePresentation, windowMicroseconds: Int64)
    func end(_ presentation: inout LivePresentation)

    // What viewers get.
    func multivariant(_ presentation: LivePresentation) -> [UInt8]
    func playlist(_ presentation: LivePresentation, track: LiveTrackID, skip: LiveSkip) -> [UInt8]
    /// Nothing while there is nothing to tell.
    func manifest(_ presentation: LivePresentation, facts: LiveManifestFacts) -> [UInt8]?

    /// What a request's query asks for, as the playlist is now. RFC 8216bis §6.2.5
    func reload(
        query: String?,
        of track: LiveTrackID,
        in presentation: LivePresentation
    ) -> LiveReload

    func address(path: String) -> Result<LiveAddress, LiveAddressFault>
}

/// Which part of a playlist may be left out. RFC 8216bis §6.2.5.1
package enum LiveSkip: Hashable, Sendable {
    case none
    /// `_HLS_skip=YES`
    case segments
    /// `_HLS_skip=v2`
    case segmentsAndDateRanges
}

/// What to do with a playlist request.
package enum LiveReload: Hashable, Sendable {
    case now(LiveSkip)
    /// Until segment `segment` is complete, or has part `part`, 0-based.
    case wait(segment: UInt64, part: Int?, LiveSkip)
    case badRequest(String)
}

package enum LiveAddressFault: Error, Hashable, Sendable {
    /// 400
    case malformed
    /// 404
    case unknown
}

/// What a manifest tells beside the presentation.
package struct LiveManifestFacts: Sendable {
    /// The stream's periods, which followed the presentation.
    package var timeline: LiveDASHTimeline
    package var addressing: LiveDASHAddressing
    package var windowMicroseconds: Int64

    package init(
        timeline: LiveDASHTimeline,
        addressing: LiveDASHAddressing,
        windowMicroseconds: Int64
    ) {
        self.timeline = timeline
        self.addressing = addressing
        self.windowMicroseconds = windowMicroseconds
    }
}

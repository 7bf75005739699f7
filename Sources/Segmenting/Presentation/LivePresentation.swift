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
    /// Of the publish that runs or ran last: stands in the addresses of the segments it begins.
    package internal(set) var token = ""
    /// Ids of date ranges that left with their segments within the last six target durations, for
    /// delta updates. RFC 8216bis §4.4.5.2
    package var recentlyRemovedDateRanges: [String] = []
    /// Until which date, microseconds since 1970, each of them is to be told.
    var removalDates: [Int64] = []

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

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

    /// What an earlier life of the stream told last: all segments are complete, more may come.
    package init(
        restoring renditions: [LiveRendition],
        lowLatency: LowLatencyOffer,
        targetDurationSeconds: Int
    ) {
        self.init(
            renditions: renditions,
            lowLatency: lowLatency,
            targetDurationSeconds: targetDurationSeconds
        )
        token = renditions.first?.segments.last?.token ?? ""
    }

    /// Adds gaps to every track, so that a publish can go on with a number further ahead: a restart
    /// that does not know what it told last leaves some out.
    ///
    /// - Parameters:
    ///   - number: the next segment's.
    ///   - discontinuitySequence: how many discontinuities there were up to there.
    /// - Returns: false where these are not a few numbers ahead; nothing was added then.
    package mutating func bridge(to number: UInt64, discontinuitySequence: UInt64) -> Bool {
        let newest = renditions.compactMap { $0.segments.last }.max { $0.number < $1.number }
        guard let newest, newest.number + 1 < number else { return true }
        let gaps = number - newest.number - 1
        let before = newest.start.discontinuitySequence
        guard gaps <= Self.mostBridged, discontinuitySequence >= before,
            discontinuitySequence - before <= gaps
        else { return false }
        // Tracks that have ended stay behind.
        for index in renditions.indices
        where renditions[index].segments.last?.number == newest.number {
            while let last = renditions[index].segments.last, last.number + 1 < number {
                let isCounted = last.start.discontinuitySequence < discontinuitySequence
                renditions[index].segments.append(last.gapBehind(isDiscontinuity: isCounted))
            }
        }
        return true
    }

    /// Gaps in a row; a stream that is further ahead begins anew.
    private static let mostBridged: UInt64 = 4
}

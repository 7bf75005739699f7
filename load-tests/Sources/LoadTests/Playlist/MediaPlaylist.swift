/// A media playlist as a player needs it.
///
/// Shared between the viewers that got the same bytes. Addresses stand as they are written.
/// RFC 8216bis §4.4.3 to §4.4.5.
package final class MediaPlaylist: Sendable {
    package struct Part: Sendable, Equatable {
        package var address: String
        package var seconds: Double
        package var isIndependent: Bool
        package var isGap: Bool

        package init(address: String, seconds: Double, isIndependent: Bool, isGap: Bool) {
            self.address = address
            self.seconds = seconds
            self.isIndependent = isIndependent
            self.isGap = isGap
        }
    }

    package struct Segment: Sendable, Equatable {
        package var address: String
        package var seconds: Double
        /// From the start of the playlist.
        package var startSeconds: Double
        package var parts: [Part]
        /// Index into `maps`; nil before the first.
        package var map: Int?
    }

    package struct Content: Sendable, Equatable {
        package var targetSeconds = 0.0
        package var partTargetSeconds: Double?
        package var mediaSequenceNumber = 0
        package var discontinuitySequenceNumber = 0
        package var isEnded = false
        package var canBlockReload = false
        package var holdBackSeconds: Double?
        package var partHoldBackSeconds: Double?
        package var maps: [String] = []
        package var segments: [Segment] = []
        /// Parts of the segment that is not complete yet.
        package var trailingParts: [Part] = []
        package var hintAddress: String?
        package var renditionReports: [String] = []
        package var totalSeconds = 0.0
    }

    package let content: Content

    package init(_ content: Content) {
        self.content = content
    }

    /// The number of the segment that is being made, or would be the next.
    package var nextSequenceNumber: Int {
        content.mediaSequenceNumber + content.segments.count
    }

    /// The segment's parts, where they are still listed.
    package func parts(ofSegment number: Int) -> [Part]? {
        let index = number - content.mediaSequenceNumber
        if index == content.segments.count { return content.trailingParts }
        guard content.segments.indices.contains(index) else { return nil }
        return content.segments[index].parts
    }

    package func segment(_ number: Int) -> Segment? {
        let index = number - content.mediaSequenceNumber
        return content.segments.indices.contains(index) ? content.segments[index] : nil
    }

    /// The segment that holds a time, or the last.
    package func segmentIndex(at seconds: Double) -> Int {
        var low = 0
        var high = content.segments.count
        while low < high {
            let middle = (low + high) / 2
            if content.segments[middle].startSeconds <= seconds + 0.001 {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return max(low - 1, 0)
    }
}

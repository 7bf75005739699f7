/// A media playlist: the segments of one track, with true durations.
///
/// Durations are printed in microseconds as the difference of the segment's rounded end and
/// start. So each is right to a microsecond, and however many there are, so is their sum.
///
/// RFC 8216bis §4.4.3, §4.4.4
package struct HLSMediaPlaylist: Sendable {
    /// What the segments hold, which decides their names and the protocol version.
    package enum Content: Hashable, Sendable {
        case cmaf
        case transportStream
        case subtitles(MediaAddress.HLSFormat)
    }

    package var content: Content
    package var segments: [SegmentEntry]
    /// Ticks a second of the segments' times.
    package var timescale: UInt32
    /// The longest segment of all tracks, as playlists that play together have one target duration.
    ///
    /// RFC 8216bis §6.2.4
    package var longestSegment: MediaTime

    package init(
        content: Content,
        segments: [SegmentEntry],
        timescale: UInt32,
        longestSegment: MediaTime
    ) {
        self.content = content
        self.segments = segments
        self.timescale = timescale
        self.longestSegment = longestSegment
    }

    /// The playlist's text.
    package var bytes: [UInt8] {
        var writer = TextWriter(capacity: 200 + segments.count * 40)
        HLSPlaylistText.writeHead(version: version, longest: longestSegment, to: &writer)
        let suffix = Array(suffix.utf8)
        var descriptionIndex: Int?
        for segment in segments {
            if segment.isDiscontinuity { writer.append("#EXT-X-DISCONTINUITY\n") }
            if content == .cmaf, segment.descriptionIndex != descriptionIndex {
                descriptionIndex = segment.descriptionIndex
                HLSPlaylistText.writeMap(segment.descriptionIndex, to: &writer)
            }
            HLSPlaylistText.writeDuration(
                start: segment.start,
                duration: segment.duration,
                timescale: timescale,
                to: &writer
            )
            segment.writeReference(to: &writer)
            writer.append(suffix)
        }
        writer.append("#EXT-X-ENDLIST\n")
        return writer.bytes
    }

    /// 6 where `EXT-X-MAP` stands, 3 for durations that are not whole. RFC 8216bis §8
    private var version: Int { content == .cmaf ? 6 : 3 }

    private var suffix: String {
        switch content {
        case .cmaf: ".m4s\n"
        case .transportStream: ".ts\n"
        case .subtitles(.cmaf): ".vtt\n"
        case .subtitles(.transportStream): "-ts.vtt\n"
        }
    }
}

extension SegmentEntry {
    /// Writes the stem of the segment's file name: its number, or its groups where it has none.
    func writeReference(to writer: inout TextWriter) {
        if let number {
            writer.append(number)
        } else {
            writer.append(groups.lowerBound)
            writer.append("-" as Unicode.Scalar)
            writer.append(groups.upperBound)
        }
    }
}

extension ManifestTrack {
    /// The longest segment of several tracks, as media playlists need it; a second at least.
    package static func longestSegment(of tracks: [ManifestTrack]) -> MediaTime {
        tracks.reduce(MediaTime(1, timescale: 1)) { longest, track in
            let duration = track.segments.map(\.duration).max() ?? 0
            return max(longest, MediaTime(duration, timescale: track.track.timescale))
        }
    }
}

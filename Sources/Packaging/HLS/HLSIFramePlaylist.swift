/// One line of an I-frame playlist: the key frame that starts a frame group.
package struct IFrameEntry: Hashable, Sendable {
    /// 0-based frame group.
    package var group: Int
    /// Presentation time of the group's start and time to the next, in the track's timescale.
    package var start: Int64
    package var duration: Int64
    /// Bytes of the key frame; 0 where not known.
    package var sizeBytes: UInt64
    /// 0-based, into `AssetTrack.sampleEntries`.
    package var descriptionIndex: Int
    /// Whether a discontinuity stands before it.
    package var isDiscontinuity: Bool

    package init(
        group: Int,
        start: Int64,
        duration: Int64,
        sizeBytes: UInt64 = 0,
        descriptionIndex: Int = 0,
        isDiscontinuity: Bool = false
    ) {
        self.group = group
        self.start = start
        self.duration = duration
        self.sizeBytes = sizeBytes
        self.descriptionIndex = descriptionIndex
        self.isDiscontinuity = isDiscontinuity
    }
}

/// A playlist of key frames, for seeking with pictures and for fast playback.
///
/// Each frame is a fragment of its own, so no byte ranges are needed.
///
/// RFC 8216bis §4.4.3.6
package struct HLSIFramePlaylist: Sendable {
    package var frames: [IFrameEntry]
    package var timescale: UInt32

    package init(frames: [IFrameEntry], timescale: UInt32) {
        self.frames = frames
        self.timescale = timescale
    }

    /// The playlist's text.
    package var bytes: [UInt8] {
        var writer = TextWriter(capacity: 200 + frames.count * 40)
        HLSPlaylistText.writeHead(
            version: Self.version,
            longest: MediaTime(frames.map(\.duration).max() ?? 0, timescale: timescale),
            isIFramesOnly: true,
            to: &writer
        )
        var descriptionIndex: Int?
        for frame in frames {
            if frame.isDiscontinuity { writer.append("#EXT-X-DISCONTINUITY\n") }
            if frame.descriptionIndex != descriptionIndex {
                descriptionIndex = frame.descriptionIndex
                HLSPlaylistText.writeMap(frame.descriptionIndex, to: &writer)
            }
            HLSPlaylistText.writeDuration(
                start: frame.start,
                duration: frame.duration,
                timescale: timescale,
                to: &writer
            )
            writer.append("i" as Unicode.Scalar)
            writer.append(frame.group)
            writer.append(".m4s\n")
        }
        writer.append("#EXT-X-ENDLIST\n")
        return writer.bytes
    }

    /// `EXT-X-MAP` in a playlist of I-frames only asks for 5. RFC 8216bis §8
    private static let version = 5
}

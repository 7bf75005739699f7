/// One line of a media playlist or segment timeline: what a manifest says of a segment.
package struct SegmentEntry: Hashable, Sendable {
    /// 0-based frame groups (`AssetIndex.groupCount` of them) that the segment spans.
    package var groups: Range<Int>
    /// 1-based number where the segment is one of the asset's whole segments; nil for a part of
    /// one, as at a clip's ends, which is then addressed by its groups.
    package var number: Int?
    /// Presentation time of its start and how long it lasts, in the track's timescale.
    package var start: Int64
    package var duration: Int64
    /// Media bytes, headers not counted.
    package var sizeBytes: UInt64
    /// 0-based, into `AssetTrack.sampleEntries`.
    package var descriptionIndex: Int
    /// Whether a discontinuity stands before it: never for the first entry of a list.
    package var isDiscontinuity: Bool

    package init(
        groups: Range<Int>,
        number: Int?,
        start: Int64,
        duration: Int64,
        sizeBytes: UInt64,
        descriptionIndex: Int = 0,
        isDiscontinuity: Bool = false
    ) {
        self.groups = groups
        self.number = number
        self.start = start
        self.duration = duration
        self.sizeBytes = sizeBytes
        self.descriptionIndex = descriptionIndex
        self.isDiscontinuity = isDiscontinuity
    }
}

/// One track as a manifest sees it: the track, and the segments that the manifest names.
package struct ManifestTrack: Sendable {
    package var track: AssetTrack
    package var segments: [SegmentEntry]

    package init(track: AssetTrack, segments: [SegmentEntry]) {
        self.track = track
        self.segments = segments
    }
}

/// Everything that packaging needs to know of one asset, compact, built once per set of files.
///
/// The unit is the *frame group*: from one common key frame of all video renditions to the next
/// (groups shorter than a quarter of a second are joined). A segment is a run of whole groups, the
/// same for every track: audio is cut at the same list, at the nearest sample not before. A clip is
/// another run of groups, so it starts at a key frame and shares every whole segment's address.
///
/// Samples are held as packed bits for each track and group, 6 bytes a sample or less.
package struct AssetIndex: Hashable, Sendable {
    /// From content alone, so equal on every origin; stands in every init and segment address.
    package let version: AssetVersion
    package let files: [IndexedFile]
    /// Video renditions first, best first, then audio.
    package let tracks: [AssetTrack]
    package let subtitles: [SubtitleTrack]
    /// What of the source was left out, and why, for `/status` and the log.
    package let omissions: [Omission]
    package let duration: MediaTime
    /// Ticks a second of the asset's own timeline (`segmentTimeline`): the first track's timescale.
    package let timelineTimescale: UInt32

    /// Start of each group on the asset's timeline, the first at 0, and the asset's end.
    let groupStarts: [Int64]
    /// The first group of each segment, then the count of groups.
    let segmentFirsts: [UInt32]
    /// Segments, counted from 0, that a discontinuity stands before; ascending.
    let discontinuities: [UInt32]
    /// Of each of `tracks`, its rows.
    let packedTracks: [PackedTrack]
    /// Blocks of all tracks, and `PackedBlock.padding` zeros.
    let packedBytes: [UInt8]
}

extension AssetIndex {
    /// A file that the index was built from.
    package struct IndexedFile: Hashable, Sendable {
        package var name: String
        package var sizeBytes: UInt64
        package init(name: String, sizeBytes: UInt64) {
            self.name = name
            self.sizeBytes = sizeBytes
        }
    }

    /// A track or file that was left out of the asset.
    package struct Omission: Hashable, Sendable {
        package var file: String
        package var reason: String
        package init(file: String, reason: String) {
            self.file = file
            self.reason = reason
        }
    }
}

/// A sidecar subtitle track.
package struct SubtitleTrack: Hashable, Sendable {
    /// Stands in addresses: `text-en`, `text-en-sdh`.
    package var name: String
    package var label: String
    package var language: String
    package var role: TrackRole
    package var document: WebVTTDocument

    package init(
        name: String,
        label: String,
        language: String,
        role: TrackRole,
        document: WebVTTDocument
    ) {
        self.name = name
        self.label = label
        self.language = language
        self.role = role
        self.document = document
    }
}

/// 64 bits that name one state of an asset.
package struct AssetVersion: Hashable, Sendable {
    package var rawValue: UInt64
    package init(rawValue: UInt64) { self.rawValue = rawValue }
}

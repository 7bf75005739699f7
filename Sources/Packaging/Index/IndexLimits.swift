/// Bounds of what one asset index can hold; beyond them building throws `.limitExceeded`.
package enum IndexLimits {
    /// Media files of an asset.
    package static let files = 64
    /// Video renditions that are considered; the alignment search grows with their subsets.
    package static let renditions = 16
    package static let audioTracks = 64
    package static let subtitles = 128
    /// Samples of all tracks together; 2 hours at 60 fps with three renditions has 1.7 million.
    package static let samples = 1 << 25
    /// Frame groups of an asset: 3 days at the shortest.
    package static let groups = 1 << 20
    /// Entries of a track's `stsd`.
    package static let descriptions = 255
    /// Ticks a second of a track.
    package static let timescale: UInt32 = 1 << 30
    /// Seconds that an edit or a track may span: 34 years.
    package static let spanSeconds: Int64 = 1 << 30
    /// Seconds of a first decode time, which may count from 1970.
    package static let firstDecodeSeconds: Int64 = 1 << 31
    /// Bytes of one file; a distance between two samples fits the bit reader with its sign.
    package static let fileSizeBytes: UInt64 = 1 << 55
    /// Comparisons that the search for the largest aligned set of renditions may take.
    static let alignmentSteps = 50_000_000
    /// Distinct values of a property that a track keeps in a palette.
    static let paletteValues = 64
}

/// Lengths that decide where frame groups and segments start; part of the format version.
enum IndexDurations {
    /// Groups that would be shorter are joined with the one before.
    static let shortestGroup = MediaTime(1, timescale: 4)
    /// Length of a group where no video gives it.
    static let audioGroup = MediaTime(1, timescale: 1)
    /// Audio in front of the edit's start that is kept, for priming and pre-roll.
    static let audioPreroll = MediaTime(1, timescale: 4)
    /// A last segment shorter than this is folded into the one before, where the target allows.
    static let sliver = MediaTime(1, timescale: 2)
}

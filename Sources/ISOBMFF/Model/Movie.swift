/// What the headers of one file say: the result of reading, before anything is decided about it.
///
/// ISO/IEC 14496-12 §8.2
package struct Movie: Hashable, Sendable {
    /// Ticks a second of `mvhd`; only edit lists use it.
    package var timescale: UInt32
    /// Whether samples are described by `moof` boxes.
    package var isFragmented: Bool
    /// Whether the file, as it stands, plays while it is fetched from front to back: an MP4 file
    /// (of no QuickTime brand) whose `moov` has all samples and stands in front of the first `mdat`.
    package var isFastStart: Bool
    /// The tracks in file order, those with no samples left out.
    package var tracks: [Track]
    /// 64-bit hash (XXH64) of the `moov` and of every `moof` as they stand in the file, and of the
    /// file's size: equal wherever the file is equal.
    package var headerDigest: UInt64

    package init(
        timescale: UInt32,
        isFragmented: Bool,
        isFastStart: Bool = false,
        tracks: [Track],
        headerDigest: UInt64
    ) {
        self.timescale = timescale
        self.isFragmented = isFragmented
        self.isFastStart = isFastStart
        self.tracks = tracks
        self.headerDigest = headerDigest
    }
}

/// What the headers of one file say: the result of reading, before anything is decided about it.
///
/// ISO/IEC 14496-12 §8.2
package struct Movie: Hashable, Sendable {
    /// Ticks a second of `mvhd`; only edit lists use it.
    package var timescale: UInt32
    /// Whether samples are described by `moof` boxes.
    package var isFragmented: Bool
    /// The tracks in file order, those with no samples left out.
    package var tracks: [Track]
    /// 64-bit hash (XXH64) of the `moov` and of every `moof` as they stand in the file, and of the
    /// file's size: equal wherever the file is equal.
    package var headerDigest: UInt64

    package init(timescale: UInt32, isFragmented: Bool, tracks: [Track], headerDigest: UInt64) {
        self.timescale = timescale
        self.isFragmented = isFragmented
        self.tracks = tracks
        self.headerDigest = headerDigest
    }
}

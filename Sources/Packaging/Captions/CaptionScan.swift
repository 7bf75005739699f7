package import ISOBMFF

/// Looks for CEA-608 and CEA-708 captions in a video's first pictures.
///
/// Captions are user data of the pictures, of which the headers say nothing, and an encoder that has
/// any sends them, or padding in their place, with each picture. So the heads of a few samples tell
/// as much as the whole video, for a few short reads.
package enum CaptionScan {
    /// What the scan may cost a video.
    ///
    /// All of it lies in one stretch of the file that is read ahead with the headers; a second key
    /// frame would be another wait for the disk before a first playlist.
    private enum Limits {
        /// Bytes of a sample that are read: what stands before its slices.
        static let headBytes = 4096
        /// Samples that are read, from the first key frame on.
        static let samples = 8
        /// Bytes from the first key frame's start in which all of them lie.
        static let windowBytes: UInt64 = 32 << 10
        /// Samples among which the key frame is looked for.
        static let searchedSamples = 1000
    }

    /// Whether a video has captions.
    ///
    /// - Parameters:
    ///   - track: a video, its samples in `source`.
    ///   - source: its file; reads may block.
    /// - Returns: nil for codecs that are not looked into.
    /// - Throws: what the source throws.
    package static func hasCaptions(_ track: Track, in source: some ByteSource) throws -> Bool? {
        guard let codec = track.sampleEntries.first?.codec,
            let syntax = CaptionSyntax(codec),
            track.samples.offsetsBytes.count == track.samples.count
        else { return nil }
        if syntax == .none { return false }
        for index in samplesToRead(track.samples) {
            let size = Int(min(track.samples.sizesBytes[index], UInt32(Limits.headBytes)))
            let offset = track.samples.offsetsBytes[index]
            let head = try source.read(offsetBytes: offset, count: size)
            if syntax.hasCaptions(head) { return true }
        }
        return false
    }

    /// The first key frame and samples behind it, as far as they lie close to it.
    private static func samplesToRead(_ samples: SampleTable) -> Range<Int> {
        let searched = 0..<min(samples.count, Limits.searchedSamples)
        guard let first = searched.first(where: samples.isSync) else { return 0..<0 }
        let start = samples.offsetsBytes[first]
        var end = first + 1
        while end < min(first + Limits.samples, samples.count),
            samples.offsetsBytes[end] >= start,
            samples.offsetsBytes[end] - start < Limits.windowBytes
        {
            end += 1
        }
        return first..<end
    }
}

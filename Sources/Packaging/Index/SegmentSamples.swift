/// The samples of one segment of one track, taken out of the index.
///
/// Arrays run in decode order and have the same count, save those that say otherwise.
package struct SegmentSamples: Hashable, Sendable {
    /// Decode time of the first sample, the source's empty edit included: what `tfdt` says.
    package var baseMediaDecodeTime: UInt64
    package var sizesBytes: [UInt32]
    package var durations: [UInt32]
    /// 0 or more; empty: all 0.
    package var compositionOffsets: [Int32]
    /// Empty: every sample is a sync sample.
    package var isSync: [Bool]
    /// Where the samples lie, in order; touching neighbours are one range.
    package var ranges: [FileRange]
    /// 0-based, into `AssetTrack.sampleEntries`; one for the whole segment.
    package var descriptionIndex: Int

    package init(
        baseMediaDecodeTime: UInt64,
        sizesBytes: [UInt32],
        durations: [UInt32],
        compositionOffsets: [Int32] = [],
        isSync: [Bool] = [],
        ranges: [FileRange],
        descriptionIndex: Int = 0
    ) {
        self.baseMediaDecodeTime = baseMediaDecodeTime
        self.sizesBytes = sizesBytes
        self.durations = durations
        self.compositionOffsets = compositionOffsets
        self.isSync = isSync
        self.ranges = ranges
        self.descriptionIndex = descriptionIndex
    }

    package var count: Int { sizesBytes.count }
}

/// All samples of a track in decode order, an array for each property.
///
/// Arrays whose values would all be equal to the default are empty; see each.
///
/// ISO/IEC 14496-12 §8.6, §8.7, §8.8.8
package struct SampleTable: Hashable, Sendable {
    /// Size of each sample; its count is the number of samples.
    package var sizesBytes: [UInt32]
    /// Place of each sample in the file.
    package var offsetsBytes: [UInt64]
    /// Decode time of the first sample, in the track's timescale.
    package var firstDecodeTime: Int64
    /// Decode duration of each sample; its decode time is the sum of those before.
    ///
    /// A gap between fragments (`tfdt` beyond the sum) lengthens the sample before it.
    package var durations: [UInt32]
    /// Composition offset of each sample, signed whatever the version of `ctts`; empty: all 0.
    package var compositionOffsets: [Int32]
    /// What each sample is to random access; empty: every sample is a sync sample.
    package var dependencies: [Dependency]
    /// 0-based place of each sample's entry in `Track.sampleEntries`; empty: all 0.
    package var descriptionIndexes: [UInt8]

    /// What random access can do with a sample.
    package enum Dependency: UInt8, Sendable {
        /// Needs other samples.
        case dependent
        /// A sync sample: `stss`, or a `trun` flag without `sample_is_non_sync_sample`.
        case sync
        /// Random access without being a sync sample (`rap ` group): an open GOP starts here.
        case randomAccess
    }

    package init(
        sizesBytes: [UInt32] = [],
        offsetsBytes: [UInt64] = [],
        firstDecodeTime: Int64 = 0,
        durations: [UInt32] = [],
        compositionOffsets: [Int32] = [],
        dependencies: [Dependency] = [],
        descriptionIndexes: [UInt8] = []
    ) {
        self.sizesBytes = sizesBytes
        self.offsetsBytes = offsetsBytes
        self.firstDecodeTime = firstDecodeTime
        self.durations = durations
        self.compositionOffsets = compositionOffsets
        self.dependencies = dependencies
        self.descriptionIndexes = descriptionIndexes
    }

    package var count: Int { sizesBytes.count }
}

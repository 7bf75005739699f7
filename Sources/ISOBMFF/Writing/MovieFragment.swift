/// Describes the samples of one fragment of one track: `moof` with one `traf` and one `trun`.
///
/// This is written for every segment request, so it does not go through `BoxWriter`: one pass over
/// the samples finds what is uniform, the size follows from that, and every byte is stored once
/// into an array of that size. The one `unsafe` here opens that array as raw bytes to store whole
/// integers; each store is still checked against its bounds.
///
/// ISO/IEC 14496-12 §8.8.4-§8.8.8, §8.8.12; ISO/IEC 23000-19 §7.5.15-§7.5.19
package struct MovieFragment: Sendable {
    package var sequenceNumber: UInt32
    package var trackID: UInt32
    package var baseMediaDecodeTime: UInt64
    /// One for each sample; the other arrays have as many elements, or none.
    package var sizesBytes: [UInt32]
    package var durations: [UInt32]
    /// Empty: all 0.
    package var compositionOffsets: [Int32]
    /// Empty: every sample is a sync sample.
    package var isSync: [Bool]
    /// 1-based; nil leaves it to the `trex` of the header, as every one of ours says 1.
    package var sampleDescriptionIndex: UInt32?

    package init(
        sequenceNumber: UInt32,
        trackID: UInt32 = 1,
        baseMediaDecodeTime: UInt64,
        sizesBytes: [UInt32],
        durations: [UInt32],
        compositionOffsets: [Int32] = [],
        isSync: [Bool] = [],
        sampleDescriptionIndex: UInt32? = nil
    ) {
        let count = sizesBytes.count
        precondition(
            count > 0 && durations.count == count,
            "a fragment has samples, each a duration"
        )
        precondition(compositionOffsets.isEmpty || compositionOffsets.count == count)
        precondition(isSync.isEmpty || isSync.count == count)
        self.sequenceNumber = sequenceNumber
        self.trackID = trackID
        self.baseMediaDecodeTime = baseMediaDecodeTime
        self.sizesBytes = sizesBytes
        self.durations = durations
        self.compositionOffsets = compositionOffsets
        self.isSync = isSync
        self.sampleDescriptionIndex = sampleDescriptionIndex
    }

    /// Where the `sample_description_index` lies, where it has one, counted from the `moof`.
    package static let sampleDescriptionIndexOffset = MovieFragmentLayout.descriptionIndexOffset

    /// Bytes of the samples together: what follows the `mdat` header.
    package var payloadSizeBytes: UInt64 {
        sizesBytes.reduce(0) { $0 + UInt64($1) }
    }

    /// Makes `prefix`, the `moof`, and the header of an `mdat` with the samples behind it.
    ///
    /// The `mdat` header has a 64-bit size where the samples need it. `prefix` is boxes that stand
    /// in front of the `moof`: `styp`, `prft`, `emsg`.
    package func header(prefix: [UInt8] = []) -> [UInt8] {
        let layout = MovieFragmentLayout(self)
        var bytes = [UInt8](repeating: 0, count: prefix.count + layout.sizeBytes)
        var span = bytes.mutableSpan
        var raw = unsafe span.mutableBytes
        var offset = 0
        for byte in prefix {
            raw.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
            offset += 1
        }
        layout.write(self, into: &raw, at: offset)
        return bytes
    }
}

/// Collects the sample tables of a track that is written, one chunk after the other.
///
/// Runs are joined as they come, so that only sizes, sync samples and chunks take memory.
///
/// ISO/IEC 14496-12 §8.6.1, §8.7
package struct SampleTableBuilder: Sendable {
    private var timeToSample = TimeToSampleBox()
    private var compositionOffset = CompositionOffsetBox()
    private var syncSampleNumbers: [UInt32] = []
    private var isAllSync = true
    private var sampleToChunk = SampleToChunkBox()
    private var sizesBytes: [UInt32] = []
    private var chunkOffsets: [UInt64] = []

    /// Decode time of the first sample; nil as long as there is none.
    package private(set) var firstDecodeTime: UInt64?
    /// Decode durations of all samples together.
    package private(set) var mediaDuration: UInt64 = 0
    /// From where the first sample is shown to where the last one's time is over; composition
    /// time, counted from `firstDecodeTime`.
    package private(set) var compositionStart: Int64 = .max
    package private(set) var compositionEnd: Int64 = 0

    package init() {}

    package var isEmpty: Bool { sizesBytes.isEmpty }

    /// Adds a chunk of samples that lies `offsetBytes` behind the first byte of the payload.
    ///
    /// Where it starts later than the chunk before ended, that one's last sample lasts longer.
    /// `compositionOffsets` may be empty: all 0; `isSync` too: every sample is a sync sample.
    /// `descriptionIndex` is 0-based.
    package mutating func append(
        decodeTime: UInt64,
        sizesBytes: [UInt32],
        durations: [UInt32],
        compositionOffsets: [Int32],
        isSync: [Bool],
        descriptionIndex: Int,
        offsetBytes: UInt64
    ) {
        guard !sizesBytes.isEmpty else { return }
        closeGap(before: decodeTime)
        appendSyncSamples(isSync, count: sizesBytes.count)
        timeToSample.append(durations)
        if compositionOffsets.isEmpty {
            compositionOffset.append(0, count: UInt32(sizesBytes.count))
        } else {
            compositionOffset.append(compositionOffsets)
        }
        for (index, duration) in durations.enumerated() {
            let offset = compositionOffsets.isEmpty ? 0 : Int64(compositionOffsets[index])
            compositionStart = min(compositionStart, Int64(mediaDuration) + offset)
            mediaDuration += UInt64(duration)
            compositionEnd = max(compositionEnd, Int64(mediaDuration) + offset)
        }
        self.sizesBytes.append(contentsOf: sizesBytes)
        chunkOffsets.append(offsetBytes)
        sampleToChunk.append(
            chunk: UInt32(chunkOffsets.count),
            sampleCount: UInt32(sizesBytes.count),
            descriptionIndex: UInt32(descriptionIndex) + 1
        )
    }

    private mutating func closeGap(before decodeTime: UInt64) {
        guard let firstDecodeTime else {
            firstDecodeTime = decodeTime
            return
        }
        let reached = firstDecodeTime + mediaDuration
        if decodeTime > reached {
            let gap = UInt32(clamping: decodeTime - reached)
            timeToSample.lengthenLast(by: gap)
            mediaDuration += UInt64(gap)
        }
    }

    private mutating func appendSyncSamples(_ isSync: [Bool], count: Int) {
        let first = sizesBytes.count + 1
        guard isSync.contains(false) else {
            syncSampleNumbers.append(contentsOf: (first..<first + count).lazy.map { UInt32($0) })
            return
        }
        isAllSync = false
        for (index, isSync) in isSync.enumerated() where isSync {
            syncSampleNumbers.append(UInt32(first + index))
        }
    }

    /// The finished tables; chunk offsets still count from the first byte of the payload.
    package func sampleTable(sampleEntries: [[UInt8]]) -> SampleTableBox {
        let hasOffsets = compositionOffset.entries.contains { $0.sampleOffset != 0 }
        return SampleTableBox(
            sampleEntries: sampleEntries,
            timeToSample: timeToSample,
            compositionOffset: hasOffsets ? compositionOffset : CompositionOffsetBox(),
            syncSample: SyncSampleBox(sampleNumbers: isAllSync ? nil : syncSampleNumbers),
            sampleToChunk: sampleToChunk,
            sampleSize: SampleSizeBox(sizesBytes: sizesBytes),
            chunkOffset: ChunkOffsetBox(offsetsBytes: chunkOffsets)
        )
    }
}

/// `stbl`: the descriptions of a track's samples and the tables that find them.
///
/// Without samples, as in a CMAF header, the tables that must be there are empty.
///
/// ISO/IEC 14496-12 §8.5.1; ISO/IEC 23000-19 §7.5.11
package struct SampleTableBox: Hashable, Sendable {
    /// `stsd` entries, whole boxes. ISO/IEC 14496-12 §8.5.2
    package var sampleEntries: [[UInt8]]
    package var timeToSample: TimeToSampleBox
    package var compositionOffset: CompositionOffsetBox
    package var syncSample: SyncSampleBox
    package var sampleToChunk: SampleToChunkBox
    package var sampleSize: SampleSizeBox
    package var chunkOffset: ChunkOffsetBox

    package init(
        sampleEntries: [[UInt8]],
        timeToSample: TimeToSampleBox = TimeToSampleBox(),
        compositionOffset: CompositionOffsetBox = CompositionOffsetBox(),
        syncSample: SyncSampleBox = SyncSampleBox(),
        sampleToChunk: SampleToChunkBox = SampleToChunkBox(),
        sampleSize: SampleSizeBox = SampleSizeBox(),
        chunkOffset: ChunkOffsetBox = ChunkOffsetBox()
    ) {
        self.sampleEntries = sampleEntries
        self.timeToSample = timeToSample
        self.compositionOffset = compositionOffset
        self.syncSample = syncSample
        self.sampleToChunk = sampleToChunk
        self.sampleSize = sampleSize
        self.chunkOffset = chunkOffset
    }

    package var sizeBytes: Int {
        8 + 16 + sampleEntries.reduce(0) { $0 + $1.count }
            + timeToSample.sizeBytes + compositionOffset.sizeBytes + syncSample.sizeBytes
            + sampleToChunk.sizeBytes + sampleSize.sizeBytes + chunkOffset.sizeBytes
    }

    package func write(to writer: inout BoxWriter) {
        writer.box("stbl") {
            $0.fullBox("stsd") {
                $0.append(UInt32(sampleEntries.count))
                for entry in sampleEntries {
                    $0.append(contentsOf: entry)
                }
            }
            timeToSample.write(to: &$0)
            compositionOffset.write(to: &$0)
            syncSample.write(to: &$0)
            sampleToChunk.write(to: &$0)
            sampleSize.write(to: &$0)
            chunkOffset.write(to: &$0)
        }
    }
}

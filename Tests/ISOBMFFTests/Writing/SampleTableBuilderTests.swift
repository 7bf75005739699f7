import ISOBMFF
import Testing

struct SampleTableBuilderTests {
    private func append(
        to builder: inout SampleTableBuilder,
        decodeTime: UInt64,
        durations: [UInt32],
        compositionOffsets: [Int32] = [],
        isSync: [Bool] = [],
        descriptionIndex: Int = 0,
        offsetBytes: UInt64 = 0
    ) {
        builder.append(
            decodeTime: decodeTime,
            sizesBytes: durations.map { _ in 10 },
            durations: durations,
            compositionOffsets: compositionOffsets,
            isSync: isSync,
            descriptionIndex: descriptionIndex,
            offsetBytes: offsetBytes
        )
    }

    @Test func runsGoOnFromChunkToChunk() {
        var builder = SampleTableBuilder()
        append(to: &builder, decodeTime: 5, durations: [10, 10], compositionOffsets: [20, 20])
        append(to: &builder, decodeTime: 25, durations: [10, 11], compositionOffsets: [20, 0])
        let table = builder.sampleTable(sampleEntries: [])
        #expect(
            table.timeToSample.entries == [
                TimeToSampleBox.Entry(sampleCount: 3, sampleDelta: 10),
                TimeToSampleBox.Entry(sampleCount: 1, sampleDelta: 11),
            ]
        )
        #expect(
            table.compositionOffset.entries == [
                CompositionOffsetBox.Entry(sampleCount: 3, sampleOffset: 20),
                CompositionOffsetBox.Entry(sampleCount: 1, sampleOffset: 0),
            ]
        )
        #expect(builder.firstDecodeTime == 5)
        #expect(builder.mediaDuration == 41)
        #expect(builder.compositionEnd == 50)
    }

    @Test func aGapLengthensTheSampleBeforeIt() {
        var builder = SampleTableBuilder()
        append(to: &builder, decodeTime: 0, durations: [10, 10])
        append(to: &builder, decodeTime: 27, durations: [10])
        let entries = builder.sampleTable(sampleEntries: []).timeToSample.entries
        #expect(
            entries == [
                TimeToSampleBox.Entry(sampleCount: 1, sampleDelta: 10),
                TimeToSampleBox.Entry(sampleCount: 1, sampleDelta: 17),
                TimeToSampleBox.Entry(sampleCount: 1, sampleDelta: 10),
            ]
        )
        #expect(builder.mediaDuration == 37)
    }

    @Test func offsetsOfZeroMakeNoTable() {
        var builder = SampleTableBuilder()
        append(to: &builder, decodeTime: 0, durations: [10], compositionOffsets: [0])
        append(to: &builder, decodeTime: 10, durations: [10])
        #expect(builder.sampleTable(sampleEntries: []).compositionOffset.entries.isEmpty)
    }

    @Test func syncSamplesAreNumberedThroughAllChunks() {
        var builder = SampleTableBuilder()
        append(to: &builder, decodeTime: 0, durations: [1, 1])
        append(to: &builder, decodeTime: 2, durations: [1, 1, 1], isSync: [true, false, true])
        let table = builder.sampleTable(sampleEntries: [])
        #expect(table.syncSample.sampleNumbers == [1, 2, 3, 5])
    }

    @Test func samplesThatAllAreSyncMakeNoTable() {
        var builder = SampleTableBuilder()
        append(to: &builder, decodeTime: 0, durations: [1, 1], isSync: [true, true])
        #expect(builder.sampleTable(sampleEntries: []).syncSample.sampleNumbers == nil)
    }

    @Test func chunksOfOneKindAreOneRun() {
        var builder = SampleTableBuilder()
        append(to: &builder, decodeTime: 0, durations: [1, 1], offsetBytes: 0)
        append(to: &builder, decodeTime: 2, durations: [1, 1], offsetBytes: 100)
        append(
            to: &builder,
            decodeTime: 4,
            durations: [1, 1],
            descriptionIndex: 1,
            offsetBytes: 200
        )
        append(to: &builder, decodeTime: 6, durations: [1], descriptionIndex: 1, offsetBytes: 300)
        let table = builder.sampleTable(sampleEntries: [])
        let runs = table.sampleToChunk.entries.map {
            [$0.firstChunk, $0.samplesPerChunk, $0.sampleDescriptionIndex]
        }
        #expect(runs == [[1, 2, 1], [3, 2, 2], [4, 1, 2]])
        #expect(table.chunkOffset.offsetsBytes == [0, 100, 200, 300])
    }

    @Test func nothingIsAddedForAnEmptyChunk() {
        var builder = SampleTableBuilder()
        append(to: &builder, decodeTime: 7, durations: [])
        #expect(builder.isEmpty)
        #expect(builder.firstDecodeTime == nil)
    }
}

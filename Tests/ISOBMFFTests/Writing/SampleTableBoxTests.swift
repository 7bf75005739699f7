import ISOBMFF
import Testing

/// Exact bytes of the sample tables, and that each knows its size before it is written.
struct SampleTableBoxTests {
    private func bytes(_ write: (inout BoxWriter) -> Void) -> [UInt8] {
        var writer = BoxWriter()
        write(&writer)
        return writer.bytes
    }

    @Test func timeToSampleIsRuns() {
        let box = TimeToSampleBox(entries: [
            TimeToSampleBox.Entry(sampleCount: 3, sampleDelta: 512),
            TimeToSampleBox.Entry(sampleCount: 1, sampleDelta: 513),
        ])
        let expected =
            hex("0000 0020") + code("stts") + hex("0000 0000 0000 0002")
            + hex("0000 0003 0000 0200 0000 0001 0000 0201")
        #expect(bytes(box.write) == expected)
        #expect(box.sizeBytes == expected.count)
    }

    @Test(arguments: [(Int32(1024), "0000 0400", "00"), (-1, "FFFF FFFF", "01")])
    func negativeCompositionOffsetsMakeVersion1(offset: Int32, field: String, version: String) {
        let box = CompositionOffsetBox(entries: [
            CompositionOffsetBox.Entry(sampleCount: 2, sampleOffset: offset)
        ])
        let expected =
            hex("0000 0018") + code("ctts") + hex(version) + hex("00 0000 0000 0001 0000 0002")
            + hex(field)
        #expect(bytes(box.write) == expected)
        #expect(box.sizeBytes == expected.count)
    }

    @Test func syncSamplesAreNumbers() {
        let box = SyncSampleBox(sampleNumbers: [1, 61])
        let expected =
            hex("0000 0018") + code("stss") + hex("0000 0000 0000 0002 0000 0001 0000 003D")
        #expect(bytes(box.write) == expected)
        #expect(box.sizeBytes == expected.count)
    }

    @Test func tablesThatSayNothingAreLeftOut() {
        #expect(bytes(SyncSampleBox().write).isEmpty)
        #expect(bytes(CompositionOffsetBox().write).isEmpty)
        #expect(SyncSampleBox().sizeBytes == 0)
        #expect(CompositionOffsetBox().sizeBytes == 0)
    }

    @Test func aTrackWithoutSyncSamplesSaysSo() {
        let expected = hex("0000 0010") + code("stss") + hex("0000 0000 0000 0000")
        #expect(bytes(SyncSampleBox(sampleNumbers: []).write) == expected)
    }

    @Test func sampleToChunkIsRunsOfChunks() {
        let box = SampleToChunkBox(entries: [
            SampleToChunkBox.Entry(firstChunk: 1, samplesPerChunk: 60, sampleDescriptionIndex: 2)
        ])
        let expected =
            hex("0000 001C") + code("stsc") + hex("0000 0000 0000 0001")
            + hex("0000 0001 0000 003C 0000 0002")
        #expect(bytes(box.write) == expected)
        #expect(box.sizeBytes == expected.count)
    }

    @Test func sizesThatDifferAreATable() {
        let box = SampleSizeBox(sizesBytes: [7, 8])
        let expected =
            hex("0000 001C") + code("stsz") + hex("0000 0000 0000 0000 0000 0002")
            + hex("0000 0007 0000 0008")
        #expect(bytes(box.write) == expected)
        #expect(box.sizeBytes == expected.count)
    }

    @Test func equalSizesAreOneField() {
        let box = SampleSizeBox(sizesBytes: [7, 7])
        let expected = hex("0000 0014") + code("stsz") + hex("0000 0000 0000 0007 0000 0002")
        #expect(bytes(box.write) == expected)
        #expect(box.sizeBytes == expected.count)
    }

    @Test func emptySamplesAreNeverTheCommonSize() {
        let box = SampleSizeBox(sizesBytes: [0, 0])
        #expect(bytes(box.write).count == 28)
        #expect(box.sizeBytes == 28)
    }

    @Test func chunkOffsetsWidenTo64Bits() {
        var box = ChunkOffsetBox(offsetsBytes: [0, 5])
        box.move(by: 16, isLarge: false)
        let small =
            hex("0000 0018") + code("stco") + hex("0000 0000 0000 0002 0000 0010 0000 0015")
        #expect(bytes(box.write) == small)
        #expect(box.sizeBytes == small.count)

        box.move(by: 0x1_0000_0000, isLarge: true)
        let large =
            hex("0000 0020") + code("co64") + hex("0000 0000 0000 0002")
            + hex("0000 0001 0000 0010 0000 0001 0000 0015")
        #expect(bytes(box.write) == large)
        #expect(box.sizeBytes == large.count)
    }

    @Test func emptyTablesStandWhereTheyMust() {
        let box = SampleTableBox(sampleEntries: [hex("0000 0008") + code("wvtt")])
        let expected =
            hex("0000 0064") + code("stbl")
            + hex("0000 0018") + code("stsd") + hex("0000 0000 0000 0001")
            + hex("0000 0008") + code("wvtt")
            + hex("0000 0010") + code("stts") + hex("0000 0000 0000 0000")
            + hex("0000 0010") + code("stsc") + hex("0000 0000 0000 0000")
            + hex("0000 0014") + code("stsz") + hex("0000 0000 0000 0000 0000 0000")
            + hex("0000 0010") + code("stco") + hex("0000 0000 0000 0000")
        #expect(bytes(box.write) == expected)
        #expect(box.sizeBytes == expected.count)
    }
}

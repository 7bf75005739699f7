import ISOBMFF
import Testing

/// Sizes, durations, offsets and random access as `stbl` says them.
struct SampleTableTests {
    private func samples(_ change: (inout TestTrack) -> Void) throws -> SampleTable {
        try #require(try read(TestFile(change).bytes).tracks.first).samples
    }

    @Test func oneSizeForAllSamples() throws {
        let samples = try samples { $0.sampleSizes = fullBox("stsz", u32(7, 4)) }
        #expect(samples.sizesBytes == [7, 7, 7, 7])
        #expect(samples.offsetsBytes == [24, 31, 524, 531])
    }

    @Test(
        arguments: [
            (4, hex("12 34")), (8, hex("01 02 03 04")), (16, hex("0001 0002 0003 0004")),
        ] as [(UInt32, [UInt8])]
    )
    func compactSizes(bits: UInt32, table: [UInt8]) throws {
        let samples = try samples { $0.sampleSizes = fullBox("stz2", u32(bits, 4), table) }
        #expect(samples.sizesBytes == [1, 2, 3, 4])
    }

    @Test func compactSizesOfAnOddCount() throws {
        let samples = try samples {
            $0.sampleSizes = fullBox("stz2", u32(4, 3), hex("12 3F"))
            $0.sampleToChunk = fullBox("stsc", u32(1, 1, 3, 1))
            $0.chunkOffsets = fullBox("stco", u32(1, 24))
        }
        #expect(samples.sizesBytes == [1, 2, 3])
    }

    @Test func runsOfDurations() throws {
        let samples = try samples { $0.timeToSample = fullBox("stts", u32(3, 1, 5, 2, 6, 1, 7)) }
        #expect(samples.durations == [5, 6, 6, 7])
    }

    @Test func durationsOfMoreSamplesThanThereAreAreIgnored() throws {
        let samples = try samples { $0.timeToSample = fullBox("stts", u32(2, 3, 5, .max, 6)) }
        #expect(samples.durations == [5, 5, 5, 6])
    }

    @Test func compositionOffsets() throws {
        let samples = try samples { $0.tableExtras = fullBox("ctts", u32(2, 1, 200, 3, 100)) }
        #expect(samples.compositionOffsets == [200, 100, 100, 100])
    }

    @Test(arguments: [0, 1] as [UInt8])
    func negativeCompositionOffsetsInEitherVersion(version: UInt8) throws {
        let samples = try samples {
            let table = u32(2, 1) + i32(0) + u32(3) + i32(-100)
            $0.tableExtras = fullBox("ctts", version: version, table)
        }
        #expect(samples.compositionOffsets == [0, -100, -100, -100])
    }

    @Test func samplesBehindTheCompositionOffsetsHave0() throws {
        let samples = try samples { $0.tableExtras = fullBox("ctts", u32(1, 2, 50)) }
        #expect(samples.compositionOffsets == [50, 50, 0, 0])
    }

    @Test func compositionOffsetsThatAreAll0AreLeftOut() throws {
        let samples = try samples { $0.tableExtras = fullBox("ctts", u32(1, 4, 0)) }
        #expect(samples.compositionOffsets.isEmpty)
    }

    @Test func withoutStssEverySampleIsASyncSample() throws {
        #expect(try samples { $0.syncSamples = [] }.dependencies.isEmpty)
    }

    @Test func anStssThatNamesEverySampleIsLeftOut() throws {
        let samples = try samples { $0.syncSamples = fullBox("stss", u32(4, 1, 2, 3, 4)) }
        #expect(samples.dependencies.isEmpty)
    }

    @Test func anEmptyStssMeansNoSyncSample() throws {
        let samples = try samples { $0.syncSamples = fullBox("stss", u32(0)) }
        #expect(samples.dependencies == [.dependent, .dependent, .dependent, .dependent])
    }

    @Test func randomAccessGroups() throws {
        let samples = try samples {
            let table = u32(3, 1, 1, 1, 0, 1, 2)
            $0.tableExtras =
                fullBox("sgpd", version: 1, code("rap "), u32(1, 1), u8(0))
                + fullBox("sbgp", code("rap "), table)
        }
        #expect(samples.dependencies == [.sync, .dependent, .randomAccess, .dependent])
    }

    @Test func groupsOfOtherTypesChangeNothing() throws {
        let samples = try samples {
            $0.tableExtras =
                fullBox("sgpd", version: 1, code("roll"), u32(2, 1), u16(0xFFFF))
                + fullBox("sbgp", version: 1, code("roll"), u32(0, 1, 4, 1))
                + fullBox("sdtp", zeros(4)) + fullBox("cslg", zeros(20))
        }
        #expect(samples.dependencies == [.sync, .dependent, .dependent, .dependent])
    }

    @Test func runsOfChunks() throws {
        let samples = try samples {
            $0.sampleToChunk = fullBox("stsc", u32(2, 1, 1, 1, 3, 2, 1))
            $0.chunkOffsets = fullBox("stco", u32(3, 100, 200, 300))
        }
        #expect(samples.offsetsBytes == [100, 200, 300, 330])
    }

    @Test func chunksBehindTheLastSampleAreIgnored() throws {
        let samples = try samples {
            $0.chunkOffsets = fullBox("stco", u32(4, 100, 200, 99_999, .max))
            $0.sampleToChunk = fullBox("stsc", u32(2, 1, 2, 1, 9, 1, 1))
        }
        #expect(samples.offsetsBytes == [100, 110, 200, 230])
    }

    @Test func offsetsOf64Bits() throws {
        let samples = try samples { $0.chunkOffsets = fullBox("co64", u32(2), u64(100, 200)) }
        #expect(samples.offsetsBytes == [100, 110, 200, 230])
    }

    @Test func severalSampleEntries() throws {
        let samples = try samples {
            $0.sampleEntries = TestEntry.avc + TestEntry.avc
            $0.sampleToChunk = fullBox("stsc", u32(2, 1, 2, 1, 2, 2, 2))
        }
        #expect(samples.descriptionIndexes == [0, 0, 1, 1])
    }
}

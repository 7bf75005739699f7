import ISOBMFF
import Testing

/// Movie fragments: whose samples, where, and what holds by default.
struct FragmentTests {
    /// `default-base-is-moof`, and nothing else said.
    private let tfhd = fullBox("tfhd", flags: 0x02_0000, u32(1))

    private func samples(_ file: TestFile) throws -> SampleTable {
        try #require(try read(file.bytes).tracks.first).samples
    }

    /// Place of the first `moof` in a file.
    private func start(_ file: TestFile) -> UInt64 {
        UInt64(file.bytes.count - file.tail.count)
    }

    @Test func defaultsComeFromTrex() throws {
        let trun = fullBox("trun", flags: 0x1, u32(3), i32(64))
        let file = TestFile.fragmented(TestFragment(tfhd + trun))
        let movie = try read(file.bytes)
        #expect(movie.isFragmented)
        let samples = movie.tracks[0].samples
        let first = start(file) + 64
        #expect(samples.sizesBytes == [10, 10, 10])
        #expect(samples.offsetsBytes == [first, first + 10, first + 20])
        #expect(samples.durations == [100, 100, 100])
        #expect(samples.dependencies.isEmpty)
        #expect(samples.compositionOffsets.isEmpty)
    }

    @Test func tfhdOverridesTrex() throws {
        let flags: UInt32 = 0x02_0000 | 0x38
        let tfhd = fullBox("tfhd", flags: flags, u32(1, 50, 20, TestFragment.nonSync))
        let trun = fullBox("trun", flags: 0x1, u32(2), i32(64))
        let samples = try samples(TestFile.fragmented(TestFragment(tfhd + trun)))
        #expect(samples.sizesBytes == [20, 20])
        #expect(samples.durations == [50, 50])
        #expect(samples.dependencies == [.dependent, .dependent])
    }

    @Test func trunOverridesTfhd() throws {
        let rows =
            u32(40, 7, TestFragment.sync) + i32(0) + u32(50, 8, TestFragment.nonSync) + i32(-5)
        let trun = fullBox("trun", version: 1, flags: 0xF01, u32(2), i32(64), rows)
        let samples = try samples(TestFile.fragmented(TestFragment(tfhd + trun)))
        #expect(samples.durations == [40, 50])
        #expect(samples.sizesBytes == [7, 8])
        #expect(samples.dependencies == [.sync, .dependent])
        #expect(samples.compositionOffsets == [0, -5])
    }

    @Test func firstSampleFlagsHoldOfTheFirstSampleOnly() throws {
        let tfhd = fullBox("tfhd", flags: 0x02_0020, u32(1, TestFragment.nonSync))
        let trun = fullBox("trun", flags: 0x5, u32(3), i32(64), u32(TestFragment.sync))
        let samples = try samples(TestFile.fragmented(TestFragment(tfhd + trun)))
        #expect(samples.dependencies == [.sync, .dependent, .dependent])
    }

    @Test func severalRunsFollowEachOther() throws {
        let runs =
            fullBox("trun", flags: 0x1, u32(1), i32(64)) + fullBox("trun", u32(2))
            + fullBox("trun", flags: 0x1, u32(1), i32(120))
        let file = TestFile.fragmented(TestFragment(tfhd + runs, mediaSize: 200))
        let first = start(file) + 64
        #expect(try samples(file).offsetsBytes == [first, first + 10, first + 20, first + 56])
    }

    @Test func offsetsFromABaseInTheFile() throws {
        let tfhd = fullBox("tfhd", flags: 0x1, u32(1), u64(40))
        let trun = fullBox("trun", flags: 0x1, u32(2), i32(-4))
        let samples = try samples(TestFile.fragmented(TestFragment(tfhd + trun)))
        #expect(samples.offsetsBytes == [36, 46])
    }

    @Test func withoutABaseDataFollowsThatOfTheTrackFragmentBefore() throws {
        let tfhd = fullBox("tfhd", u32(1))
        let first = tfhd + fullBox("trun", flags: 0x1, u32(2), i32(90))
        let second = tfhd + fullBox("trun", u32(1))
        let file = TestFile.fragmented(TestFragment(first, second))
        let place = start(file) + 90
        #expect(try samples(file).offsetsBytes == [place, place + 10, place + 20])
    }

    @Test func samplesOfTheMoovComeFirst() throws {
        let trun = fullBox("trun", flags: 0x1, u32(1), i32(64))
        var file = TestFile()
        file.movieExtras = box("mvex", fullBox("trex", u32(1, 1, 100, 10, 0)))
        file.tail = TestFragment(tfhd + TestFragment.tfdt(400) + trun).bytes
        let samples = try samples(file)
        #expect(samples.sizesBytes == [10, 20, 30, 40, 10])
        #expect(samples.dependencies == [.sync, .dependent, .dependent, .dependent, .sync])
    }

    @Test func theSampleEntryOfAFragment() throws {
        let trun = fullBox("trun", flags: 0x1, u32(1), i32(64))
        let second = fullBox("tfhd", flags: 0x02_0002, u32(1, 2))
        var file = TestFile.fragmented(TestFragment(tfhd + trun), TestFragment(second + trun))
        file.tracks[0].sampleEntries = TestEntry.avc + TestEntry.avc
        #expect(try samples(file).descriptionIndexes == [0, 1])
    }

    @Test func randomAccessGroupsOfAFragment() throws {
        let tfhd = fullBox("tfhd", flags: 0x02_0020, u32(1, TestFragment.nonSync))
        let trun = fullBox("trun", flags: 0x1, u32(3), i32(64))
        let group = fullBox("sbgp", code("rap "), u32(2, 1, 0, 1, 0x10001))
        let first = TestFragment(tfhd + trun)
        let file = TestFile.fragmented(first, TestFragment(tfhd + trun + group))
        let expected: [SampleTable.Dependency] = [
            .dependent, .dependent, .dependent, .dependent, .randomAccess, .dependent,
        ]
        #expect(try samples(file).dependencies == expected)
    }

    @Test func fragmentsOfATrackThatIsLeftOutAreOnlyFollowed() throws {
        let tfhd = fullBox("tfhd", u32(1))
        let unknown = fullBox("tfhd", flags: 0x10, u32(2, 7))
        let run = fullBox("trun", u32(2))
        let first = unknown + TestFragment.tfdt(900) + run
        let second = unknown + TestFragment.tfdt(0) + run
        var file = TestFile.fragmented(TestFragment(first, second, tfhd + run))
        var broken = TestTrack()
        broken.trackHeader = TestTrack.trackHeader(id: 2)
        broken.handler = TestTrack.handler("meta")
        broken.sampleEntries = []
        file.tracks.append(broken)
        let movie = try read(file.bytes)
        #expect(movie.tracks.map(\.id) == [1])
        // Its data follows two times two samples of seven bytes.
        #expect(movie.tracks[0].samples.offsetsBytes == [start(file) + 28, start(file) + 38])
    }

    @Test func offsetsAndFlagsThatStartInALaterFragment() throws {
        let trun = fullBox("trun", flags: 0x1, u32(2), i32(64))
        let rows = u32(TestFragment.nonSync, 30)
        let later = fullBox("trun", flags: 0xC01, u32(1), i32(64), rows)
        let file = TestFile.fragmented(
            TestFragment(tfhd + trun),
            TestFragment(tfhd + later),
            TestFragment(tfhd + trun)
        )
        let samples = try samples(file)
        #expect(samples.compositionOffsets == [0, 0, 30, 0, 0])
        #expect(samples.dependencies == [.sync, .sync, .dependent, .sync, .sync])
    }
}

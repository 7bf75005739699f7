import ISOBMFF
import Testing

/// Decode times of fragments: two samples of 100 ticks each.
struct FragmentTimeTests {
    private func fragment(_ tfdt: [UInt8]) -> TestFragment {
        let tfhd = fullBox("tfhd", flags: 0x02_0000, u32(1))
        return TestFragment(tfhd + tfdt + fullBox("trun", flags: 0x1, u32(2), i32(64)))
    }

    private func fragment(at time: UInt64) -> TestFragment {
        fragment(TestFragment.tfdt(time))
    }

    private func samples(_ first: TestFragment, _ second: TestFragment) throws -> SampleTable {
        let movie = try read(TestFile.fragmented(first, second).bytes)
        return try #require(movie.tracks.first).samples
    }

    @Test func theFirstFragmentsTimeIsTheTracks() throws {
        let samples = try samples(fragment(at: 5_000_000_000), fragment(at: 5_000_000_200))
        #expect(samples.firstDecodeTime == 5_000_000_000)
        #expect(samples.durations == [100, 100, 100, 100])
    }

    @Test func timesOf32Bits() throws {
        let first = fragment(fullBox("tfdt", u32(0xFFFF_FF00)))
        let samples = try samples(first, fragment(at: 0xFFFF_FF00 + 200))
        #expect(samples.firstDecodeTime == 0xFFFF_FF00)
        #expect(samples.durations == [100, 100, 100, 100])
    }

    @Test func withoutTfdtFragmentsFollowEachOther() throws {
        let samples = try samples(fragment([]), fragment([]))
        #expect(samples.firstDecodeTime == 0)
        #expect(samples.durations == [100, 100, 100, 100])
    }

    @Test func aGapLengthensTheSampleBeforeIt() throws {
        let samples = try samples(fragment(at: 1000), fragment(at: 1250))
        #expect(samples.durations == [100, 150, 100, 100])
    }

    @Test func aFragmentThatStartsInTheLastSampleShortensIt() throws {
        let samples = try samples(fragment(at: 1000), fragment(at: 1199))
        #expect(samples.durations == [100, 99, 100, 100])
    }

    @Test func aFragmentThatStartsBeforeTheLastSample() {
        let file = TestFile.fragmented(fragment(at: 1000), fragment(at: 1099))
        let error = ISOBMFFError.decodeTimeGoesBack(trackId: 1, expected: 1200, found: 1099)
        #expect(readError(file.bytes) == error)
    }

    @Test func aGapThatIsLongerThanADurationCanBe() {
        let time = UInt64(UInt32.max) + 500
        let file = TestFile.fragmented(fragment(at: 0), fragment(at: time))
        let field = "baseMediaDecodeTime"
        let error = ISOBMFFError.invalid(box: "tfdt", field: field, value: Int64(time))
        #expect(readError(file.bytes) == error)
    }

    @Test func aTimeOutOfRange() {
        let file = TestFile.fragmented(fragment(at: 1 << 63))
        let field = "baseMediaDecodeTime"
        let error = ISOBMFFError.invalid(box: "tfdt", field: field, value: .max)
        #expect(readError(file.bytes) == error)
    }
}

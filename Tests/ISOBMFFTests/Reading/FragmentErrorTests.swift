import ISOBMFF
import Testing

/// Fragments that are cut, lie, or ask for too much.
struct FragmentErrorTests {
    private let tfhd = fullBox("tfhd", flags: 0x02_0000, u32(1))

    /// Two samples of ten bytes, which are all that is in the `mdat`.
    private func fragment(_ trun: [UInt8]? = nil, tfhd: [UInt8]? = nil) -> TestFragment {
        let tfhd = tfhd ?? self.tfhd
        let mediaOffset = Int32(tfhd.count) + 60
        let trun = trun ?? fullBox("trun", flags: 0x1, u32(2), i32(mediaOffset))
        return TestFragment(tfhd + trun, mediaSize: 20)
    }

    private func error(_ fragments: TestFragment) -> ISOBMFFError? {
        readError(TestFile.fragmented(fragments).bytes)
    }

    @Test(arguments: [1, 19, 20, 27, 28, 29, 40, 80])
    func aFileThatEndsInAFragmentYieldsTheWholeOnesBefore(missing: Int) throws {
        let bytes = TestFile.fragmented(fragment(), fragment()).bytes
        let movie = try read(Array(bytes.dropLast(missing)))
        #expect(movie.tracks.map(\.samples.count) == [2])
        #expect(movie.tracks[0].samples.durations == [100, 100])
    }

    @Test func aCutFragmentMayHaveMoreSamplesOfOneSizeThanTheFileHasBytes() throws {
        let trun = fullBox("trun", flags: 0x1, u32(9000), i32(76))
        let fragment = TestFragment(tfhd + trun, mediaSize: 90_000)
        let bytes = TestFile.fragmented(fragment, fragment).bytes
        let movie = try read(Array(bytes.dropLast(80_000)))
        #expect(movie.tracks.map(\.samples.count) == [9000])
    }

    @Test func theLastSampleBeforeACutFragmentKeepsItsDuration() throws {
        let late = tfhd + TestFragment.tfdt(1000)
        let bytes = TestFile.fragmented(fragment(), fragment(tfhd: late)).bytes
        #expect(try read(bytes).tracks[0].samples.durations == [100, 900, 100, 100])
        let cut = try read(Array(bytes.dropLast(5)))
        #expect(cut.tracks[0].samples.durations == [100, 100])
    }

    @Test func aFileThatEndsInItsFirstFragment() {
        let bytes = TestFile.fragmented(fragment()).bytes
        guard case .outOfFile(_, 20) = readError(Array(bytes.dropLast(5))) else {
            Issue.record("no error for a file without a whole fragment")
            return
        }
    }

    @Test func samplesOutsideTheFileInTheMiddleOfIt() {
        let lost = fragment(fullBox("trun", flags: 0x1, u32(2), i32(60_000)))
        let file = TestFile.fragmented(fragment(), lost, fragment())
        let moofOffset = UInt64(file.bytes.count - 2 * lost.bytes.count)
        let error = ISOBMFFError.outOfFile(offsetBytes: moofOffset + 60_000, sizeBytes: 0)
        #expect(readError(file.bytes) == error)
    }

    @Test func zerosBehindTheLastFragment() throws {
        var file = TestFile.fragmented(fragment())
        file.tail += zeros(5000)
        #expect(try read(file.bytes).tracks[0].samples.count == 2)
    }

    @Test func aTrackThatIsNotThere() {
        let error = error(fragment(tfhd: fullBox("tfhd", flags: 0x02_0000, u32(9))))
        #expect(error == .invalid(box: "tfhd", field: "track_ID", value: 9))
    }

    @Test func aSampleEntryThatIsNotThere() {
        let error = error(fragment(tfhd: fullBox("tfhd", flags: 0x02_0002, u32(1, 2))))
        #expect(error == .invalid(box: "tfhd", field: "sample_description_index", value: 2))
    }

    @Test func aTrafWithoutTfhd() {
        #expect(error(TestFragment(fullBox("trun", u32(1)))) == .missing(box: "tfhd"))
    }

    @Test func moreRowsThanTheBoxHolds() {
        let error = error(fragment(fullBox("trun", flags: 0x200, u32(.max, 10))))
        #expect(error == .tooMany(box: "trun", count: UInt64(UInt32.max), limit: 1))
        let fewer = self.error(fragment(fullBox("trun", flags: 0x200, u32(3, 10, 10))))
        #expect(fewer == .tooMany(box: "trun", count: 3, limit: 2))
    }

    @Test func manySamplesWithoutRows() {
        guard case .outOfFile = error(fragment(fullBox("trun", u32(20_000_000)))) else {
            Issue.record("no error for more samples than the file has bytes")
            return
        }
    }

    @Test func runsThatShareTheirBytes() {
        let trun = fullBox("trun", flags: 0x1, u32(20), i32(-200))
        let runs = (0..<40).flatMap { _ in trun }
        guard case .tooMany("trun", 20, _) = error(fragment(runs)) else {
            Issue.record("no error for runs that hold more bytes than the file has")
            return
        }
    }

    @Test func samplesWithoutBytesOrRows() {
        let tfhd = fullBox("tfhd", flags: 0x02_0010, u32(1, 0))
        let error = error(fragment(fullBox("trun", u32(20_000_000)), tfhd: tfhd))
        #expect(error == .invalid(box: "trun", field: "sample_size", value: 0))
    }

    @Test func aBaseOutsideTheFile() {
        let tfhd = fullBox("tfhd", flags: 0x1, u32(1), u64(.max))
        #expect(error(fragment(tfhd: tfhd)) == .outOfFile(offsetBytes: .max, sizeBytes: 0))
    }

    @Test func anOffsetInFrontOfTheFile() {
        let tfhd = fullBox("tfhd", flags: 0x1, u32(1), u64(10))
        let error = error(fragment(fullBox("trun", flags: 0x1, u32(1), i32(-11)), tfhd: tfhd))
        #expect(error == .invalid(box: "trun", field: "data_offset", value: -11))
    }

    @Test func moreFragmentsThanTheLimit() {
        var limits = ISOBMFFLimits()
        limits.fragments = 1
        let file = TestFile.fragmented(fragment(), fragment())
        let error = ISOBMFFError.tooMany(box: "moof", count: 2, limit: 1)
        #expect(readError(file.bytes, limits: limits) == error)
    }

    @Test func aMoofBeyondTheLimit() {
        var limits = ISOBMFFLimits()
        limits.fragmentBoxBytes = 20
        let size = UInt64(fragment().moof.count)
        let error = ISOBMFFError.tooLarge(box: "moof", sizeBytes: size, limitBytes: 20)
        #expect(readError(TestFile.fragmented(fragment()).bytes, limits: limits) == error)
    }

    @Test func moreSamplesThanTheLimit() {
        var limits = ISOBMFFLimits()
        limits.samples = 3
        let file = TestFile.fragmented(fragment(), fragment())
        let error = ISOBMFFError.tooMany(box: "trun", count: 2, limit: 1)
        #expect(readError(file.bytes, limits: limits) == error)
    }
}

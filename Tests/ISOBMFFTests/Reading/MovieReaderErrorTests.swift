import ISOBMFF
import Testing

/// What is wrong with a file as a whole, and the limits on what it may ask for.
struct MovieReaderErrorTests {
    @Test(arguments: [
        [], zeros(7), zeros(64), Array("<html><body>not found</body></html>".utf8),
        u32(3) + code("ftyp"),
        u32(8) + code("RIFF") + zeros(100),
    ])
    func refusesWhatIsNoMP4(bytes: [UInt8]) {
        #expect(readError(bytes) == .notISOBMFF)
    }

    @Test func aFileWithoutMoov() {
        let file = TestFile()
        #expect(readError(file.fileType + file.mdat) == .missing(box: "moov"))
    }

    @Test func aFileThatEndsInItsMedia() {
        let file = TestFile()
        #expect(readError(file.fileType + file.mdat.dropLast(100)) == .missing(box: "moov"))
    }

    @Test func aFileThatEndsInItsMoov() {
        let bytes = TestFile().bytes.dropLast(10)
        #expect(readError(Array(bytes)) == .truncated(box: "moov", offsetBytes: 1024))
    }

    @Test func aFileWhoseMediaEndsEarly() {
        var file = TestFile()
        file.mdat = box("mdat", zeros(100))
        #expect(readError(file.bytes) == nil, "the moov lies where the media would")
        file.tracks[0].chunkOffsets = fullBox("stco", u32(2, 24, 9000))
        #expect(readError(file.bytes) == .outOfFile(offsetBytes: 9000, sizeBytes: 70))
    }

    @Test func aFragmentInFrontOfTheMoov() {
        let file = TestFile()
        #expect(readError(box("moof") + file.bytes) == .missing(box: "moov"))
    }

    @Test func aBoxThatIsSmallerThanItsHeader() {
        let file = TestFile()
        for size: UInt32 in 2..<8 {
            let bytes = file.fileType + u32(size) + code("free") + file.bytes
            let error = ISOBMFFError.invalid(box: "free", field: "size", value: Int64(size))
            #expect(readError(bytes) == error)
        }
        let large = file.fileType + u32(1) + code("free") + u64(15) + file.bytes
        #expect(readError(large) == .invalid(box: "free", field: "size", value: 15))
    }

    @Test func aBoxThatIsLargerThanTheFileHasNothingBehindIt() {
        let file = TestFile()
        let bytes = file.fileType + u32(1) + code("free") + u64(.max) + file.bytes
        #expect(readError(bytes) == .missing(box: "moov"))
    }

    @Test func aChildThatIsLargerThanItsParent() {
        var file = TestFile()
        file.movieExtras = u32(1000) + code("mvex")
        let offset = UInt64(file.fileType.count + file.mdat.count + file.moov.count - 8)
        #expect(readError(file.bytes) == .truncated(box: "mvex", offsetBytes: offset))
    }

    @Test func aCompressedMoov() {
        var file = TestFile()
        file.movieExtras = box("cmov", zeros(20))
        #expect(readError(file.bytes) == .unsupported(feature: .compressedMovie))
    }

    @Test func aMoovWithoutMvhd() {
        var file = TestFile()
        file.movieHeader = []
        #expect(readError(file.bytes) == .missing(box: "mvhd"))
    }

    @Test func aMovieTimescaleOf0() {
        var file = TestFile()
        file.movieHeader = fullBox("mvhd", u32(0, 0, 0, 0), zeros(80))
        #expect(readError(file.bytes) == .invalid(box: "mvhd", field: "timescale", value: 0))
    }

    @Test func twoTracksOfOneId() {
        var file = TestFile()
        file.tracks.append(TestTrack())
        #expect(readError(file.bytes) == .invalid(box: "tkhd", field: "track_ID", value: 1))
    }

    @Test func aMoovBeyondTheLimit() {
        let file = TestFile()
        var limits = ISOBMFFLimits()
        limits.movieBoxBytes = 100
        let size = UInt64(file.moov.count)
        let error = ISOBMFFError.tooLarge(box: "moov", sizeBytes: size, limitBytes: 100)
        #expect(readError(file.bytes, limits: limits) == error)
    }

    @Test func aFileBeyondTheLimit() {
        let file = TestFile()
        var limits = ISOBMFFLimits()
        limits.fileBytes = 100
        let size = UInt64(file.bytes.count)
        let error = ISOBMFFError.fileTooLarge(sizeBytes: size, limitBytes: 100)
        #expect(readError(file.bytes, limits: limits) == error)
    }

    @Test func moreBoxesThanTheLimit() {
        let file = TestFile()
        var limits = ISOBMFFLimits()
        limits.topLevelBoxes = 10
        let bytes = file.fileType + (0..<10).flatMap { _ in box("free") } + file.bytes
        let error = ISOBMFFError.tooMany(box: "free", count: 11, limit: 10)
        #expect(readError(bytes, limits: limits) == error)
    }

    @Test func moreTracksThanTheLimit() {
        var file = TestFile()
        file.tracks.append(TestTrack())
        file.tracks[1].trackHeader = TestTrack.trackHeader(id: 2)
        var limits = ISOBMFFLimits()
        limits.tracks = 1
        let error = ISOBMFFError.tooMany(box: "trak", count: 2, limit: 1)
        #expect(readError(file.bytes, limits: limits) == error)
    }

    @Test func moreSamplesThanTheLimitInAllTracksTogether() {
        var file = TestFile()
        file.tracks.append(TestTrack())
        file.tracks[1].trackHeader = TestTrack.trackHeader(id: 2)
        var limits = ISOBMFFLimits()
        limits.samples = 7
        let error = ISOBMFFError.tooMany(box: "stsz", count: 4, limit: 3)
        #expect(readError(file.bytes, limits: limits) == error)
    }

    @Test func whatTheSourceThrowsComesThrough() {
        struct Broken: ByteSource {
            struct Failure: Error {}
            let sizeBytes: UInt64 = 1000
            func read(offsetBytes: UInt64, count: Int) throws -> [UInt8] { throw Failure() }
        }
        #expect(throws: Broken.Failure.self) { try MovieReader.read(Broken()) }
    }
}

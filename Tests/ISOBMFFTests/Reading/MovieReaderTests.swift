import ISOBMFF
import Synchronization
import Testing

/// The walk over a file's top-level boxes.
struct MovieReaderTests {
    /// Counts the bytes that are read of it.
    private final class CountingSource: ByteSource {
        let bytes: [UInt8]
        let readCount = Mutex(0)

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
        }

        var sizeBytes: UInt64 { UInt64(bytes.count) }

        func read(offsetBytes: UInt64, count: Int) throws -> [UInt8] {
            readCount.withLock { $0 += count }
            return try MemoryByteSource(bytes).read(offsetBytes: offsetBytes, count: count)
        }
    }

    @Test func readsEverySampleOfAFile() throws {
        let movie = try read(TestFile().bytes)
        #expect(movie.timescale == 600)
        #expect(!movie.isFragmented)
        let track = try #require(movie.tracks.first)
        #expect(movie.tracks.count == 1)
        #expect(track.samples.sizesBytes == [10, 20, 30, 40])
        #expect(track.samples.offsetsBytes == [24, 34, 524, 554])
        #expect(track.samples.durations == [100, 100, 100, 100])
        #expect(track.samples.dependencies == [.sync, .dependent, .dependent, .dependent])
        #expect(track.samples.compositionOffsets.isEmpty)
        #expect(track.samples.descriptionIndexes.isEmpty)
    }

    @Test func readsMoovInFront() throws {
        var file = TestFile()
        let moovSize = UInt32(file.moov.count)
        let offsets = u32(2, 24 + moovSize, 524 + moovSize)
        file.tracks[0].chunkOffsets = fullBox("stco", offsets)
        let movie = try read(file.fileType + file.moov + file.mdat)
        #expect(movie.tracks[0].samples.offsetsBytes[0] == UInt64(24 + moovSize))
    }

    @Test func readsBoxesWith64BitSizes() throws {
        var file = TestFile()
        let size = UInt64(TestFile.mediaSize)
        file.mdat = u32(1) + code("mdat") + u64(size + 16) + zeros(Int(size))
        let moov = file.moov
        let large = u32(1) + code("moov") + u64(UInt64(moov.count) + 8) + moov.dropFirst(8)
        #expect(try read(file.fileType + file.mdat + large).tracks.count == 1)
    }

    @Test func aBoxOfSize0ReachesToTheEndOfTheFile() throws {
        let file = TestFile()
        let moov = u32(0) + file.moov.dropFirst(4)
        #expect(try read(file.fileType + file.mdat + moov).tracks.count == 1)
    }

    @Test func skipsBoxesThatItDoesNotKnow() throws {
        var file = TestFile()
        file.fileType += box("uuid", zeros(40)) + box("free") + box("abcd", zeros(3))
        let shift = UInt32(file.fileType.count - 16)
        file.tracks[0].chunkOffsets = fullBox("stco", u32(2, 24 + shift, 524 + shift))
        file.movieExtras = box("udta", box("meta", zeros(9)))
        #expect(try read(file.bytes).tracks.count == 1)
    }

    @Test func neverReadsTheMedia() throws {
        var file = TestFile()
        file.mdat = box("mdat", zeros(50_000_000))
        let source = CountingSource(file.bytes)
        _ = try MovieReader.read(source)
        #expect(source.readCount.withLock { $0 } < 20_000)
    }

    @Test func readsNothingBehindTheMoovOfAProgressiveFile() throws {
        var file = TestFile()
        file.tail = zeros(100_000)
        let source = CountingSource(file.bytes)
        #expect(try MovieReader.read(source).tracks.count == 1)
        #expect(source.readCount.withLock { $0 } < 20_000)
    }

    @Test func leavesOutTracksWithoutSamples() throws {
        var file = TestFile()
        var empty = TestTrack()
        empty.trackHeader = TestTrack.trackHeader(id: 2)
        empty.removeSamples()
        file.tracks.append(empty)
        #expect(try read(file.bytes).tracks.map(\.id) == [1])
    }

    @Test func tracksOfUnknownKindsComeAsTheyAre() throws {
        let file = TestFile { track in
            track.handler = TestTrack.handler("tmcd")
            track.sampleEntries = box("tmcd", zeros(6), u16(1), zeros(18))
        }
        let track = try #require(try read(file.bytes).tracks.first)
        #expect(track.kind == .other("tmcd"))
        #expect(track.sampleEntries[0].codec == .other("tmcd"))
    }

    @Test func brokenTracksOfUnknownKindsAreLeftOut() throws {
        var file = TestFile()
        var broken = TestTrack()
        broken.trackHeader = TestTrack.trackHeader(id: 2)
        broken.handler = TestTrack.handler("tmcd")
        broken.sampleEntries = box("tmcd", zeros(6), u16(1))
        broken.timeToSample = fullBox("stts", u32(0))
        file.tracks.append(broken)
        #expect(try read(file.bytes).tracks.map(\.id) == [1])
    }

    @Test func brokenTracksOfUnknownCodecsAreLeftOut() throws {
        var file = TestFile()
        var broken = TestTrack()
        broken.trackHeader = TestTrack.trackHeader(id: 2)
        broken.handler = TestTrack.handler("soun")
        broken.sampleEntries = TestEntry.sound("sowt")
        broken.sampleSizes = fullBox("stsz", u32(4, 400_000_000))
        file.tracks.append(broken)
        #expect(try read(file.bytes).tracks.map(\.id) == [1])
    }
}

/// The hash over a file's headers.
struct HeaderDigestTests {
    @Test func isEqualForEqualFiles() throws {
        let (one, other) = (try read(TestFile().bytes), try read(TestFile().bytes))
        #expect(one.headerDigest == other.headerDigest)
    }

    @Test func doesNotDependOnTheMedia() throws {
        var file = TestFile()
        file.mdat = box("mdat", [UInt8](repeating: 9, count: TestFile.mediaSize))
        let (one, other) = (try read(TestFile().bytes), try read(file.bytes))
        #expect(one.headerDigest == other.headerDigest)
    }

    @Test func differsWhereTheMoovDiffers() throws {
        let file = TestFile { $0.timeToSample = fullBox("stts", u32(1, 4, 101)) }
        let (one, other) = (try read(TestFile().bytes), try read(file.bytes))
        #expect(one.headerDigest != other.headerDigest)
    }

    @Test func differsWhereTheSizeDiffers() throws {
        var file = TestFile()
        file.tail = box("free")
        let (one, other) = (try read(TestFile().bytes), try read(file.bytes))
        #expect(one.headerDigest != other.headerDigest)
    }
}

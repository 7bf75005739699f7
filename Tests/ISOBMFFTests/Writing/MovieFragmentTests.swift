import ISOBMFF
import Testing

struct MovieFragmentTests {
    @Test func keyFrameAndItsFollowersUseFirstSampleFlags() {
        let fragment = MovieFragment(
            sequenceNumber: 7,
            baseMediaDecodeTime: 0x1_0000_0002,
            sizesBytes: [1000, 300, 200],
            durations: [512, 512, 512],
            compositionOffsets: [1024, 2560, 0],
            isSync: [true, false, false]
        )
        let moof =
            hex("0000 007C") + code("moof")
            + hex("0000 0010") + code("mfhd") + hex("00 000000 0000 0007")
            + hex("0000 0064") + code("traf")
            // default-base-is-moof, default flags and duration
            + hex("0000 0018") + code("tfhd") + hex("00 020028 0000 0001 0000 0200 0101 0000")
            + hex("0000 0014") + code("tfdt") + hex("01 000000 0000 0001 0000 0002")
            // data offset, first sample flags, size and composition offset columns
            + hex("0000 0030") + code("trun") + hex("01 000A05 0000 0003 0000 0084 0200 0000")
            + hex("0000 03E8 0000 0400  0000 012C 0000 0A00  0000 00C8 0000 0000")
        let mdat = hex("0000 05E4") + code("mdat")
        #expect(moof.count == 0x7C)
        #expect(fragment.header() == moof + mdat)
    }

    @Test func uniformSoundHasOneColumnOfSizes() {
        let fragment = MovieFragment(
            sequenceNumber: 1,
            trackID: 2,
            baseMediaDecodeTime: 0,
            sizesBytes: [371, 372],
            durations: [1024, 1024]
        )
        let moof =
            hex("0000 0068") + code("moof")
            + hex("0000 0010") + code("mfhd") + hex("00 000000 0000 0001")
            + hex("0000 0050") + code("traf")
            + hex("0000 0018") + code("tfhd") + hex("00 020028 0000 0002 0000 0400 0200 0000")
            + hex("0000 0014") + code("tfdt") + hex("01 000000 0000 0000 0000 0000")
            + hex("0000 001C") + code("trun") + hex("01 000201 0000 0002 0000 0070")
            + hex("0000 0173 0000 0174")
        #expect(fragment.header() == moof + hex("0000 02EF") + code("mdat"))
    }

    @Test func aSampleDescriptionIndexStandsWhereItIsSaidToStand() {
        var fragment = MovieFragment(
            sequenceNumber: 1,
            baseMediaDecodeTime: 0,
            sizesBytes: [371, 372],
            durations: [1024, 1024]
        )
        let without = fragment.header()
        fragment.sampleDescriptionIndex = 3
        let header = fragment.header(prefix: [9])
        let offset = 1 + MovieFragment.sampleDescriptionIndexOffset
        #expect(header.count == without.count + 5)
        #expect(
            Array(header[(offset - 16)..<(offset + 4)]) == hex("0000 001C") + code("tfhd")
                + hex("00 02002A 0000 0001 0000 0003")
        )
    }

    @Test func equalSizesNeedNoColumnAtAll() {
        let fragment = MovieFragment(
            sequenceNumber: 1,
            baseMediaDecodeTime: 0,
            sizesBytes: [4, 4, 4],
            durations: [1, 1, 1]
        )
        let trun =
            hex("0000 0014") + code("trun") + hex("0100 0001 0000 0003 0000 006C")
        let header = fragment.header()
        #expect(Array(header.suffix(28)) == trun + hex("0000 0014") + code("mdat"))
        #expect(header.count == 0x6C)
    }

    @Test func durationsThatDifferAreAColumn() {
        let fragment = MovieFragment(
            sequenceNumber: 1,
            baseMediaDecodeTime: 0,
            sizesBytes: [4, 4],
            durations: [100, 101]
        )
        let header = fragment.header()
        let trun =
            hex("0000 001C") + code("trun") + hex("0100 0101 0000 0002 0000 0070")
            + hex("0000 0064 0000 0065")
        #expect(Array(header.suffix(36)) == trun + hex("0000 0010") + code("mdat"))
        let tfhd = code("tfhd") + hex("0002 0030 0000 0001 0000 0004 0200 0000")
        #expect(Array(header[36..<56]) == tfhd)
    }

    @Test func severalKeyFramesGiveEachSampleItsFlags() {
        let fragment = MovieFragment(
            sequenceNumber: 1,
            baseMediaDecodeTime: 0,
            sizesBytes: [4, 4, 4],
            durations: [1, 1, 1],
            isSync: [true, false, true]
        )
        let header = fragment.header()
        let trun =
            hex("0000 0020") + code("trun") + hex("0100 0401 0000 0003 0000 0074")
            + hex("0200 0000 0101 0000 0200 0000")
        #expect(Array(header.suffix(40)) == trun + hex("0000 0014") + code("mdat"))
        // no default flags: every sample has its own
        #expect(Array(header[40..<44]) == hex("0002 0018"))
    }

    @Test(arguments: zip([[false, false], [true, true]], ["0101 0000", "0200 0000"]))
    func equalFlagsAreTheDefault(isSync: [Bool], flags: String) {
        let fragment = MovieFragment(
            sequenceNumber: 1,
            baseMediaDecodeTime: 0,
            sizesBytes: [4, 4],
            durations: [1, 1],
            isSync: isSync
        )
        let header = fragment.header()
        #expect(Array(header[56..<60]) == hex(flags))
        #expect(Array(header[88..<92]) == hex("0100 0001"))
    }

    @Test func negativeCompositionOffsetsAreSigned() {
        let fragment = MovieFragment(
            sequenceNumber: 1,
            baseMediaDecodeTime: 0,
            sizesBytes: [4, 4],
            durations: [1, 1],
            compositionOffsets: [-1, 0]
        )
        let columns = hex("FFFF FFFF 0000 0000")
        #expect(Array(fragment.header().suffix(16).prefix(8)) == columns)
    }

    @Test func samplesOfFourGiBGetALargeMediaDataBox() {
        let fragment = MovieFragment(
            sequenceNumber: 1,
            baseMediaDecodeTime: 0,
            sizesBytes: [0x8000_0000, 0x8000_0000],
            durations: [1, 1]
        )
        let header = fragment.header()
        let mdat = hex("0000 0001") + code("mdat") + hex("0000 0001 0000 0010")
        #expect(Array(header.suffix(16)) == mdat)
        // data_offset counts the longer header
        #expect(header.suffix(20).prefix(4).reduce(0) { $0 << 8 | Int($1) } == header.count)
    }

    @Test func largestSmallMediaDataBoxKeepsItsShortHeader() {
        let payload = UInt32.max - 8
        let fragment = MovieFragment(
            sequenceNumber: 1,
            baseMediaDecodeTime: 0,
            sizesBytes: [payload],
            durations: [1]
        )
        #expect(Array(fragment.header().suffix(8)) == hex("FFFF FFFF") + code("mdat"))
    }

    @Test func dataOffsetDoesNotCountThePrefix() {
        let fragment = MovieFragment(
            sequenceNumber: 1,
            baseMediaDecodeTime: 0,
            sizesBytes: [4],
            durations: [1]
        )
        let plain = fragment.header()
        #expect(fragment.header(prefix: [1, 2, 3]) == [1, 2, 3] + plain)
    }
}

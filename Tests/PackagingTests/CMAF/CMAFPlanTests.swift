import ISOBMFF
import Packaging
import Testing

struct CMAFPlanTests {
    private let track = AssetTrack(
        name: "video-9p",
        label: "9p",
        kind: .video,
        fileIndex: 0,
        timescale: 12_800,
        language: "und",
        role: .main,
        sampleEntries: [
            SampleEntry(
                format: "vp09",
                boxBytes: [0, 0, 0, 86, 0x76, 0x70, 0x30, 0x39] + [UInt8](repeating: 0, count: 78),
                codec: .vp9(VP9Configuration(profile: 0, level: 10, bitDepth: 8)),
                video: VideoProperties(
                    width: 720,
                    height: 576,
                    pixelAspectHorizontal: 64,
                    pixelAspectVertical: 45
                )
            )
        ]
    )

    private let samples = SegmentSamples(
        baseMediaDecodeTime: 51_200,
        sizesBytes: [100, 20, 30],
        durations: [512, 512, 512],
        compositionOffsets: [512, 1024, 0],
        isSync: [true, false, false],
        ranges: [
            FileRange(fileIndex: 2, offsetBytes: 1000, sizeBytes: 120),
            FileRange(fileIndex: 2, offsetBytes: 5000, sizeBytes: 30),
        ]
    )

    private func fourCC(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes.prefix(4), as: UTF8.self)
    }

    private func bigEndian(_ bytes: some Collection<UInt8>) -> Int {
        bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }

    @Test func aSegmentIsAHeaderAndTheRangesOfItsSamples() {
        let plan = CMAF.mediaSegment(track: track, samples: samples, sequenceNumber: 2)
        #expect(plan.ranges == samples.ranges)
        #expect(plan.sizeBytes == UInt64(plan.header.count) + 150)
        #expect(plan.transform == nil)
    }

    @Test func aSegmentStartsWithItsType() {
        let header = CMAF.mediaSegment(track: track, samples: samples, sequenceNumber: 2).header
        #expect(bigEndian(header) == 32)
        #expect(fourCC(header[4...]) == "styp")
        let brands = stride(from: 16, to: 32, by: 4).map { fourCC(header[$0...]) }
        #expect(brands == ["msdh", "cmfs", "cmff", "cmfl"])
        #expect(fourCC(header[36...]) == "moof")
        // The fragment in front of the mdat header, which is all of the samples and 8 bytes.
        #expect(bigEndian(header.suffix(8)) == 158)
        #expect(32 + bigEndian(header[32...]) + 8 == header.count)
    }

    @Test func anIFrameIsTheFirstSampleForAsLongAsTheGroup() throws {
        let plan = try CMAF.iFrame(track: track, samples: samples, duration: 25_600)
        let alone = SegmentSamples(
            baseMediaDecodeTime: 51_200,
            sizesBytes: [100],
            durations: [25_600],
            compositionOffsets: [512],
            ranges: [FileRange(fileIndex: 2, offsetBytes: 1000, sizeBytes: 100)]
        )
        let expected = CMAF.mediaSegment(track: track, samples: alone, sequenceNumber: 1)
        #expect(plan.header == expected.header)
        #expect(plan.ranges == alone.ranges)
        #expect(plan.sizeBytes == expected.sizeBytes)
    }

    @Test func anIFrameOfNothingIsNotFound() {
        let none = SegmentSamples(
            baseMediaDecodeTime: 0,
            sizesBytes: [],
            durations: [],
            ranges: []
        )
        #expect(throws: PackagingError.notFound) {
            try CMAF.iFrame(track: track, samples: none, duration: 1)
        }
        var torn = samples
        torn.ranges[0].sizeBytes = 99
        #expect(throws: PackagingError.notFound) {
            try CMAF.iFrame(track: track, samples: torn, duration: 1)
        }
    }

    @Test(arguments: [-1, 1])
    func aHeaderForAnotherDescriptionIsNotFound(descriptionIndex: Int) {
        #expect(throws: PackagingError.notFound) {
            try CMAF.initSegment(track: track, descriptionIndex: descriptionIndex)
        }
    }

    @Test func aSampleEntryThatCannotBeWrittenIsSaid() {
        var damaged = track
        damaged.sampleEntries[0].boxBytes = [0, 0, 0, 8, 0x76, 0x70, 0x30, 0x39]
        #expect(throws: ISOBMFFError.truncated(box: "vp09", offsetBytes: 0)) {
            try CMAF.initSegment(track: damaged)
        }
    }

    @Test func withoutADisplaySizePixelsAreMadeSquare() throws {
        #expect(try displaySize(track) == [1024, 576])
    }

    @Test func theSourcesDisplaySizeIsKept() throws {
        var wide = track
        (wide.displayWidth, wide.displayHeight) = (1280, 720)
        #expect(try displaySize(wide) == [1280, 720])
    }

    /// The whole pixels of `tkhd`, whose last eight bytes they are.
    private func displaySize(_ track: AssetTrack) throws -> [Int] {
        let header = try CMAF.initSegment(track: track).header
        let place = try #require(header.firstRange(of: Array("tkhd".utf8))).lowerBound - 4
        let box = header[place..<place + bigEndian(header[place...])]
        return [bigEndian(box.suffix(8)) >> 16, bigEndian(box.suffix(4)) >> 16]
    }

    @Test func codingsThatHaveABrandGetIt() throws {
        var av1 = track
        av1.sampleEntries[0].codec = .av1(
            AV1Configuration(profile: 0, level: 0, isHighTier: false, bitDepth: 8)
        )
        let header = try CMAF.initSegment(track: av1).header
        #expect(header[..<bigEndian(header)].firstRange(of: Array("av01".utf8)) != nil)

        var dolby = track
        dolby.sampleEntries[0].video?.dolbyVision = DolbyVisionConfiguration(
            profile: 8,
            level: 1,
            compatibilityId: 1
        )
        let other = try CMAF.initSegment(track: dolby).header
        #expect(other[..<bigEndian(other)].firstRange(of: Array("dby1".utf8)) != nil)
    }
}

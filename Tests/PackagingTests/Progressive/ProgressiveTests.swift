import ISOBMFF
import Packaging
import Testing

/// Progressive plans read back by the reader.
struct ProgressiveTests {
    private func entry(width: Int) -> SampleEntry {
        let size: [UInt8] = [0, UInt8(width), 0, 9]
        let vpcC: [UInt8] =
            [0, 0, 0, 20] + Array("vpcC".utf8) + [1, 0, 0, 0, 0, 10, 0x82, 1, 1, 1, 0, 0]
        let box: [UInt8] =
            [0, 0, 0, 106] + Array("vp09".utf8) + [UInt8](repeating: 0, count: 24) + size
            + [UInt8](repeating: 0, count: 50) + vpcC
        return SampleEntry(
            format: "vp09",
            boxBytes: box,
            codec: .vp9(VP9Configuration(profile: 0, level: 10, bitDepth: 8)),
            video: VideoProperties(width: width, height: 9)
        )
    }

    private func track(
        _ kind: AssetTrack.Kind = .video,
        timescale: UInt32 = 1000,
        editMediaTime: Int64 = 0,
        sampleEntries: [SampleEntry]? = nil
    ) -> AssetTrack {
        AssetTrack(
            name: "track",
            label: "label",
            kind: kind,
            fileIndex: 0,
            timescale: timescale,
            language: "de",
            role: .main,
            sampleEntries: sampleEntries ?? [entry(width: 16)],
            editMediaTime: editMediaTime
        )
    }

    private func samples(
        at decodeTime: UInt64,
        offsetBytes: UInt64,
        sizesBytes: [UInt32] = [10, 20],
        fileIndex: Int = 0,
        compositionOffsets: [Int32] = [],
        descriptionIndex: Int = 0
    ) -> SegmentSamples {
        SegmentSamples(
            baseMediaDecodeTime: decodeTime,
            sizesBytes: sizesBytes,
            durations: sizesBytes.map { _ in 100 },
            compositionOffsets: compositionOffsets,
            isSync: sizesBytes.indices.map { $0 == 0 },
            ranges: [
                FileRange(
                    fileIndex: fileIndex,
                    offsetBytes: offsetBytes,
                    sizeBytes: sizesBytes.reduce(0) { $0 + UInt64($1) }
                )
            ],
            descriptionIndex: descriptionIndex
        )
    }

    private func plan(_ tracks: [AssetTrack], _ samples: [[SegmentSamples?]]) throws -> Plan {
        try Progressive.plan(tracks: tracks, segmentCount: samples[0].count) { samples[$0][$1] }
    }

    /// What the reader makes of a plan, whose samples are any bytes.
    private func movie(_ plan: Plan) throws -> Movie {
        let payload = [UInt8](repeating: 0, count: Int(plan.sizeBytes) - plan.header.count)
        return try MovieReader.read(MemoryByteSource(plan.header + payload))
    }

    @Test func segmentsOfTheTracksAlternate() throws {
        let plan = try plan(
            [track(), track(.audio)],
            [
                [samples(at: 0, offsetBytes: 100), samples(at: 200, offsetBytes: 300)],
                [
                    samples(at: 0, offsetBytes: 7, fileIndex: 1),
                    samples(at: 200, offsetBytes: 70, fileIndex: 1),
                ],
            ]
        )
        let places = plan.ranges.map { [UInt64($0.fileIndex), $0.offsetBytes, $0.sizeBytes] }
        #expect(places == [[0, 100, 30], [1, 7, 30], [0, 300, 30], [1, 70, 30]])

        let start = UInt64(plan.header.count)
        let tracks = try movie(plan).tracks
        #expect(tracks.map(\.id) == [1, 2])
        #expect(tracks[0].samples.offsetsBytes == [0, 10, 60, 70].map { start + $0 })
        #expect(tracks[1].samples.offsetsBytes == [30, 40, 90, 100].map { start + $0 })
        #expect(tracks[0].samples.sizesBytes == [10, 20, 10, 20])
        #expect(tracks[0].samples.dependencies == [.sync, .dependent, .sync, .dependent])
        #expect(tracks[0].language == "de")
        #expect(tracks[0].name == "label")
    }

    @Test func rangesThatTouchAreOne() throws {
        let plan = try plan(
            [track()],
            [[samples(at: 0, offsetBytes: 100), samples(at: 200, offsetBytes: 130)]]
        )
        #expect(plan.ranges == [FileRange(fileIndex: 0, offsetBytes: 100, sizeBytes: 60)])
    }

    @Test func reorderedPicturesKeepOffsetsAndEdit() throws {
        let plan = try plan(
            [track(editMediaTime: 100)],
            [[samples(at: 0, offsetBytes: 0, compositionOffsets: [100, 300])]]
        )
        let track = try movie(plan).tracks[0]
        #expect(track.samples.compositionOffsets == [100, 300])
        #expect(track.edit == Edit(mediaTime: 100))
        // From 100 to where the picture at 100 + 300 ends.
        let entry: [UInt8] = [0, 0, 0, 1, 0, 0, 0x01, 0x90, 0, 0, 0, 100, 0, 1, 0, 0]
        #expect(plan.header.firstRange(of: entry) != nil)
    }

    @Test func aTrackThatStartsLateHasAnEmptyEdit() throws {
        let plan = try plan(
            [track(), track(.audio, timescale: 48_000, editMediaTime: 0)],
            [[samples(at: 0, offsetBytes: 0)], [samples(at: 33_600, offsetBytes: 100)]]
        )
        let audio = try movie(plan).tracks[1]
        #expect(audio.samples.firstDecodeTime == 0)
        #expect(audio.edit.emptyDuration == 33_600)
        #expect(audio.edit.mediaTime == 0)
    }

    @Test func theWaitForTheFirstPictureIsPartOfTheEmptyEdit() throws {
        let plan = try plan(
            [track(editMediaTime: 60)],
            [[samples(at: 500, offsetBytes: 0, compositionOffsets: [100, 100])]]
        )
        let edit = try movie(plan).tracks[0].edit
        #expect(edit == Edit(emptyDuration: 540, mediaTime: 100))
    }

    @Test func descriptionsChangeFromChunkToChunk() throws {
        let plan = try plan(
            [track(sampleEntries: [entry(width: 16), entry(width: 32)])],
            [
                [
                    samples(at: 0, offsetBytes: 0),
                    samples(at: 200, offsetBytes: 100, descriptionIndex: 1),
                    samples(at: 400, offsetBytes: 200),
                ]
            ]
        )
        let track = try movie(plan).tracks[0]
        #expect(track.sampleEntries.map(\.video?.width) == [16, 32])
        #expect(track.samples.descriptionIndexes == [0, 0, 1, 1, 0, 0])
    }

    @Test func tracksWithoutSamplesAreLeftOut() throws {
        let plan = try plan(
            [track(), track(.audio)],
            [[nil, samples(at: 200, offsetBytes: 0)], [nil, nil]]
        )
        #expect(try movie(plan).tracks.count == 1)
    }

    @Test func onlyTheFirstOfSeveralSoundsIsEnabled() throws {
        let each = [samples(at: 0, offsetBytes: 0)]
        let plan = try plan([track(), track(.audio), track(.audio)], [each, each, each])
        #expect(try movie(plan).tracks.map(\.isEnabled) == [true, true, false])
    }

    @Test func nothingToPackageIsSaid() {
        #expect(throws: PackagingError.nothingToPackage) {
            try plan([track()], [[nil]])
        }
    }

    @Test func whatTheSamplesThrowIsPassedOn() {
        #expect(throws: PackagingError.invalidClip) {
            try Progressive.plan(tracks: [track()], segmentCount: 1) { _, _ in
                throw PackagingError.invalidClip
            }
        }
    }

    @Test func offsetsBeyond4GiBAre64BitsWide() throws {
        let huge = samples(at: 0, offsetBytes: 0, sizesBytes: [0xC000_0000, 0x4000_0000])
        let plan = try plan([track()], [[huge, samples(at: 200, offsetBytes: 0)]])
        #expect(plan.header.firstRange(of: Array("co64".utf8)) != nil)
        let mediaData: [UInt8] = [0, 0, 0, 1] + Array("mdat".utf8) + [0, 0, 0, 1, 0, 0, 0, 0x2E]
        #expect(Array(plan.header.suffix(16)) == mediaData)
        #expect(plan.sizeBytes == UInt64(plan.header.count) + 0x1_0000_001E)
        // The last chunk's offset, in front of the mdat header.
        let last = plan.header.dropLast(16).suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
        #expect(last == UInt64(plan.header.count) + 0x1_0000_0000)
    }

    @Test func aFileOfJustUnder4GiBHas32BitOffsets() throws {
        let large = samples(at: 0, offsetBytes: 0, sizesBytes: [0xFFFF_0000])
        let plan = try plan([track()], [[large]])
        #expect(plan.header.firstRange(of: Array("stco".utf8)) != nil)
        #expect(plan.header.suffix(4) == Array("mdat".utf8)[...])
    }
}

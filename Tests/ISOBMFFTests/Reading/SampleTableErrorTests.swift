import ISOBMFF
import Testing

/// Tables that contradict each other, the file, or their own box.
struct SampleTableErrorTests {
    private func error(_ change: (inout TestTrack) -> Void) -> ISOBMFFError? {
        readError(TestFile(change).bytes)
    }

    @Test func countsBeyondTheirBox() {
        let count: UInt32 = .max
        #expect(
            error { $0.timeToSample = fullBox("stts", u32(count, 4, 100)) }
                == .tooMany(box: "stts", count: UInt64(count), limit: 1)
        )
        #expect(
            error { $0.tableExtras = fullBox("ctts", u32(2, 1, 1)) }
                == .tooMany(box: "ctts", count: 2, limit: 1)
        )
        #expect(
            error { $0.syncSamples = fullBox("stss", u32(count)) }
                == .tooMany(box: "stss", count: UInt64(count), limit: 0)
        )
        #expect(
            error { $0.sampleSizes = fullBox("stsz", u32(0, 5, 1, 1, 1, 1)) }
                == .tooMany(box: "stsz", count: 5, limit: 4)
        )
        #expect(
            error { $0.sampleSizes = fullBox("stz2", u32(4, 7), zeros(3)) }
                == .tooMany(box: "stz2", count: 4, limit: 3)
        )
        #expect(
            error { $0.sampleToChunk = fullBox("stsc", u32(2, 1, 2, 1)) }
                == .tooMany(box: "stsc", count: 2, limit: 1)
        )
        #expect(
            error { $0.chunkOffsets = fullBox("stco", u32(3, 24, 524)) }
                == .tooMany(box: "stco", count: 3, limit: 2)
        )
        #expect(
            error { $0.chunkOffsets = fullBox("co64", u32(count), u64(24, 524)) }
                == .tooMany(box: "co64", count: UInt64(count), limit: 2)
        )
        #expect(
            error { $0.tableExtras = fullBox("sbgp", code("rap "), u32(2, 4, 1)) }
                == .tooMany(box: "sbgp", count: 2, limit: 1)
        )
    }

    @Test func aSizeFieldOfAnotherWidth() {
        let error = error { $0.sampleSizes = fullBox("stz2", u32(5, 4), zeros(8)) }
        #expect(error == .invalid(box: "stz2", field: "field_size", value: 5))
    }

    @Test func durationsOfFewerSamplesThanThereAre() {
        let error = error { $0.timeToSample = fullBox("stts", u32(1, 3, 100)) }
        #expect(error == .invalid(box: "stts", field: "sample_count", value: 3))
    }

    @Test(arguments: [0, 5, .max] as [UInt32])
    func syncSamplesThatAreNotThere(number: UInt32) {
        let error = error { $0.syncSamples = fullBox("stss", u32(1, number)) }
        #expect(error == .invalid(box: "stss", field: "sample_number", value: Int64(number)))
    }

    @Test func chunksOfFewerSamplesThanThereAre() {
        let error = error { $0.sampleToChunk = fullBox("stsc", u32(1, 1, 1, 1)) }
        #expect(error == .invalid(box: "stsc", field: "samples_per_chunk", value: 2))
    }

    @Test func chunksWithoutSamples() {
        let error = error { $0.sampleToChunk = fullBox("stsc", u32(1, 1, 0, 1)) }
        #expect(error == .invalid(box: "stsc", field: "samples_per_chunk", value: 0))
    }

    @Test func runsOfChunksOutOfOrder() {
        let notFirst = error { $0.sampleToChunk = fullBox("stsc", u32(1, 2, 4, 1)) }
        #expect(notFirst == .invalid(box: "stsc", field: "first_chunk", value: 2))
        let twice = error { $0.sampleToChunk = fullBox("stsc", u32(2, 1, 2, 1, 1, 2, 1)) }
        #expect(twice == .invalid(box: "stsc", field: "first_chunk", value: 1))
    }

    @Test(arguments: [0, 2, .max] as [UInt32])
    func sampleEntriesThatAreNotThere(number: UInt32) {
        let error = error { $0.sampleToChunk = fullBox("stsc", u32(1, 1, 2, number)) }
        let field = "sample_description_index"
        #expect(error == .invalid(box: "stsc", field: field, value: Int64(number)))
    }

    @Test func samplesBeyondTheFile() {
        let start = error { $0.chunkOffsets = fullBox("stco", u32(2, 24, 0xFFFF_FFFF)) }
        #expect(start == .outOfFile(offsetBytes: 0xFFFF_FFFF, sizeBytes: 70))
        let end = error { $0.sampleSizes = fullBox("stsz", u32(0, 4, 10, 20, 30, 90_000)) }
        #expect(end == .outOfFile(offsetBytes: 524, sizeBytes: 90_030))
        let wrap = error { $0.chunkOffsets = fullBox("co64", u32(2), u64(24, .max)) }
        #expect(wrap == .outOfFile(offsetBytes: .max, sizeBytes: 70))
    }

    @Test func moreBytesOfOneSizeThanTheFileHas() {
        let file = TestFile { $0.sampleSizes = fullBox("stsz", u32(7, 20_000_000)) }
        let limit = UInt64(file.bytes.count) / 7
        let error = ISOBMFFError.tooMany(box: "stsz", count: 20_000_000, limit: limit)
        #expect(readError(file.bytes) == error)
    }

    @Test func moreBytesOfOneSizeThanTheFileHasInAllTracksTogether() {
        var file = TestFile { $0.sampleSizes = fullBox("stsz", u32(400, 4)) }
        file.tracks.append(file.tracks[0])
        file.tracks[1].trackHeader = TestTrack.trackHeader(id: 2)
        let limit = (UInt64(file.bytes.count) - 1600) / 400
        #expect(readError(file.bytes) == .tooMany(box: "stsz", count: 4, limit: limit))
    }

    @Test func missingBoxes() {
        #expect(error { $0.timeToSample = [] } == .missing(box: "stts"))
        #expect(error { $0.sampleToChunk = [] } == .missing(box: "stsc"))
        #expect(error { $0.chunkOffsets = [] } == .missing(box: "stco"))
        #expect(error { $0.sampleEntries = [] } == .missing(box: "stsd"))
    }

    @Test func everyErrorSaysWhatIsWrong() {
        let errors: [ISOBMFFError] = [
            .truncated(box: "moov", offsetBytes: 7), .missing(box: "moov"), .notISOBMFF,
            .invalid(box: "tkhd", field: "track_ID", value: 0),
            .unsupported(feature: .severalEdits), .unsupported(feature: .editRate),
            .unsupported(feature: .compressedMovie), .unsupported(feature: .externalData),
            .unsupported(feature: .encrypted("encv")),
            .tooMany(box: "stts", count: 9, limit: 3),
            .tooLarge(box: "moov", sizeBytes: 9, limitBytes: 3),
            .fileTooLarge(sizeBytes: 9, limitBytes: 3),
            .decodeTimeGoesBack(trackId: 1, expected: 9, found: 3),
            .outOfFile(offsetBytes: 9, sizeBytes: 3),
        ]
        #expect(Set(errors.map(\.description)).count == errors.count)
        #expect(errors[3].description == "the tkhd box has track_ID 0, which cannot be")
    }
}

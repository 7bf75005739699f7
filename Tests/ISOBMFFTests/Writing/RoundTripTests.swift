import ISOBMFF
import Testing

/// What is written, read back by the reader.
struct RoundTripTests {
    /// A VP9 entry, complete enough for the reader.
    private let sampleEntry: [UInt8] =
        hex("0000 006A") + code("vp09") + hex("0000 0000 0000 0001")
        + [UInt8](repeating: 0, count: 16) + hex("0140 00B4")
        + [UInt8](repeating: 0, count: 50)
        + hex("0000 0014") + code("vpcC") + hex("0100 0000 000A 8201 0101 0000")

    private func header(editMediaTime: Int64 = 0, language: String = "pt-BR") -> CMAFHeader {
        CMAFHeader(
            kind: .video,
            name: "180p",
            timescale: 12_800,
            language: language,
            matrix: [0, 0x1_0000, 0, 0xFFFF_0000, 0, 0, 0, 0, 0x4000_0000],
            displayWidth: 320,
            displayHeight: 180,
            editMediaTime: editMediaTime,
            sampleEntry: sampleEntry
        )
    }

    private func read(_ bytes: [UInt8]) throws -> Movie {
        try MovieReader.read(MemoryByteSource(bytes))
    }

    /// A fragment and as many bytes of samples as it says.
    private func segment(_ fragment: MovieFragment) -> [UInt8] {
        fragment.header() + [UInt8](repeating: 7, count: Int(fragment.payloadSizeBytes))
    }

    private let key = MovieFragment(
        sequenceNumber: 1,
        baseMediaDecodeTime: 0,
        sizesBytes: [100, 20, 30],
        durations: [512, 512, 512],
        compositionOffsets: [512, 1024, 0],
        isSync: [true, false, false]
    )

    @Test func aHeaderDescribesItsTrack() throws {
        let movie = try read(header(editMediaTime: 512).bytes + segment(key))
        let track = try #require(movie.tracks.first)
        #expect(movie.isFragmented)
        #expect(movie.timescale == 12_800)
        #expect(track.id == 1)
        #expect(track.kind == .video)
        #expect(track.timescale == 12_800)
        #expect(track.language == "pt-BR")
        #expect(track.name == "180p")
        #expect(track.isEnabled)
        #expect(track.rotationDegrees == 90)
        #expect(track.displayWidth == 320)
        #expect(track.displayHeight == 180)
        #expect(track.edit == Edit(mediaTime: 512))
        #expect(track.sampleEntries.map(\.boxBytes) == [sampleEntry])
    }

    @Test func fragmentsGiveBackTheirSamples() throws {
        let next = MovieFragment(
            sequenceNumber: 2,
            baseMediaDecodeTime: 1536,
            sizesBytes: [40, 40, 40],
            durations: [512, 511, 513],
            compositionOffsets: [-3, 0, 3],
            isSync: [true, false, true]
        )
        let front = header().bytes
        let bytes = front + segment(key) + segment(next)
        let samples = try read(bytes).tracks[0].samples
        #expect(samples.firstDecodeTime == 0)
        #expect(samples.sizesBytes == [100, 20, 30, 40, 40, 40])
        #expect(samples.durations == [512, 512, 512, 512, 511, 513])
        #expect(samples.compositionOffsets == [512, 1024, 0, -3, 0, 3])
        #expect(
            samples.dependencies == [.sync, .dependent, .dependent, .sync, .dependent, .sync]
        )
        let first = UInt64(front.count + key.header().count)
        let second = first + 150 + UInt64(next.header().count)
        #expect(
            samples.offsetsBytes
                == [first, first + 100, first + 120, second, second + 40, second + 80]
        )
    }

    @Test func timesBeyond32BitsSurvive() throws {
        var late = key
        late.baseMediaDecodeTime = 0x2_0000_0000
        let samples = try read(header().bytes + segment(late)).tracks[0].samples
        #expect(samples.firstDecodeTime == 0x2_0000_0000)
    }

    @Test func whatStandsInFrontOfAFragmentIsNoHindrance() throws {
        var writer = BoxWriter()
        FileTypeBox(type: "styp", majorBrand: "msdh", compatibleBrands: ["msdh"]).write(to: &writer)
        ProducerReferenceTimeBox(ntpTimestamp: 1, mediaTime: 2).write(to: &writer)
        EventMessageBox(
            schemeIDURI: "urn:x",
            timescale: 1,
            presentationTime: 0,
            eventDuration: 0,
            id: 1
        ).write(to: &writer)
        let fragment = key.header(prefix: writer.bytes)
        let samples = [UInt8](repeating: 7, count: 150)
        let movie = try read(header().bytes + fragment + samples)
        #expect(movie.tracks[0].samples.sizesBytes == [100, 20, 30])
    }
}

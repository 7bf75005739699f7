import ISOBMFF
import Packaging
import Testing

/// Audio frames in PES packets.
struct AudioPackingTests {
    private typealias Sample = TransportStreamSample

    @Test func framesGetTheADTSHeaderOfTheirConfiguration() throws {
        let frame = Sample.nal(0x21, size: 300)
        let bytes = try Sample.audio([frame])
        let unit = try #require(TransportStreamReader(bytes).units(pid: 0x101).first)
        // AAC-LC, 48 kHz, stereo, 307 bytes.
        #expect(unit.payload == [0xFF, 0xF1, 0x4C, 0x80, 0x26, 0x7F, 0xFC] + frame)
        #expect(unit.streamID == 0xC0)
    }

    @Test func headersSayCoreRateAndChannels() throws {
        let entry = Sample.aac(objectType: 5, coreObjectType: 2, sampleRate: 22_050, channels: 6)
        let track = Sample.audioTrack(entry, timescale: 22_050)
        let bytes = try Sample.audio([Sample.nal(0x21, size: 8_184)], track: track)
        let unit = try #require(TransportStreamReader(bytes).units(pid: 0x101).first)
        #expect(Array(unit.payload[0..<7]) == [0xFF, 0xF1, 0x5D, 0x83, 0xFF, 0xFF, 0xFC])
    }

    @Test func allFramesComeBackInOrder() throws {
        let frames = (0..<200).map { Sample.nal(0x21, size: 1 + $0 * 17 % 700, seed: $0) }
        let reader = TransportStreamReader(try Sample.audio(frames))
        #expect(reader.faults == [])
        var bytes = reader.units(pid: 0x101).flatMap(\.payload)[...]
        for frame in frames {
            let header = bytes.prefix(7)
            let at = header.startIndex
            let length =
                Int(header[at + 3] & 3) << 11 | Int(header[at + 4]) << 3
                | Int(header[at + 5] >> 5)
            #expect(bytes.prefix(length).dropFirst(7).elementsEqual(frame))
            bytes = bytes.dropFirst(length)
        }
        #expect(bytes.isEmpty)
    }

    @Test func packetsAreLargeBesideAVideoAndShortEnoughForTheClockWithoutOne() throws {
        let frames = (0..<188).map { _ in Sample.nal(0x21, size: 170) }
        let alone = TransportStreamReader(try Sample.audio(frames))
        let clocks = alone.packets.compactMap(\.clock)
        #expect(zip(clocks, clocks.dropFirst()).allSatisfy { $1 - $0 <= 9_000 })
        #expect(alone.units(pid: 0x101).allSatisfy { $0.payload.count <= 4 * 177 })
        let nal = Sample.sample([Sample.nal(0x65, size: 100)])
        let plan = try TransportStream.segment(
            video: (Sample.videoTrack(), Sample.samples([nal.count], duration: 360_000)),
            audio: (
                Sample.audioTrack(),
                Sample.samples(
                    frames.map(\.count),
                    duration: 1_024,
                    at: UInt64(nal.count)
                )
            ),
            segmentNumber: 1
        )
        let muxed = TransportStreamReader(
            try Sample.run(plan, files: [nal + frames.flatMap { $0 }])
        )
        #expect(muxed.units(pid: 0x101).first?.payload.count == 9 * 177)
    }

    @Test func longFramesGetClockPacketsBetweenThem() throws {
        // 8 kHz: a frame lasts 128 ms.
        let track = Sample.audioTrack(Sample.aac(sampleRate: 8_000), timescale: 8_000)
        let frames = (0..<20).map { Sample.nal(0x21, size: 90 + $0) }
        let reader = TransportStreamReader(try Sample.audio(frames, track: track))
        #expect(reader.faults == [])
        let clocks = reader.packets.compactMap(\.clock)
        #expect(zip(clocks, clocks.dropFirst()).allSatisfy { (1...9_000).contains($1 - $0) })
    }

    @Test func aGapStartsANewPacketWithItsOwnTime() throws {
        let frames = (0..<8).map { Sample.nal(0x21, size: 100 + $0) }
        var samples = Sample.samples(frames.map(\.count), duration: 1_024)
        samples.durations[1] = 1_024 + 480
        let plan = try TransportStream.segment(
            video: nil,
            audio: (Sample.audioTrack(), samples),
            segmentNumber: 1
        )
        let reader = TransportStreamReader(
            try Sample.run(plan, files: [frames.flatMap { $0 }])
        )
        let times = reader.units(pid: 0x101).map(\.presentationTime)
        #expect(times.prefix(2) == [900_000, 900_000 + 2 * 1_920 + 900])
    }

    @Test func roundedTimesOfAMillisecondTimescaleAreNoGap() throws {
        let frames = (0..<90).map { _ in Sample.nal(0x21, size: 100) }
        var samples = Sample.samples(frames.map(\.count), duration: 21)
        for index in stride(from: 2, to: 90, by: 3) { samples.durations[index] = 22 }
        let plan = try TransportStream.segment(
            video: nil,
            audio: (Sample.audioTrack(timescale: 1_000), samples),
            segmentNumber: 1
        )
        let reader = TransportStreamReader(
            try Sample.run(plan, files: [frames.flatMap { $0 }])
        )
        #expect(reader.units(pid: 0x101).count <= 23)
    }

    @Test func framesOfOtherCodecsGoInAsTheyAre() throws {
        for (codec, format, streamID) in [
            (Codec.mp3, "mp4a", 0xC0), (.ac3, "ac-3", 0xBD), (.eac3(isJOC: false), "ec-3", 0xBD),
        ] as [(Codec, FourCC, UInt8)] {
            let track = Sample.audioTrack(Sample.audio(codec, format))
            let frame = Sample.nal(0x0B, size: 1_500)
            let reader = TransportStreamReader(
                try Sample.audio([frame, frame], track: track, duration: 1_536)
            )
            #expect(reader.faults == [])
            #expect(reader.units(pid: 0x101).flatMap(\.payload) == frame + frame)
            #expect(reader.units(pid: 0x101).allSatisfy { $0.streamID == streamID })
        }
    }

    @Test func framesThatNoHeaderCanDescribeAreDamage() {
        #expect(throws: PackagingError.damagedSamples(file: "audio-en")) {
            try Sample.audio([Sample.nal(0x21, size: 8_185)])
        }
        let track = Sample.audioTrack(Sample.audio(.ac3, "ac-3"))
        #expect(throws: PackagingError.damagedSamples(file: "audio-en")) {
            try Sample.audio([Sample.nal(0x0B, size: 65_001)], track: track)
        }
    }

    @Test func aTrackTooSmallForSixteenPacketsIsDamage() {
        let track = Sample.audioTrack(Sample.audio(.mp3, "mp4a"))
        #expect(throws: PackagingError.damagedSamples(file: "audio-en")) {
            try Sample.audio([[0xFF]], track: track)
        }
    }
}

import ISOBMFF
import Packaging
import Testing

/// PAT and PMT as they stand at the start of every segment.
struct ProgramTablesTests {
    private func maps(
        _ video: SampleEntry?,
        _ audio: AssetTrack?,
        number: Int = 1
    ) throws -> [UInt8] {
        let nal = TransportStreamSample.sample([TransportStreamSample.nal(0x65, size: 60)])
        let frame = TransportStreamSample.nal(0x21, size: 40)
        let plan = try TransportStream.segment(
            video: video.map {
                (
                    TransportStreamSample.videoTrack($0),
                    TransportStreamSample.samples([nal.count], duration: 3_600)
                )
            },
            audio: audio.map {
                ($0, TransportStreamSample.samples([40], duration: 1_024, at: UInt64(nal.count)))
            },
            segmentNumber: number
        )
        return try TransportStreamSample.run(plan, files: [nal + frame])
    }

    private func section(_ packet: ArraySlice<UInt8>) -> [UInt8] {
        let section = packet.dropFirst(5)
        let length =
            Int(section[section.startIndex + 1] & 0x0F) << 8
            | Int(section[section.startIndex + 2])
        #expect(section.dropFirst(3 + length).allSatisfy { $0 == 0xFF })
        return Array(section.prefix(3 + length))
    }

    @Test func associationHasTheBytesAndCRCThatEveryMultiplexerGivesIt() throws {
        let bytes = try maps(TransportStreamSample.avc(), TransportStreamSample.audioTrack())
        #expect(Array(bytes[0..<5]) == [0x47, 0x40, 0x00, 0x10, 0x00])
        #expect(
            section(bytes[0..<188]) == [
                0x00, 0xB0, 0x0D, 0x00, 0x01, 0xC1, 0x00, 0x00, 0x00, 0x01, 0xF0, 0x00,
                0x2A, 0xB1, 0x04, 0xB2,
            ]
        )
    }

    @Test func mapOfH264AndAACHasTheBytesAndCRCThatEveryMultiplexerGivesIt() throws {
        let bytes = try maps(TransportStreamSample.avc(), TransportStreamSample.audioTrack())
        #expect(Array(bytes[188..<193]) == [0x47, 0x50, 0x00, 0x10, 0x00])
        #expect(
            section(bytes[188..<376]) == [
                0x02, 0xB0, 0x17, 0x00, 0x01, 0xC1, 0x00, 0x00, 0xE1, 0x00, 0xF0, 0x00,
                0x1B, 0xE1, 0x00, 0xF0, 0x00, 0x0F, 0xE1, 0x01, 0xF0, 0x00,
                0x2F, 0x44, 0xB9, 0x9B,
            ]
        )
    }

    @Test func videoAloneAndAudioAloneCarryThePCRThemselves() throws {
        let video = section(try maps(TransportStreamSample.avc(), nil)[188..<376])
        #expect(Array(video[8..<17]) == [0xE1, 0x00, 0xF0, 0x00, 0x1B, 0xE1, 0x00, 0xF0, 0x00])
        let audio = section(try maps(nil, TransportStreamSample.audioTrack())[188..<376])
        #expect(Array(audio[8..<15]) == [0xE1, 0x01, 0xF0, 0x00, 0x0F, 0xE1, 0x01])
    }

    @Test func streamTypesAndRegistrationsAreThoseOfTheirSpecifications() throws {
        func audio(_ entry: SampleEntry) throws -> [UInt8] {
            let track = TransportStreamSample.audioTrack(entry, language: "x-none")
            return Array(section(try maps(nil, track)[188..<376])[12...].dropLast(4))
        }
        #expect(try audio(TransportStreamSample.audio(.mp3, "mp4a")) == [3, 0xE1, 1, 0xF0, 0])
        #expect(
            try audio(TransportStreamSample.audio(.mp3, "mp4a", rate: 22_050))
                == [4, 0xE1, 1, 0xF0, 0]
        )
        #expect(
            try audio(TransportStreamSample.audio(.ac3, "ac-3"))
                == [0x81, 0xE1, 1, 0xF0, 6, 5, 4] + "AC-3".utf8
        )
        #expect(
            try audio(TransportStreamSample.audio(.eac3(isJOC: true), "ec-3"))
                == [0x87, 0xE1, 1, 0xF0, 6, 5, 4] + "EAC3".utf8
        )
        let hevc = section(try maps(TransportStreamSample.hevc(), nil)[188..<376])
        #expect(hevc[12] == 0x24)
    }

    @Test(
        arguments: [
            ("de", TrackRole.main, [0x0A, 4] + Array("deu".utf8) + [0]),
            ("pt-BR", .commentary, [0x0A, 4] + Array("por".utf8) + [0]),
            ("yue", .description, [0x0A, 4] + Array("yue".utf8) + [3]),
            ("EN", .sdh, [0x0A, 4] + Array("eng".utf8) + [2]),
            ("qx", .main, []),
            ("und", .main, []),
            ("", .main, []),
            ("i-klingon", .main, []),
            ("12", .main, []),
        ] as [(String, TrackRole, [UInt8])]
    )
    func languagesAreThreeLettersWithTheAudioType(
        _ language: String,
        _ role: TrackRole,
        _ descriptor: [UInt8]
    ) throws {
        let track = TransportStreamSample.audioTrack(language: language, role: role)
        let map = section(try maps(nil, track)[188..<376])
        #expect(Array(map[15..<17]) == [0xF0, UInt8(descriptor.count)])
        #expect(Array(map[17...].dropLast(4)) == descriptor)
    }

    @Test func tablesCountBySegmentNumber() throws {
        for (number, counter) in [(1, 0), (2, 1), (16, 15), (17, 0), (Int.max, 14), (0, 15)] {
            let bytes = try maps(TransportStreamSample.avc(), nil, number: number)
            #expect(bytes[3] == 0x10 | UInt8(counter))
            #expect(bytes[191] == 0x10 | UInt8(counter))
        }
    }
}

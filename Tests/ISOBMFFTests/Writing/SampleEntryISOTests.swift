import ISOBMFF
import Testing

/// Sample entries that QuickTime wrote, as they stand in ISO files.
struct SampleEntryISOTests {
    private func box(_ type: String, _ body: [UInt8]) -> [UInt8] {
        let size = body.count + 8
        return [0, 0, UInt8(size >> 8), UInt8(size & 0xFF)] + code(type) + body
    }

    /// An entry with data reference 2, which the written file does not have.
    private func sound(
        _ type: String,
        version: UInt8,
        more: [UInt8] = [],
        children: [UInt8],
        codec: Codec,
        rate: UInt32 = 44_100
    ) -> SampleEntry {
        let fields =
            hex("0000 0000 0000 0002") + [0, version] + hex("0000 0000 0000 0002 0010 FFFE 0000")
            + hex("AC44 0000")
        return SampleEntry(
            format: FourCC(rawValue: code(type).reduce(0) { $0 << 8 | UInt32($1) }),
            boxBytes: box(type, fields + more + children),
            codec: codec,
            audio: AudioProperties(channelCount: 6, sampleRate: rate)
        )
    }

    private let aac = Codec.aac(
        AACConfiguration(
            objectType: 2,
            coreObjectType: 2,
            coreSampleRate: 44_100,
            channelConfiguration: 2,
            bytes: [0x12, 0x10]
        )
    )

    /// What ISO's version 0 has in front of its boxes.
    private func plainFields(channels: String = "0006", rate: String = "AC44 0000") -> [UInt8] {
        hex("0000 0000 0000 0001  0000 0000 0000 0000") + hex(channels) + hex("0010 0000 0000")
            + hex(rate)
    }

    private var esds: [UInt8] { box("esds", [1, 2, 3, 4, 5]) }

    @Test func plainSoundKeepsItsBytesButForTheDataReference() throws {
        let entry = sound("mp4a", version: 0, children: esds, codec: aac)
        var expected = entry.boxBytes
        expected[15] = 1
        #expect(try entry.isoBoxBytes() == expected)
    }

    @Test func version1GivesUpItsWave() throws {
        let wave = box(
            "wave",
            box("frma", code("mp4a")) + box("mp4a", [0, 0, 0, 0]) + esds
                + hex("0000 0008 0000 0000")
        )
        let entry = sound(
            "mp4a",
            version: 1,
            more: hex("0000 0400 0000 0000 0000 0000 0000 0002"),
            children: wave + box("chan", [9]) + box("btrt", [7]),
            codec: aac
        )
        let expected = box("mp4a", plainFields() + box("btrt", [7]) + esds)
        #expect(try entry.isoBoxBytes() == expected)
    }

    @Test func version2GivesUpItsLongFields() throws {
        let entry = sound(
            "mp4a",
            version: 2,
            more: [UInt8](repeating: 0, count: 36),
            children: box("wave", esds),
            codec: aac,
            rate: 96_000
        )
        #expect(try entry.isoBoxBytes() == box("mp4a", plainFields(rate: "0000 0000") + esds))
    }

    @Test func versionOneOfISOHasNoLongerFields() throws {
        let entry = sound(
            "mp4a",
            version: 1,
            children: box("srat", [0, 0, 0, 0, 0, 1, 0x77, 0]) + esds,
            codec: aac
        )
        #expect(try entry.isoBoxBytes() == box("mp4a", plainFields() + esds))
    }

    @Test func quickTimeMP3GetsAConfiguration() throws {
        let entry = sound(
            ".mp3",
            version: 1,
            more: [UInt8](repeating: 0, count: 16),
            children: [],
            codec: .mp3
        )
        let made = box(
            "esds",
            hex("0000 0000 03 15 0000 00 04 0D 6B 15 000000 0000 0000 0000 0000 06 01 02")
        )
        #expect(try entry.isoBoxBytes() == box("mp4a", plainFields() + made))
    }

    @Test func lowRatesOfMP3AreMPEG2() throws {
        let entry = sound(".mp3", version: 0, children: [], codec: .mp3, rate: 22_050)
        let bytes = try entry.isoBoxBytes()
        #expect(bytes[36 + 8 + 4 + 5 + 2] == 0x69)
    }

    @Test func soundWithoutConfigurationIsRefused() {
        let entry = sound(
            "mp4a",
            version: 1,
            more: hex("0000 0400 0000 0000 0000 0000 0000 0002"),
            children: box("wave", box("frma", code("mp4a"))),
            codec: aac
        )
        #expect(throws: ISOBMFFError.missing(box: "esds")) { try entry.isoBoxBytes() }
    }

    @Test func quickTimesTerminatorIsDropped() throws {
        let entry = sound("mp4a", version: 0, children: esds + [0, 0, 0, 0], codec: aac)
        #expect(
            try entry.isoBoxBytes()
                == box(
                    "mp4a",
                    Array(entry.boxBytes[8..<15]) + [1]
                        + entry.boxBytes[16..<36] + esds
                )
        )
    }

    @Test func pictureEntriesLoseTheirTerminatorToo() throws {
        let fields = [UInt8](repeating: 0, count: 78)
        let entry = SampleEntry(
            format: "vp09",
            boxBytes: box("vp09", fields + box("vpcC", [1]) + [0, 0, 0, 0]),
            codec: .vp9(VP9Configuration(profile: 0, level: 10, bitDepth: 8)),
            video: VideoProperties(width: 2, height: 2)
        )
        var expected = box("vp09", fields + box("vpcC", [1]))
        expected[15] = 1
        #expect(try entry.isoBoxBytes() == expected)
    }

    @Test func textEntriesKeepTheirFields() throws {
        let entry = SampleEntry(
            format: "tx3g",
            boxBytes: box("tx3g", [UInt8](repeating: 0, count: 40)),
            codec: .timedText
        )
        var expected = entry.boxBytes
        expected[15] = 1
        #expect(try entry.isoBoxBytes() == expected)
    }

    @Test(arguments: [15, 35])
    func entriesCutShortAreRefused(count: Int) {
        var entry = sound("mp4a", version: 0, children: [], codec: aac)
        entry.boxBytes = Array(entry.boxBytes.prefix(count))
        #expect(throws: ISOBMFFError.truncated(box: "mp4a", offsetBytes: 0)) {
            try entry.isoBoxBytes()
        }
        entry.audio = nil
        entry.boxBytes = Array(entry.boxBytes.prefix(15))
        #expect(throws: ISOBMFFError.truncated(box: "mp4a", offsetBytes: 0)) {
            try entry.isoBoxBytes()
        }
    }
}

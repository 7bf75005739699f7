import ISOBMFF
import Testing

/// `mp4a` entries: descriptors, AudioSpecificConfigs, and QuickTime's versions of the entry.
struct AACEntryTests {
    private func entry(_ bytes: [UInt8]) throws -> SampleEntry {
        let file = TestFile {
            $0.handler = TestTrack.handler("soun")
            $0.sampleEntries = bytes
        }
        return try #require(try read(file.bytes).tracks.first?.sampleEntries.first)
    }

    private func error(_ bytes: [UInt8]) -> ISOBMFFError? {
        let file = TestFile {
            $0.handler = TestTrack.handler("soun")
            $0.sampleEntries = bytes
        }
        return readError(file.bytes)
    }

    /// Descriptors with sizes of four bytes, as most writers have them.
    private func esds(_ configuration: [UInt8], objectType: UInt8 = 0x40) -> [UInt8] {
        func descriptor(_ tag: UInt8, _ payload: [UInt8]) -> [UInt8] {
            [tag, 0x80, 0x80, 0x80, UInt8(payload.count)] + payload
        }
        let specific = configuration.isEmpty ? [] : descriptor(5, configuration)
        let decoder = [objectType, 0x15] + zeros(3) + u32(192_000, 128_000) + specific
        let stream = u16(1) + u8(0) + descriptor(4, decoder) + descriptor(6, [2])
        return fullBox("esds", descriptor(3, stream))
    }

    /// A configuration, and what is to come out of it.
    struct Case: Sendable {
        let configuration: String
        /// What the entry's own field says.
        var stated: UInt32 = 48_000
        let objectType: UInt8
        var coreObjectType: UInt8 = 2
        let coreRate: UInt32
        let channels: Int
        let rate: UInt32

        /// AAC-LC without any extension.
        static func plain(_ configuration: String, channels: Int, rate: UInt32) -> Case {
            Case(
                configuration: configuration,
                stated: rate,
                objectType: 2,
                coreRate: rate,
                channels: channels,
                rate: rate
            )
        }

        /// Two channels at 48 kHz from a core at 24 kHz.
        static func highEfficiency(_ configuration: String, objectType: UInt8) -> Case {
            Case(
                configuration: configuration,
                objectType: objectType,
                coreRate: 24_000,
                channels: 2,
                rate: 48_000
            )
        }
    }

    @Test(arguments: [
        Case.plain("1190", channels: 2, rate: 48_000),
        Case.plain("11B0", channels: 6, rate: 48_000),
        Case.plain("11B8", channels: 8, rate: 48_000),
        Case.plain("11D8", channels: 7, rate: 48_000),
        Case.plain("1310", channels: 2, rate: 24_000),
        // The rate as 24 bits.
        Case.plain("17805D8010", channels: 2, rate: 47_872),
        // An extension that says that there is no SBR.
        Case.plain("119056E500", channels: 2, rate: 48_000),
        // A program config element: a centre, a pair in front, a pair behind, low frequency.
        Case.plain("118004C8050001088000", channels: 6, rate: 48_000),
        // Explicit signalling of SBR, and of PS.
        Case.highEfficiency("2B118800", objectType: 5),
        Case.highEfficiency("EB098800", objectType: 29),
        // The same behind the core's configuration.
        Case.highEfficiency("131056E598", objectType: 5),
        Case.highEfficiency("130856E59D4880", objectType: 29),
        // Implicit signalling: only the entry says the rate.
        Case.highEfficiency("1310", objectType: 5),
    ])
    func readsTheConfiguration(expected: Case) throws {
        let entry = try entry(
            TestEntry.sound("mp4a", sampleRate: expected.stated, esds(hex(expected.configuration)))
        )
        guard case .aac(let configuration) = entry.codec else {
            Issue.record("\(entry.codec) is not AAC")
            return
        }
        #expect(configuration.objectType == expected.objectType)
        #expect(configuration.coreObjectType == expected.coreObjectType)
        #expect(configuration.coreSampleRate == expected.coreRate)
        #expect(!configuration.hasShortFrames)
        #expect(configuration.bytes == hex(expected.configuration))
        #expect(entry.audio?.channelCount == expected.channels)
        #expect(entry.audio?.sampleRate == expected.rate)
        #expect(entry.maximumBitrate == 192_000)
        #expect(entry.averageBitrate == 128_000)
    }

    @Test func aProgramConfigElementMayHaveACommentAndAnExtensionBehindIt() throws {
        let configuration = hex("118004C80500010880014156E598")
        let entry = try entry(TestEntry.sound("mp4a", esds(configuration)))
        guard case .aac(let found) = entry.codec else {
            Issue.record("\(entry.codec) is not AAC")
            return
        }
        #expect(found.objectType == 5)
        #expect(entry.audio?.channelCount == 6)
    }

    @Test func readsFramesOf960Samples() throws {
        guard case .aac(let found) = try entry(TestEntry.sound("mp4a", esds(hex("1194")))).codec
        else {
            Issue.record("not AAC")
            return
        }
        #expect(found.hasShortFrames)
    }

    @Test(arguments: [("F9464322", 2, 48_000), ("F95E0158881F00AC4421", 1, 44_100)])
    func readsXHEAAC(configuration: String, channels: Int, rate: UInt32) throws {
        let entry = try entry(TestEntry.sound("mp4a", sampleRate: 0, esds(hex(configuration))))
        guard case .aac(let found) = entry.codec else {
            Issue.record("\(entry.codec) is not AAC")
            return
        }
        #expect(found.objectType == 42)
        #expect(entry.audio == AudioProperties(channelCount: channels, sampleRate: rate))
    }

    @Test(arguments: [0x69, 0x6B] as [UInt8])
    func readsMP3ByItsObjectType(objectType: UInt8) throws {
        #expect(try entry(TestEntry.sound("mp4a", esds([], objectType: objectType))).codec == .mp3)
    }

    @Test func anotherObjectTypeIsKnownByItsFormat() throws {
        let entry = try entry(TestEntry.sound("mp4a", esds([1, 2], objectType: 0xDD)))
        #expect(entry.codec == .other("mp4a"))
    }

    @Test func readsQuickTimesVersion1() throws {
        let fields = zeros(6) + u16(1, 1) + zeros(6) + u16(2, 16, 0xFFFE, 0) + u32(44_100 << 16)
        let wave = box("wave", box("frma", code("mp4a")), box("mp4a", zeros(4)), esds(hex("1210")))
        let entry = try entry(box("mp4a", fields, u32(1024, 0, 0, 2), wave))
        #expect(entry.audio == AudioProperties(channelCount: 2, sampleRate: 44_100))
    }

    @Test func readsQuickTimesVersion2() throws {
        let fields = zeros(6) + u16(1, 2) + zeros(6) + u16(3, 16, 0xFFFE, 0) + u32(0x10000)
        let more = u32(72) + u64((96_000.0).bitPattern) + u32(6, 0x7F00_0000, 24, 0, 3, 1)
        let entry = try entry(box("lpcm", fields, more))
        #expect(entry.audio == AudioProperties(channelCount: 6, sampleRate: 96_000))
        #expect(entry.codec == .other("lpcm"))
    }

    @Test func configurationsThatCannotBe() {
        let rate = error(TestEntry.sound("mp4a", esds(hex("1690"))))
        let field = "samplingFrequencyIndex"
        #expect(rate == .invalid(box: "mp4a", field: field, value: 13))
        guard case .truncated = error(TestEntry.sound("mp4a", esds(hex("11")))) else {
            Issue.record("no error for a configuration that is cut short")
            return
        }
        guard case .truncated = error(TestEntry.sound("mp4a", esds([]))) else {
            Issue.record("no error for a missing configuration")
            return
        }
    }
}

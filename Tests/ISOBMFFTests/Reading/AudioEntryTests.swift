import ISOBMFF
import Testing

/// Sample entries of audio tracks that are not AAC, and of text tracks.
struct AudioEntryTests {
    private func entry(_ bytes: [UInt8], handler: String = "soun") throws -> SampleEntry {
        let file = TestFile {
            $0.handler = TestTrack.handler(handler)
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

    private func audio(_ channelCount: Int, _ sampleRate: UInt32) -> AudioProperties {
        AudioProperties(channelCount: channelCount, sampleRate: sampleRate)
    }

    @Test func readsOpus() throws {
        let configuration = box("dOps", hex("00 06 0138 00005622 0000 00"))
        let entry = try entry(TestEntry.sound("Opus", channelCount: 2, configuration))
        #expect(entry.codec == .opus(OpusConfiguration(channelCount: 6, preSkip: 312)))
        #expect(entry.audio == audio(6, 48_000))
        #expect(entry.video == nil)
    }

    @Test func readsFLAC() throws {
        // 96 kHz does not fit into the entry's own field.
        let stream = hex("80000022 1000 1000 000000 000000 17700170 00000000") + zeros(16)
        let entry = try entry(TestEntry.sound("fLaC", sampleRate: 0, fullBox("dfLa", stream)))
        #expect(entry.codec == .flac)
        #expect(entry.audio == audio(1, 96_000))
    }

    @Test func readsAC3() throws {
        let entry = try entry(TestEntry.sound("ac-3", channelCount: 2, box("dac3", hex("103DC0"))))
        #expect(entry.codec == .ac3)
        #expect(entry.audio == audio(6, 48_000))
    }

    @Test func readsEAC3() throws {
        let entry = try entry(TestEntry.sound("ec-3", box("dec3", hex("0600 200F 00"))))
        #expect(entry.codec == .eac3(isJOC: false))
        #expect(entry.audio == audio(6, 48_000))
    }

    @Test func readsEAC3WithObjects() throws {
        let entry = try entry(TestEntry.sound("ec-3", box("dec3", hex("1800 200F 00 01 10"))))
        #expect(entry.codec == .eac3(isJOC: true))
    }

    @Test func readsEAC3WithADependentSubstream() throws {
        // 5.1 and the pair Lrs/Rrs: 7.1.
        let entry = try entry(TestEntry.sound("ec-3", box("dec3", hex("1800 200F 02 02"))))
        #expect(entry.audio == audio(8, 48_000))
    }

    @Test func readsMP3() throws {
        let entry = try entry(TestEntry.sound(".mp3", sampleRate: 44_100))
        #expect(entry.codec == .mp3)
        #expect(entry.audio == audio(2, 44_100))
    }

    @Test func readsBitRates() throws {
        let rates = box("btrt", u32(0, 160_000, 128_000))
        let entry = try entry(TestEntry.sound(".mp3", rates))
        #expect(entry.maximumBitrate == 160_000)
        #expect(entry.averageBitrate == 128_000)
    }

    @Test func anUnknownFormatIsKnownByItsName() throws {
        let entry = try entry(TestEntry.sound("alac", zeros(3)))
        #expect(entry.codec == .other("alac"))
        #expect(entry.audio == audio(2, 48_000))
    }

    @Test func readsText() throws {
        let webVTT = try entry(box("wvtt", zeros(6), u16(1), box("vttC")), handler: "text")
        #expect(webVTT.codec == .webVTT)
        let timedText = try entry(box("tx3g", zeros(6), u16(1), zeros(30)), handler: "sbtl")
        #expect(timedText.codec == .timedText)
        let other = try entry(box("stpp", zeros(6), u16(1), zeros(3)), handler: "subt")
        #expect(other.codec == .other("stpp"))
    }

    @Test(arguments: ["enca", "drms"])
    func encryptedAudio(format: String) {
        let type = FourCC(rawValue: code(format).reduce(0) { $0 << 8 | UInt32($1) })
        #expect(error(TestEntry.sound(format)) == .unsupported(feature: .encrypted(type)))
    }

    @Test func missingConfigurations() {
        #expect(error(TestEntry.sound("Opus")) == .missing(box: "dOps"))
        #expect(error(TestEntry.sound("fLaC")) == .missing(box: "dfLa"))
        #expect(error(TestEntry.sound("ac-3")) == .missing(box: "dac3"))
        #expect(error(TestEntry.sound("ec-3")) == .missing(box: "dec3"))
        #expect(error(TestEntry.sound("mp4a")) == .missing(box: "esds"))
    }

    @Test func configurationsThatCannotBe() {
        func invalid(_ type: FourCC, _ field: String, _ value: Int64) -> ISOBMFFError {
            .invalid(box: type, field: field, value: value)
        }
        let version = TestEntry.sound("Opus", box("dOps", hex("01 02 0000"), zeros(7)))
        #expect(error(version) == invalid("dOps", "Version", 1))
        let silent = TestEntry.sound("Opus", box("dOps", hex("00 00 0000"), zeros(7)))
        #expect(error(silent) == invalid("dOps", "OutputChannelCount", 0))
        let block = TestEntry.sound("fLaC", fullBox("dfLa", hex("04000000"), zeros(40)))
        #expect(error(block) == invalid("dfLa", "BlockType", 4))
    }
}

import ISOBMFF
import Packaging
import Testing

struct CodecStringTests {
    private func entry(
        _ format: FourCC,
        _ codec: Codec,
        color: ColorProperties? = nil,
        dolbyVision: DolbyVisionConfiguration? = nil
    ) -> SampleEntry {
        SampleEntry(
            format: format,
            boxBytes: [],
            codec: codec,
            video: VideoProperties(width: 16, height: 16, color: color, dolbyVision: dolbyVision)
        )
    }

    private func avc(_ profile: UInt8, _ compatibility: UInt8, _ level: UInt8) -> Codec {
        .avc(
            AVCConfiguration(
                profile: profile,
                compatibility: compatibility,
                level: level,
                lengthSize: 4,
                sequenceParameterSets: [],
                pictureParameterSets: []
            )
        )
    }

    private func hevc(
        space: UInt8 = 0,
        isHighTier: Bool = false,
        profile: UInt8 = 1,
        compatibility: UInt32 = 0x6000_0000,
        constraints: UInt64 = 0xB000_0000_0000,
        level: UInt8 = 93
    ) -> Codec {
        .hevc(
            HEVCConfiguration(
                profileSpace: space,
                isHighTier: isHighTier,
                profile: profile,
                profileCompatibility: compatibility,
                constraints: constraints,
                level: level,
                lengthSize: 4,
                parameterSets: []
            )
        )
    }

    private let bt2020PQ = ColorProperties(
        primaries: 9,
        transfer: 16,
        matrix: 9,
        isFullRange: false
    )

    @Test func avcSaysProfileConstraintsAndLevel() {
        #expect(entry("avc1", avc(100, 0, 31)).codecString == "avc1.64001f")
        #expect(entry("avc1", avc(66, 0xE0, 30)).codecString == "avc1.42e01e")
        #expect(entry("avc3", avc(77, 0x40, 9)).codecString == "avc3.4d4009")
    }

    @Test func hevcReversesCompatibilityAndDropsTrailingZeros() {
        #expect(entry("hvc1", hevc()).codecString == "hvc1.1.6.L93.B0")
        #expect(
            entry("hev1", hevc(profile: 2, compatibility: 0x2000_0000, level: 120)).codecString
                == "hev1.2.4.L120.B0"
        )
        #expect(entry("hvc1", hevc(constraints: 0)).codecString == "hvc1.1.6.L93")
        #expect(
            entry("hvc1", hevc(isHighTier: true, constraints: 0x9008_0000_0001)).codecString
                == "hvc1.1.6.H93.90.8.0.0.0.1"
        )
        #expect(entry("hvc1", hevc(space: 2)).codecString == "hvc1.B1.6.L93.B0")
        #expect(
            entry("hvc1", hevc(profile: 4, compatibility: 0x0800_0000)).codecString
                == "hvc1.4.10.L93.B0"
        )
    }

    @Test func av1IsShortWhereAllIsDefault() {
        let main = AV1Configuration(profile: 0, level: 4, isHighTier: false, bitDepth: 8)
        #expect(entry("av01", .av1(main)).codecString == "av01.0.04M.08")
        let bt709 = ColorProperties(primaries: 1, transfer: 1, matrix: 1, isFullRange: false)
        #expect(entry("av01", .av1(main), color: bt709).codecString == "av01.0.04M.08")
        let unspecified = ColorProperties(primaries: 2, transfer: 2, matrix: 2, isFullRange: false)
        #expect(entry("av01", .av1(main), color: unspecified).codecString == "av01.0.04M.08")
    }

    @Test func av1IsLongWhereColourOrSamplingIsNotDefault() {
        var main = AV1Configuration(profile: 0, level: 13, isHighTier: true, bitDepth: 10)
        #expect(
            entry("av01", .av1(main), color: bt2020PQ).codecString
                == "av01.0.13H.10.0.110.09.16.09.0"
        )
        main.isMonochrome = true
        #expect(entry("av01", .av1(main)).codecString == "av01.0.13H.10.1.110.01.01.01.0")
        main.isMonochrome = false
        main.chromaSamplePosition = 2
        #expect(entry("av01", .av1(main)).codecString == "av01.0.13H.10.0.112.01.01.01.0")
        main.chromaSubsamplingY = false
        #expect(entry("av01", .av1(main)).codecString == "av01.0.13H.10.0.100.01.01.01.0")
        let full = ColorProperties(primaries: 1, transfer: 1, matrix: 1, isFullRange: true)
        main.chromaSubsamplingY = true
        main.chromaSamplePosition = 0
        #expect(
            entry("av01", .av1(main), color: full).codecString == "av01.0.13H.10.0.110.01.01.01.1"
        )
    }

    @Test func vp9IsShortOrLongLikewise() {
        var vp9 = VP9Configuration(profile: 0, level: 31, bitDepth: 8)
        #expect(entry("vp09", .vp9(vp9)).codecString == "vp09.00.31.08")
        (vp9.primaries, vp9.transfer, vp9.matrix) = (2, 2, 2)
        #expect(entry("vp09", .vp9(vp9)).codecString == "vp09.00.31.08")
        vp9 = VP9Configuration(
            profile: 2,
            level: 10,
            bitDepth: 10,
            primaries: 9,
            transfer: 16,
            matrix: 9
        )
        #expect(entry("vp09", .vp9(vp9)).codecString == "vp09.02.10.10.01.09.16.09.00")
        vp9 = VP9Configuration(profile: 1, level: 10, bitDepth: 8, chromaSubsampling: 3)
        vp9.isFullRange = true
        #expect(entry("vp09", .vp9(vp9)).codecString == "vp09.01.10.08.03.01.01.01.01")
    }

    @Test(arguments: [
        (UInt8(2), "mp4a.40.2"), (5, "mp4a.40.5"), (29, "mp4a.40.29"),
        (42, "mp4a.40.42"),
    ])
    func aacSaysItsObjectType(_ objectType: UInt8, _ text: String) {
        #expect(ManifestFixtures.aac(objectType: objectType).codecString == text)
    }

    @Test func mp3IsWhatEsdsSaysAndInTransportStreamsWhatApplePlayersKnow() {
        let mp3 = ManifestFixtures.audioEntry("mp4a", .mp3)
        #expect(mp3.codecString == "mp4a.6B")
        #expect(mp3.transportStreamCodecString == "mp4a.40.34")
        #expect(ManifestFixtures.aac().transportStreamCodecString == "mp4a.40.2")
    }

    @Test func otherAudioHasItsRegisteredName() {
        let opus = Codec.opus(OpusConfiguration(channelCount: 2, preSkip: 0))
        #expect(ManifestFixtures.audioEntry("Opus", opus).codecString == "opus")
        #expect(ManifestFixtures.audioEntry("fLaC", .flac).codecString == "fLaC")
        #expect(ManifestFixtures.audioEntry("ac-3", .ac3).codecString == "ac-3")
        #expect(ManifestFixtures.audioEntry("ec-3", .eac3(isJOC: true)).codecString == "ec-3")
    }

    @Test func textAndUnknownEntriesHaveTheirFourCharacters() {
        #expect(ManifestFixtures.audioEntry("wvtt", .webVTT).codecString == "wvtt")
        #expect(ManifestFixtures.audioEntry("tx3g", .timedText).codecString == "tx3g")
        #expect(ManifestFixtures.audioEntry("mjp2", .other("mjp2")).codecString == "mjp2")
    }

    @Test func dolbyVisionAloneIsTheCodecAndOnTopIsSupplemental() {
        let five = DolbyVisionConfiguration(profile: 5, level: 6, compatibilityId: 0)
        let alone = entry("dvh1", hevc(), dolbyVision: five)
        #expect(alone.codecString == "dvh1.05.06")
        #expect(alone.supplementalCodecString == nil)
        for (compatibility, brand) in [(UInt8(1), "db1p"), (2, "db2g"), (4, "db4h")] {
            let eight = DolbyVisionConfiguration(
                profile: 8,
                level: 4,
                compatibilityId: compatibility
            )
            let onTop = entry("hvc1", hevc(), dolbyVision: eight)
            #expect(onTop.codecString == "hvc1.1.6.L93.B0")
            #expect(onTop.supplementalCodecString == "dvh1.08.04/\(brand)")
        }
        let ten = DolbyVisionConfiguration(profile: 10, level: 9, compatibilityId: 4)
        let av1 = AV1Configuration(profile: 0, level: 4, isHighTier: false, bitDepth: 10)
        #expect(
            entry("av01", .av1(av1), dolbyVision: ten).supplementalCodecString == "dav1.10.09/db4h"
        )
        let unknown = DolbyVisionConfiguration(profile: 8, level: 4, compatibilityId: 9)
        #expect(entry("hvc1", hevc(), dolbyVision: unknown).supplementalCodecString == nil)
        let seven = DolbyVisionConfiguration(profile: 7, level: 4, compatibilityId: 1)
        #expect(entry("hvc1", hevc(), dolbyVision: seven).supplementalCodecString == nil)
    }

    @Test func videoRangeIsTheTransferCharacteristics() {
        func range(_ transfer: UInt16) -> VideoRange {
            let color = ColorProperties(
                primaries: 9,
                transfer: transfer,
                matrix: 9,
                isFullRange: false
            )
            return entry("hvc1", hevc(), color: color).videoRange
        }
        #expect(range(16) == .perceptualQuantizer)
        #expect(range(18) == .hybridLogGamma)
        #expect([1, 2, 6, 13, 14, 15].allSatisfy { range($0) == .standard })
        #expect(entry("hvc1", hevc(profile: 2)).videoRange == .standard)
    }

    @Test func videoRangeOfVP9AndDolbyVisionNeedsNoColourBox() {
        var vp9 = VP9Configuration(profile: 2, level: 10, bitDepth: 10)
        #expect(entry("vp09", .vp9(vp9)).videoRange == .standard)
        vp9.transfer = 18
        #expect(entry("vp09", .vp9(vp9)).videoRange == .hybridLogGamma)
        let five = DolbyVisionConfiguration(profile: 5, level: 6, compatibilityId: 0)
        #expect(entry("dvh1", hevc(), dolbyVision: five).videoRange == .perceptualQuantizer)
    }
}

import ISOBMFF
import Packaging
import Testing

struct DASHDescriptorTests {
    private func text(
        _ tracks: [ManifestTrack],
        subtitles: [SubtitleTrack] = []
    ) throws -> String {
        ManifestFixtures.text(
            try DASHManifest(
                version: ManifestFixtures.version,
                tracks: tracks,
                subtitles: subtitles
            ).bytes()
        )
    }

    private func channels(_ entry: SampleEntry) throws -> String? {
        let manifest = try text([ManifestFixtures.audio(entry: entry)])
        let line = manifest.split(separator: "\n").first { $0.contains("AudioChannelConf") }
        return line.map { $0.split(separator: "\"").dropLast().last.map(String.init) ?? "" }
    }

    @Test(arguments: [
        (1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5"), (6, "6"), (7, "11"), (8, "12"),
    ])
    func codePointsOfMP3AndOthersAreByCount(_ count: Int, _ value: String) throws {
        #expect(try channels(ManifestFixtures.audioEntry("mp4a", .mp3, channels: count)) == value)
    }

    @Test(arguments: [(3, "3"), (4, "10"), (5, "5"), (6, "6"), (7, "11"), (8, "12")])
    func fourChannelsOfOpusAndFLACAreInFrontAndBehind(_ count: Int, _ value: String) throws {
        let opus = Codec.opus(OpusConfiguration(channelCount: UInt8(count), preSkip: 0))
        #expect(try channels(ManifestFixtures.audioEntry("Opus", opus, channels: count)) == value)
        #expect(try channels(ManifestFixtures.audioEntry("fLaC", .flac, channels: count)) == value)
    }

    @Test func aacSaysItsOwnConfiguration() throws {
        var eight = ManifestFixtures.aac(channels: 7)
        eight.audio?.channelCount = 8
        #expect(try channels(eight) == "7")
        var declared = ManifestFixtures.aac(channels: 0)
        declared.audio?.channelCount = 6
        #expect(try channels(declared) == "6")
    }

    @Test func parametricStereoIsStereo() throws {
        var entry = ManifestFixtures.aac(channels: 1, objectType: 29)
        entry.audio?.channelCount = 2
        #expect(try channels(entry) == "2")
    }

    @Test(arguments: [
        (1, "4000"), (2, "A000"), (3, "E000"), (4, "B800"), (5, "F800"), (6, "F801"), (7, "F901"),
        (8, "FA01"),
    ])
    func dolbyHasAMapOfPlaces(_ count: Int, _ value: String) throws {
        #expect(try channels(ManifestFixtures.audioEntry("ac-3", .ac3, channels: count)) == value)
        let eac3 = ManifestFixtures.audioEntry("ec-3", .eac3(isJOC: false), channels: count)
        #expect(try channels(eac3) == value)
        let manifest = try text([ManifestFixtures.audio(entry: eac3)])
        #expect(manifest.contains("tag:dolby.com,2014:dash:audio_channel_configuration:2011"))
    }

    @Test func unknownChannelsAreNotSaid() throws {
        #expect(try channels(ManifestFixtures.audioEntry("mp4a", .mp3, channels: 0)) == nil)
        #expect(try channels(ManifestFixtures.audioEntry("ac-3", .ac3, channels: 22)) == nil)
    }

    @Test func atmosIsSaidAsAProperty() throws {
        let atmos = ManifestFixtures.audioEntry("ec-3", .eac3(isJOC: true), channels: 6)
        #expect(
            try text([ManifestFixtures.audio(entry: atmos)]).contains(
                #"<SupplementalProperty schemeIdUri="tag:dolby.com,2018:dash:"#
                    + #"EC3_ExtensionType:2018" value="JOC"/>"#
            )
        )
    }

    @Test func audioRolesAreSaid() throws {
        let manifest = try text([
            ManifestFixtures.audio("a"),
            ManifestFixtures.audio("b", role: .commentary),
            ManifestFixtures.audio("c", role: .description),
        ])
        let sets = manifest.split(separator: "<AdaptationSet").dropFirst().map(String.init)
        #expect(sets[0].contains(#"role:2011" value="main"/>"#))
        #expect(sets[0].contains(#"selectionPriority="2""#))
        #expect(sets[1].contains(#"role:2011" value="commentary"/>"#))
        #expect(!sets[1].contains("selectionPriority"))
        #expect(sets[2].contains(#"AudioPurposeCS:2007" value="1"/>"#))
        #expect(sets[2].contains(#"role:2011" value="alternate"/>"#))
    }

    @Test func subtitleRolesAreSaid() throws {
        let roles: [TrackRole] = [.main, .sdh, .forced, .commentary, .description]
        let manifest = try text(
            [ManifestFixtures.video()],
            subtitles: roles.map { ManifestFixtures.subtitles("text-\($0.rawValue)", role: $0) }
        )
        let sets = manifest.split(separator: "<AdaptationSet").dropFirst(2).map(String.init)
        let values = ["subtitle", "caption", "forced-subtitle", "commentary", "description"]
        for (set, value) in zip(sets, values) {
            #expect(set.contains(#"role:2011" value="\#(value)"/>"#))
        }
        #expect(
            sets.map { $0.contains(#"AudioPurposeCS:2007" value="2"/>"#) }
                == [false, true, false, false, false]
        )
    }

    @Test(arguments: [(UInt16(16), "Essential"), (18, "Essential"), (14, "Supplemental")])
    func colourIsEssentialWhereTheRangeIsHigh(_ transfer: UInt16, _ kind: String) throws {
        var entry = ManifestFixtures.avc
        entry.video?.color = ColorProperties(
            primaries: 9,
            transfer: transfer,
            matrix: 9,
            isFullRange: false
        )
        let manifest = try text([ManifestFixtures.video(entries: [entry])])
        for (name, value) in [
            ("ColourPrimaries", 9), ("TransferCharacteristics", transfer),
            ("MatrixCoefficients", 9),
        ] {
            #expect(
                manifest.contains(
                    #"<\#(kind)Property schemeIdUri="urn:mpeg:mpegB:cicp:\#(name)" "#
                        + #"value="\#(value)"/>"#
                )
            )
        }
    }

    @Test(arguments: [UInt16(1), 2])
    func commonOrUnspecifiedColourIsNotSaid(_ value: UInt16) throws {
        var entry = ManifestFixtures.avc
        entry.video?.color = ColorProperties(
            primaries: value,
            transfer: value,
            matrix: value,
            isFullRange: false
        )
        #expect(!(try text([ManifestFixtures.video(entries: [entry])]).contains("cicp")))
    }

    @Test func theBaseLayerOfDolbyVisionNamesWhatIsOnTop() throws {
        var entry = ManifestFixtures.avc
        entry.format = "hvc1"
        entry.codec = .hevc(
            HEVCConfiguration(
                profileSpace: 0,
                isHighTier: false,
                profile: 2,
                profileCompatibility: 0x2000_0000,
                constraints: 0xB000_0000_0000,
                level: 120,
                lengthSize: 4,
                parameterSets: []
            )
        )
        entry.video?.dolbyVision = DolbyVisionConfiguration(
            profile: 8,
            level: 4,
            compatibilityId: 4
        )
        let manifest = try text([ManifestFixtures.video(entries: [entry])])
        #expect(manifest.contains(#"xmlns:scte214="urn:scte:dash:scte214-extensions""#))
        #expect(
            manifest.contains(
                #"codecs="hvc1.2.4.L120.B0" scte214:supplementalCodecs="dvh1.08.04" "#
                    + #"scte214:supplementalProfiles="db4h""#
            )
        )
    }

    @Test func picturesAreSaidAsTheyAreSeen() throws {
        var entry = ManifestFixtures.avc
        entry.video = VideoProperties(
            width: 720,
            height: 576,
            pixelAspectHorizontal: 64,
            pixelAspectVertical: 45
        )
        let anamorphic = try text([ManifestFixtures.video(entries: [entry])])
        #expect(anamorphic.contains(#"width="720" height="576" sar="64:45""#))
        #expect(anamorphic.contains(#"par="16:9""#))
        let portrait = try text([
            ManifestFixtures.video(entries: [ManifestFixtures.avc], rotationDegrees: 270)
        ])
        #expect(portrait.contains(#"width="720" height="1280" sar="1:1""#))
        #expect(portrait.contains(#"par="9:16""#))
    }

    @Test func nearlyEqualShapesHaveOneAspectRatioAndOthersNone() throws {
        var small = ManifestFixtures.avc
        small.video = VideoProperties(width: 854, height: 480)
        let near = [ManifestFixtures.video("a"), ManifestFixtures.video("b", entries: [small])]
        #expect(try text(near).contains(#"par="16:9""#))
        small.video = VideoProperties(width: 640, height: 480)
        let far = [ManifestFixtures.video("a"), ManifestFixtures.video("b", entries: [small])]
        #expect(!(try text(far).contains("par=")))
    }

    @Test(arguments: [
        ((UInt32(30000), UInt32(1001)), "30000/1001"), ((50, 2), "25"), ((25, 1), "25"),
    ])
    func frameRateIsAFraction(_ rate: (UInt32, UInt32), _ value: String) throws {
        let manifest = try text([ManifestFixtures.video(frameRate: rate)])
        #expect(manifest.contains(#"frameRate="\#(value)""#))
        #expect(manifest.contains(#"maxFrameRate="\#(value)""#))
    }
}

import ISOBMFF
import Packaging
import Testing

struct HLSMultivariantPlaylistTests {
    private func text(
        _ tracks: [ManifestTrack],
        format: MediaAddress.HLSFormat = .cmaf,
        subtitles: [SubtitleTrack] = [],
        clip: ClipRange? = nil,
        configuration: PackagingConfiguration = PackagingConfiguration(),
        iFrames: [String: [IFrameEntry]] = [:]
    ) throws -> String {
        ManifestFixtures.text(
            try HLSMultivariantPlaylist(
                version: ManifestFixtures.version,
                format: format,
                tracks: tracks,
                subtitles: subtitles,
                clip: clip,
                configuration: configuration,
                iFrames: iFrames
            ).bytes()
        )
    }

    private func lines(_ text: String, _ prefix: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { $0.hasPrefix(prefix) }
    }

    @Test func cmafPlaylistIsExactlyThis() throws {
        let playlist = try text(
            [ManifestFixtures.video(), ManifestFixtures.audio()],
            subtitles: [ManifestFixtures.subtitles()]
        )
        let expected = [
            "#EXTM3U",
            "#EXT-X-INDEPENDENT-SEGMENTS",
            #"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",LANGUAGE="en",NAME="English",DEFAULT=YES,"#
                + #"AUTOSELECT=YES,CHANNELS="2",URI="../0123456789abcdef/audio-en/media.m3u8""#,
            #"#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",LANGUAGE="en",NAME="English","#
                + #"DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,"#
                + #"URI="../0123456789abcdef/text-en/media.m3u8""#,
            #"#EXT-X-STREAM-INF:BANDWIDTH=2131051,AVERAGE-BANDWIDTH=2131051,"#
                + #"CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,VIDEO-RANGE=SDR,"#
                + #"FRAME-RATE=29.970,CLOSED-CAPTIONS=NONE,AUDIO="aac",SUBTITLES="subtitles""#,
            "../0123456789abcdef/video-720p/media.m3u8",
            #"#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=2001279,AVERAGE-BANDWIDTH=2001279,"#
                + #"CODECS="avc1.64001f",RESOLUTION=1280x720,VIDEO-RANGE=SDR,"#
                + #"URI="../0123456789abcdef/video-720p/iframes.m3u8""#,
            "",
        ]
        #expect(playlist == expected.joined(separator: "\n"))
    }

    @Test func transportStreamPlaylistHasTheDefaultAudioInTheVideo() throws {
        let playlist = try text(
            [
                ManifestFixtures.video(),
                ManifestFixtures.audio(),
                ManifestFixtures.audio("audio-fr", label: "Français", language: "fr"),
                ManifestFixtures.audio("audio-ec3", entry: ManifestFixtures.eac3),
            ],
            format: .transportStream
        )
        let expected = [
            "#EXTM3U",
            "#EXT-X-INDEPENDENT-SEGMENTS",
            #"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",LANGUAGE="en",NAME="English",DEFAULT=YES,"#
                + #"AUTOSELECT=YES,CHANNELS="2""#,
            #"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",LANGUAGE="fr",NAME="Français",DEFAULT=NO,"#
                + #"AUTOSELECT=YES,CHANNELS="2","#
                + #"URI="../0123456789abcdef/audio-fr/media-ts.m3u8""#,
            #"#EXT-X-STREAM-INF:BANDWIDTH=2214500,AVERAGE-BANDWIDTH=2214500,"#
                + #"CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,VIDEO-RANGE=SDR,"#
                + #"FRAME-RATE=29.970,CLOSED-CAPTIONS=NONE,AUDIO="aac""#,
            "../0123456789abcdef/video-720p/media-ts.m3u8",
            "",
        ]
        #expect(playlist == expected.joined(separator: "\n"))
    }

    @Test func noTagAsksForAVersionAndNoneIsDeclared() throws {
        let playlist = try text([ManifestFixtures.video(), ManifestFixtures.audio()])
        #expect(!playlist.contains("EXT-X-VERSION"))
    }

    @Test func everyVideoComesWithEveryAudioGroup() throws {
        let playlist = try text([
            ManifestFixtures.video("video-720p"),
            ManifestFixtures.video("video-360p", sizeBytes: 200_000),
            ManifestFixtures.audio("audio-aac"),
            ManifestFixtures.audio("audio-ec3", entry: ManifestFixtures.eac3),
        ])
        let variants = lines(playlist, "#EXT-X-STREAM-INF")
        #expect(variants.count == 4)
        #expect(variants.count { $0.contains(#"avc1.64001f,mp4a.40.2",""#) } == 0)
        #expect(variants.count { $0.contains(#"CODECS="avc1.64001f,mp4a.40.2""#) } == 2)
        #expect(variants.count { $0.contains(#"CODECS="avc1.64001f,ec-3""#) } == 2)
        #expect(lines(playlist, "#EXT-X-I-FRAME-STREAM-INF").count == 2)
    }

    @Test func aMissingMemberIsStoodInForByAnotherEncoding() throws {
        let playlist = try text([
            ManifestFixtures.video(),
            ManifestFixtures.audio("aac-en"),
            ManifestFixtures.audio("aac-fr", label: "Français", language: "fr"),
            ManifestFixtures.audio("ec3-en", entry: ManifestFixtures.eac3),
        ])
        let members = lines(playlist, "#EXT-X-MEDIA").map { line in
            ["GROUP-ID", "LANGUAGE", "URI"].map { name in
                String(line.split(separator: "\(name)=\"")[1].prefix { $0 != "\"" })
            }
        }
        let folder = "../0123456789abcdef"
        #expect(
            members == [
                ["aac", "en", "\(folder)/aac-en/media.m3u8"],
                ["aac", "fr", "\(folder)/aac-fr/media.m3u8"],
                ["ec-3", "en", "\(folder)/ec3-en/media.m3u8"],
                ["ec-3", "fr", "\(folder)/aac-fr/media.m3u8"],
            ]
        )
        #expect(playlist.contains(#"CODECS="avc1.64001f,ec-3,mp4a.40.2""#))
    }

    @Test func groupsThatWouldBeTheSameAreOne() throws {
        let playlist = try text([
            ManifestFixtures.video(),
            ManifestFixtures.audio("aac-en"),
            ManifestFixtures.audio("ec3-fr", language: "fr", entry: ManifestFixtures.eac3),
        ])
        #expect(lines(playlist, "#EXT-X-MEDIA").count == 2)
        #expect(lines(playlist, "#EXT-X-STREAM-INF").count == 1)
    }

    @Test func channelsMakeGroupsWhereALanguageHasSeveral() throws {
        let playlist = try text([
            ManifestFixtures.video(),
            ManifestFixtures.audio("en-2"),
            ManifestFixtures.audio("en-6", entry: ManifestFixtures.aac(channels: 6)),
            ManifestFixtures.audio("fr-2", language: "fr"),
        ])
        let media = lines(playlist, "#EXT-X-MEDIA")
        #expect(media.count == 4)
        #expect(media.count { $0.contains(#"GROUP-ID="aac-2ch""#) } == 2)
        #expect(media.count { $0.contains(#"GROUP-ID="aac-6ch""#) } == 2)
        #expect(media.count { $0.contains(#"CHANNELS="6""#) } == 1)
    }

    @Test func aacIsTheFirstGroupWhateverTheOrder() throws {
        let playlist = try text([
            ManifestFixtures.video(),
            ManifestFixtures.audio("ec3", entry: ManifestFixtures.eac3),
            ManifestFixtures.audio("aac"),
        ])
        #expect(lines(playlist, "#EXT-X-STREAM-INF").first?.contains(#"AUDIO="aac""#) == true)
    }

    @Test func theFirstVariantIsTheBestThatASlowConnectionCarries() throws {
        let tracks = [
            ManifestFixtures.video("video-1080p", sizeBytes: 3_000_000),
            ManifestFixtures.video("video-720p", sizeBytes: 1_000_000),
            ManifestFixtures.video("video-360p", sizeBytes: 200_000),
        ]
        let order = try text(tracks).split(separator: "\n").filter { $0.hasPrefix("../") }
        #expect(
            order.map { $0.split(separator: "/")[2] } == [
                "video-720p", "video-1080p", "video-360p",
            ]
        )
        let fast = [ManifestFixtures.video("a", sizeBytes: 9_000_000), tracks[0]]
        #expect(
            try text(fast).split(separator: "\n").first { $0.hasPrefix("../") }?
                .contains("video-1080p") == true
        )
    }

    @Test func rolesAreSaidAsCharacteristics() throws {
        let playlist = try text(
            [
                ManifestFixtures.video(),
                ManifestFixtures.audio("main"),
                ManifestFixtures.audio("description", label: "Described", role: .description),
                ManifestFixtures.audio("commentary", label: "Commentary", role: .commentary),
            ],
            subtitles: [
                ManifestFixtures.subtitles("en"),
                ManifestFixtures.subtitles("en-sdh", label: "English SDH", role: .sdh),
                ManifestFixtures.subtitles("en-forced", label: "English forced", role: .forced),
            ]
        )
        let media = lines(playlist, "#EXT-X-MEDIA")
        #expect(
            media[1].contains(
                #"DEFAULT=NO,AUTOSELECT=YES,CHARACTERISTICS="public.accessibility.describes-video""#
            )
        )
        #expect(media[2].contains("DEFAULT=NO,AUTOSELECT=NO"))
        #expect(!media[2].contains("CHARACTERISTICS"))
        #expect(media[3].contains("AUTOSELECT=YES,FORCED=NO,URI"))
        #expect(
            media[4].contains(
                #"FORCED=NO,CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog,"#
                    + #"public.accessibility.describes-music-and-sound""#
            )
        )
        #expect(media[5].contains("AUTOSELECT=YES,FORCED=YES,URI"))
    }

    @Test func eachGroupHasOneDefaultAndDifferentNames() throws {
        let playlist = try text([
            ManifestFixtures.video(),
            ManifestFixtures.audio("a", label: "Sound", language: "en", role: .commentary),
            ManifestFixtures.audio("b", label: "Sound", language: "en"),
            ManifestFixtures.audio("c", label: "", language: "fr"),
            ManifestFixtures.audio("d", label: "", language: "und"),
        ])
        let media = lines(playlist, "#EXT-X-MEDIA")
        #expect(media.map { $0.contains("DEFAULT=YES") } == [false, true, false, false])
        let names = media.map { $0.split(separator: "NAME=\"")[1].prefix { $0 != "\"" } }
        #expect(names == ["Sound", "Sound (2)", "fr", "main"])
        #expect(media.map { $0.contains("LANGUAGE=") } == [true, true, true, false])
    }

    @Test func quotedStringsHoldNoQuotationMarksAndNoControlCharacters() throws {
        let playlist = try text([
            ManifestFixtures.video(),
            ManifestFixtures.audio(label: "The \"best\"\r\n#EXT-X-ENDLIST\u{7F},sound"),
        ])
        #expect(playlist.contains("NAME=\"The 'best'  #EXT-X-ENDLIST ,sound\""))
    }

    @Test func atmosIsSaidAsObjects() throws {
        let atmos = ManifestFixtures.audioEntry("ec-3", .eac3(isJOC: true), channels: 6)
        let playlist = try text([
            ManifestFixtures.video(), ManifestFixtures.audio(entry: atmos),
        ])
        #expect(playlist.contains(#"CHANNELS="16/JOC""#))
    }

    @Test(arguments: [
        ([false, false], "CLOSED-CAPTIONS=NONE", 2), ([nil, false], "CLOSED-CAPTIONS", 0),
        ([true, false], #"CLOSED-CAPTIONS="captions""#, 1),
    ])
    func closedCaptionsAreSaidWhereKnown(
        _ known: [Bool?],
        _ attribute: String,
        _ count: Int
    ) throws {
        let playlist = try text([
            ManifestFixtures.video("a", hasClosedCaptions: known[0]),
            ManifestFixtures.video("b", hasClosedCaptions: known[1]),
        ])
        let variants = lines(playlist, "#EXT-X-STREAM-INF")
        #expect(variants.count { $0.contains(attribute) } == count)
        #expect(playlist.contains("TYPE=CLOSED-CAPTIONS") == (known[0] == true))
    }

    @Test func soundAloneWithoutAChoiceIsAVariantOnly() throws {
        let playlist = try text([ManifestFixtures.audio()])
        let expected = [
            "#EXTM3U",
            "#EXT-X-INDEPENDENT-SEGMENTS",
            #"#EXT-X-STREAM-INF:BANDWIDTH=129772,AVERAGE-BANDWIDTH=129772,CODECS="mp4a.40.2""#,
            "../0123456789abcdef/audio-en/media.m3u8",
            "",
        ]
        #expect(playlist == expected.joined(separator: "\n"))
    }

    @Test func soundAloneInSeveralLanguagesHasAGroup() throws {
        let playlist = try text([
            ManifestFixtures.audio("en"), ManifestFixtures.audio("fr", language: "fr"),
        ])
        #expect(lines(playlist, "#EXT-X-MEDIA").count == 2)
        #expect(lines(playlist, "#EXT-X-STREAM-INF").count == 1)
        #expect(playlist.contains(#"AUDIO="aac""#))
    }

    @Test func resolutionIsWhatIsSeen() throws {
        let portrait = ManifestFixtures.video(width: 1920, height: 1080, rotationDegrees: 90)
        #expect(try text([portrait]).contains("RESOLUTION=1080x1920"))
        var entry = ManifestFixtures.avc
        entry.video = VideoProperties(
            width: 720,
            height: 576,
            pixelAspectHorizontal: 64,
            pixelAspectVertical: 45
        )
        let anamorphic = ManifestFixtures.video(entries: [entry], width: 0, height: 0)
        #expect(try text([anamorphic]).contains("RESOLUTION=1024x576"))
    }

    @Test(arguments: [
        ((UInt32(24000), UInt32(1001)), "23.976"), ((25, 1), "25.000"),
        ((60000, 1001), "59.940"), ((1, 3), "0.333"),
    ])
    func frameRateHasThreeDecimals(_ rate: (UInt32, UInt32), _ text: String) throws {
        let playlist = try self.text([ManifestFixtures.video(frameRate: rate)])
        #expect(playlist.contains("FRAME-RATE=\(text),"))
    }

    @Test func aFrameRateThatIsNotKnownIsNotSaid() throws {
        #expect(!(try text([ManifestFixtures.video(frameRate: (0, 1))]).contains("FRAME-RATE")))
    }

    @Test func aClipIsPassedOnInItsCanonicalForm() throws {
        let playlist = try text(
            [ManifestFixtures.video(), ManifestFixtures.audio()],
            subtitles: [ManifestFixtures.subtitles()],
            clip: try ClipRange(query: "end=09.50&start=2.0")
        )
        let addresses = playlist.split { $0 == "\n" || $0 == "\"" }.filter { $0.hasPrefix("../") }
        #expect(addresses.count == 4)
        #expect(addresses.allSatisfy { $0.hasSuffix(".m3u8?start=2&end=9.5") })
    }

    @Test func keyFramesHaveTheirOwnRateWhereKnown() throws {
        let frames = [IFrameEntry(group: 0, start: 0, duration: 90_000, sizeBytes: 9800)]
        let playlist = try text([ManifestFixtures.video()], iFrames: ["video-720p": frames])
        #expect(
            playlist.contains("#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=80000,AVERAGE-BANDWIDTH=80000,")
        )
    }

    @Test func whatTransportStreamsCannotHoldIsLeftOut() throws {
        let opus = ManifestFixtures.audioEntry(
            "Opus",
            .opus(OpusConfiguration(channelCount: 2, preSkip: 312))
        )
        let playlist = try text(
            [ManifestFixtures.video(), ManifestFixtures.audio(entry: opus)],
            format: .transportStream
        )
        #expect(playlist.contains(#"CODECS="avc1.64001f""#))
        #expect(!playlist.contains("EXT-X-MEDIA"))
    }

    @Test func anAssetWhoseVideoATransportStreamCannotHoldIsNotThere() {
        let vp9 = SampleEntry(
            format: "vp09",
            boxBytes: [],
            codec: .vp9(VP9Configuration(profile: 0, level: 10, bitDepth: 8))
        )
        let tracks = [ManifestFixtures.video(entries: [vp9]), ManifestFixtures.audio()]
        #expect(throws: PackagingError.notFound) { try text(tracks, format: .transportStream) }
        #expect(throws: PackagingError.notFound) { try text([]) }
    }
}

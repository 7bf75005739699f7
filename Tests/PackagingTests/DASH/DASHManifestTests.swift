import ISOBMFF
import Packaging
import Testing

struct DASHManifestTests {
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

    private func lines(_ text: String, _ prefix: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { $0.hasPrefix(prefix) }
    }

    private let folder = "../0123456789abcdef"

    @Test func manifestOfAWholeAssetIsExactlyThis() throws {
        let manifest = try text(
            [ManifestFixtures.video(), ManifestFixtures.audio()],
            subtitles: [ManifestFixtures.subtitles()]
        )
        let template =
            #"initialization="\#(folder)/$RepresentationID$/init-1.mp4" "#
            + #"media="\#(folder)/$RepresentationID$/$Number$.m4s">"#
        let expected = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            #"<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" "#
                + #"profiles="urn:mpeg:dash:profile:isoff-live:2011" type="static" "#
                + #"mediaPresentationDuration="PT12.012S" minBufferTime="PT4.004S">"#,
            #"<Period id="1" start="PT0S">"#,
            #"<AdaptationSet contentType="video" mimeType="video/mp4" segmentAlignment="true" "#
                + #"startWithSAP="1" maxWidth="1280" maxHeight="720" "#
                + #"maxFrameRate="30000/1001" par="16:9">"#,
            #"<Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>"#,
            #"<SegmentTemplate timescale="90000" startNumber="1" "# + template,
            "<SegmentTimeline>",
            #"<S t="0" d="360360" r="2"/>"#,
            "</SegmentTimeline>",
            "</SegmentTemplate>",
            #"<Representation id="video-720p" bandwidth="2001279" codecs="avc1.64001f" "#
                + #"width="1280" height="720" sar="1:1" frameRate="30000/1001"/>"#,
            "</AdaptationSet>",
            #"<AdaptationSet contentType="audio" mimeType="audio/mp4" lang="en" "#
                + #"segmentAlignment="true" startWithSAP="1" selectionPriority="2">"#,
            #"<AudioChannelConfiguration "#
                + #"schemeIdUri="urn:mpeg:mpegB:cicp:ChannelConfiguration" value="2"/>"#,
            "<Label>English</Label>",
            #"<Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>"#,
            #"<SegmentTemplate timescale="48000" startNumber="1" "# + template,
            "<SegmentTimeline>",
            #"<S t="0" d="192192" r="2"/>"#,
            "</SegmentTimeline>",
            "</SegmentTemplate>",
            #"<Representation id="audio-en" bandwidth="129772" codecs="mp4a.40.2" "#
                + #"audioSamplingRate="48000"/>"#,
            "</AdaptationSet>",
            #"<AdaptationSet contentType="text" mimeType="text/vtt" lang="en">"#,
            "<Label>English</Label>",
            #"<Role schemeIdUri="urn:mpeg:dash:role:2011" value="subtitle"/>"#,
            #"<Representation id="text-en" bandwidth="256">"#,
            "<BaseURL>\(folder)/text-en/all.vtt</BaseURL>",
            "</Representation>",
            "</AdaptationSet>",
            "</Period>",
            "</MPD>",
            "",
        ]
        #expect(manifest == expected.joined(separator: "\n"))
    }

    @Test func aClipStartsAtZeroAndListsItsSegments() throws {
        var (video, audio) = (ManifestFixtures.video(), ManifestFixtures.audio())
        video.segments.removeFirst()
        audio.segments.removeFirst()
        video.segments[0].number = nil
        audio.segments[0].number = nil
        // The audio's first sample comes a little after the video's.
        audio.segments[0].start += 100
        audio.segments[0].duration -= 100
        let manifest = try text([video, audio], subtitles: [ManifestFixtures.subtitles()])
        #expect(manifest.contains(#"mediaPresentationDuration="PT8.008S""#))
        #expect(manifest.contains(#"profiles="urn:mpeg:dash:profile:full:2011""#))
        #expect(
            manifest.contains(
                """
                <SegmentList timescale="90000" presentationTimeOffset="360360">
                <Initialization sourceURL="\(folder)/video-720p/init-1.mp4"/>
                <SegmentTimeline>
                <S t="360360" d="360360" r="1"/>
                </SegmentTimeline>
                <SegmentURL media="\(folder)/video-720p/2-4.m4s"/>
                <SegmentURL media="\(folder)/video-720p/3.m4s"/>
                </SegmentList>
                """
            )
        )
        #expect(
            manifest.contains(
                """
                <SegmentList timescale="48000" presentationTimeOffset="192192">
                <Initialization sourceURL="\(folder)/audio-en/init-1.mp4"/>
                <SegmentTimeline>
                <S t="192292" d="192092"/>
                <S d="192192"/>
                </SegmentTimeline>
                """
            )
        )
        #expect(
            manifest.contains(
                """
                <SegmentList timescale="90000" presentationTimeOffset="360360">
                <SegmentTimeline>
                <S t="360360" d="360360" r="1"/>
                </SegmentTimeline>
                <SegmentURL media="\(folder)/text-en/2-4.vtt"/>
                <SegmentURL media="\(folder)/text-en/3.vtt"/>
                </SegmentList>
                """
            )
        )
    }

    @Test func aClipOfWholeSegmentsKeepsTheTemplate() throws {
        var video = ManifestFixtures.video()
        video.segments.removeFirst()
        let manifest = try text([video])
        #expect(
            manifest.contains(
                #"<SegmentTemplate timescale="90000" presentationTimeOffset="360360" "#
                    + #"startNumber="2" "#
            )
        )
        #expect(manifest.contains("isoff-live"))
    }

    @Test func numbersWithAGapMakeAList() throws {
        var audio = ManifestFixtures.audio()
        audio.segments[2].number = 4
        let manifest = try text([ManifestFixtures.video(), audio])
        #expect(manifest.contains(#"<SegmentURL media="\#(folder)/audio-en/4.m4s"/>"#))
        #expect(lines(manifest, "<SegmentTemplate").count == 1)
        #expect(lines(manifest, "<SegmentList").count == 1)
    }

    @Test func aDiscontinuityStartsAPeriodWithItsInitSegment() throws {
        var entry = ManifestFixtures.avc
        entry.codec = .vp9(VP9Configuration(profile: 0, level: 10, bitDepth: 8))
        entry.format = "vp09"
        var video = ManifestFixtures.video(entries: [ManifestFixtures.avc, entry])
        var audio = ManifestFixtures.audio()
        for index in 1...2 { video.segments[index].descriptionIndex = 1 }
        video.segments[1].isDiscontinuity = true
        audio.segments[1].isDiscontinuity = true
        let manifest = try text([video, audio])
        #expect(
            lines(manifest, "<Period") == [
                #"<Period id="1" start="PT0S">"#, #"<Period id="2" start="PT4.004S">"#,
            ]
        )
        let periods = manifest.split(separator: "<Period ").map(String.init)
        #expect(periods[1].contains("init-1.mp4"))
        #expect(periods[1].contains(#"codecs="avc1.64001f""#))
        #expect(periods[1].contains(#"<S t="0" d="360360"/>"#))
        #expect(
            periods[2].contains(
                #"<SegmentTemplate timescale="90000" presentationTimeOffset="360360" "#
                    + #"startNumber="2" initialization="\#(folder)/$RepresentationID$/init-2.mp4""#
            )
        )
        #expect(periods[2].contains(#"codecs="vp09.00.10.08""#))
        #expect(periods[2].contains(#"presentationTimeOffset="192192""#))
        #expect(manifest.contains(#"mediaPresentationDuration="PT12.012S""#))
    }

    @Test func aTrackWithoutSegmentsInAPeriodIsNotInIt() throws {
        var (video, audio) = (ManifestFixtures.video(), ManifestFixtures.audio())
        video.segments[2].isDiscontinuity = true
        audio.segments.removeLast()
        let manifest = try text([video, audio])
        let periods = manifest.split(separator: "<Period ")
        #expect(periods[1].contains("audio-en"))
        #expect(!periods[2].contains("audio-en"))
    }

    @Test func aSharedTimelineIsWrittenOnce() throws {
        let manifest = try text([
            ManifestFixtures.video("video-720p"), ManifestFixtures.video("video-360p"),
        ])
        #expect(lines(manifest, "<AdaptationSet").count == 1)
        #expect(lines(manifest, "<Representation").count == 2)
        #expect(lines(manifest, "<SegmentTemplate").count == 1)
    }

    @Test func representationsOfDifferentTimelinesHaveTheirOwn() throws {
        var other = ManifestFixtures.video("video-360p")
        other.track.timescale = 30_000
        other.segments = ManifestFixtures.segments(3, duration: 120_120, sizeBytes: 9)
        let manifest = try text([ManifestFixtures.video(), other])
        #expect(lines(manifest, "<AdaptationSet").count == 1)
        #expect(lines(manifest, "<SegmentTemplate").count == 2)
    }

    @Test func codecLanguageRoleRangeAndChannelsMakeAdaptationSets() throws {
        var hdr = ManifestFixtures.avc
        hdr.video?.color = ColorProperties(
            primaries: 9,
            transfer: 16,
            matrix: 9,
            isFullRange: false
        )
        let manifest = try text([
            ManifestFixtures.video("a"), ManifestFixtures.video("b"),
            ManifestFixtures.video("c", entries: [hdr]),
            ManifestFixtures.audio("d"),
            ManifestFixtures.audio("e", entry: ManifestFixtures.eac3),
            ManifestFixtures.audio("f", language: "fr"),
            ManifestFixtures.audio("g", role: .commentary),
            ManifestFixtures.audio("h", entry: ManifestFixtures.aac(channels: 6)),
        ])
        #expect(lines(manifest, "<AdaptationSet").count == 7)
    }

    @Test func textsAreEscaped() throws {
        let manifest = try text([
            ManifestFixtures.video(),
            ManifestFixtures.audio(label: "<&>\"\u{1}", language: "e\"n"),
        ])
        #expect(manifest.contains("<Label>&lt;&amp;&gt;&quot; </Label>"))
        #expect(manifest.contains(#"lang="e&quot;n""#))
    }

    @Test func anAssetWithoutSegmentsIsNotThere() {
        #expect(throws: PackagingError.notFound) { try text([]) }
        #expect(throws: PackagingError.notFound) {
            try text([ManifestFixtures.video(segments: [])])
        }
    }
}

import Packaging
import Segmenting
import Testing

/// What the manifest of a live stream says, to the letter.
struct LiveDASHManifestTests {
    private func lines(_ bytes: [UInt8]?) -> [String] {
        String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func stream(_ count: Int = 3, isLowLatency: Bool = true) -> LiveDASHFixture {
        var fixture = LiveDASHFixture(isLowLatency: isLowLatency)
        for _ in 0..<count { fixture.append(2_000_000) }
        return fixture
    }

    private let role = #"<Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>"#
    private let timing =
        #"<UTCTiming schemeIdUri="urn:mpeg:dash:utc:http-iso:2014" value="time"/>"#
    private let folder = "token-number-000001/$RepresentationID$/"

    @Test func aRegularLowLatencyStreamIsExactlyThis() {
        let template =
            #"<SegmentTemplate timescale="90000" duration="180000" startNumber="100" "#
            + #"availabilityTimeOffset="1.666" availabilityTimeComplete="false" "#
            + #"initialization="\#(folder)init-1.mp4" media="\#(folder)$Number$.m4s"/>"#
        let expected = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            #"<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" "#
                + #"profiles="urn:mpeg:dash:profile:isoff-live:2011,"#
                + #"http://www.dashif.org/guidelines/low-latency-live-v5" type="dynamic" "#
                + #"availabilityStartTime="2027-01-15T08:00:00.000Z" "#
                + #"publishTime="2027-01-15T08:00:06.000Z" minimumUpdatePeriod="PT2.006S" "#
                + #"timeShiftBufferDepth="PT60S" suggestedPresentationDelay="PT1.5S" "#
                + #"minBufferTime="PT0.668S" maxSegmentDuration="PT2.006S">"#,
            #"<ServiceDescription id="0">"#,
            #"<Latency referenceId="0" target="1500" min="750" max="3000"/>"#,
            #"<PlaybackRate min="0.96" max="1.04"/>"#,
            "</ServiceDescription>",
            #"<Period id="0-100" start="PT0S">"#,
            #"<AdaptationSet id="1" contentType="video" mimeType="video/mp4" "#
                + #"segmentAlignment="true" startWithSAP="1" maxWidth="1280" maxHeight="720" "#
                + #"maxFrameRate="30" par="16:9">"#,
            #"<ProducerReferenceTime id="0" inband="true" type="encoder" "#
                + #"presentationTime="360000" wallClockTime="2027-01-15T08:00:04.000Z">"#,
            timing, "</ProducerReferenceTime>", #"<Resync type="0" dT="30060"/>"#, role, template,
            #"<Representation id="v0" bandwidth="1100000" codecs="avc1.64001f" width="1280" "#
                + #"height="720" sar="1:1" frameRate="30"/>"#,
            "</AdaptationSet>",
            #"<AdaptationSet id="101" contentType="audio" mimeType="audio/mp4" lang="en" "#
                + #"segmentAlignment="true" startWithSAP="1">"#,
            #"<AudioChannelConfiguration "#
                + #"schemeIdUri="urn:mpeg:mpegB:cicp:ChannelConfiguration" value="2"/>"#,
            "<Label>English</Label>",
            #"<ProducerReferenceTime id="0" inband="true" type="encoder" "#
                + #"presentationTime="360960" wallClockTime="2027-01-15T08:00:04.010Z">"#,
            timing, "</ProducerReferenceTime>", #"<Resync type="1" dT="30060"/>"#, role, template,
            #"<Representation id="a0" bandwidth="1100000" codecs="mp4a.40.2" "#
                + #"audioSamplingRate="48000"/>"#,
            "</AdaptationSet>", "</Period>", timing, "</MPD>",
        ]
        #expect(lines(LiveDASH.manifest(stream().presentation)) == expected)
    }

    @Test(arguments: [true, false])
    func aTimelineListsWhatIsWhole(isAskedFor: Bool) {
        var fixture = stream(3, isLowLatency: isAskedFor)
        fixture.append(700_000, isComplete: false)
        let facts = LiveDASHFacts(addressing: isAskedFor ? .timeline : .lowLatency)
        let text = lines(LiveDASH.manifest(fixture.presentation, facts: facts))
        let start = text.firstIndex { $0.hasPrefix("<SegmentTemplate") } ?? 0
        #expect(
            text[start...].prefix(5) == [
                #"<SegmentTemplate timescale="90000" startNumber="100" "#
                    + #"initialization="\#(folder)init-1.mp4" media="\#(folder)$Number$.m4s">"#,
                "<SegmentTimeline>", #"<S t="0" d="180000" r="2"/>"#, "</SegmentTimeline>",
                "</SegmentTemplate>",
            ]
        )
        #expect(!text.contains { $0.contains("availabilityTime") && $0.contains("Offset") })
        #expect(!text.contains { $0.contains("low-latency") || $0.hasPrefix("<Resync") })
        #expect(text[1].contains(#"suggestedPresentationDelay="PT6.018S""#))
    }

    @Test func nothingIsToldBeforeTheFirstSegmentIsWhole() {
        var fixture = LiveDASHFixture()
        #expect(LiveDASH.manifest(fixture.presentation) == nil)
        fixture.append(700_000, isComplete: false)
        #expect(LiveDASH.manifest(fixture.presentation) == nil)
        fixture = LiveDASHFixture(isLowLatency: false)
        fixture.append(700_000, isComplete: false)
        #expect(LiveDASH.manifest(fixture.presentation) == nil)
    }

    @Test func anEndedStreamStaysDynamicAndHasALength() throws {
        var fixture = stream()
        var timeline = LiveDASHTimeline()
        timeline.follow(fixture.presentation)
        fixture.append(500_000)
        fixture.presentation.isEnded = true
        timeline.follow(fixture.presentation)
        let bytes = LiveDASH.manifest(fixture.presentation, timeline: timeline)
        let manifest = try ManifestNode.read(bytes)
        #expect(manifest.attributes["type"] == "dynamic")
        #expect(manifest.attributes["minimumUpdatePeriod"] == nil)
        #expect(manifest.microseconds("mediaPresentationDuration") == 6_500_000)
        #expect(manifest["Period"].map { $0.microseconds("duration") } == [6_500_000])
    }

    @Test func tracksArePutTogetherByCodecLanguageAndLabel() throws {
        var second = LiveDASHFixture.video
        second.id = LiveTrackID(.video, 1)
        var commentary = LiveDASHFixture.audio
        commentary.id = LiveTrackID(.audio, 1)
        commentary.label = "Commentary <live> & \"more\""
        let tracks = [LiveDASHFixture.video, second, LiveDASHFixture.audio, commentary]
        var fixture = LiveDASHFixture(tracks: tracks)
        fixture.append(2_000_000)
        let period = try ManifestNode.read(LiveDASH.manifest(fixture.presentation))["Period"][0]
        let ids = period["AdaptationSet"].map { set in
            set["Representation"].compactMap { $0.attributes["id"] }
        }
        #expect(ids == [["v0", "v1"], ["a0"], ["a1"]])
        #expect(period["AdaptationSet"].map { $0["SegmentTemplate"].count } == [1, 1, 1])
        #expect(Set(period["AdaptationSet"].map { $0.attributes["id"] }).count == 3)
    }

    @Test func segmentsWithoutKeyFramesPromiseNone() throws {
        var fixture = stream()
        fixture.presentation.renditions[0].segments[1].start.isIndependent = false
        let period = try ManifestNode.read(LiveDASH.manifest(fixture.presentation))["Period"][0]
        #expect(period["AdaptationSet"][0].attributes["startWithSAP"] == nil)
        #expect(period["AdaptationSet"][1].attributes["startWithSAP"] == "1")
    }

    @Test func factsAreTold() throws {
        var facts = LiveDASHFacts()
        facts.targetLatencyMilliseconds = 900
        facts.timeAddress = "https://example.org/live/a/time"
        facts.eventSchemes = ["https://aomedia.org/emsg/ID3"]
        let manifest = try ManifestNode.read(
            LiveDASH.manifest(stream().presentation, facts: facts)
        )
        #expect(manifest["UTCTiming"][0].attributes["value"] == facts.timeAddress)
        let latency = manifest["ServiceDescription"][0]["Latency"][0]
        #expect(latency.integer("target") == 900)
        let events = manifest["Period"][0]["AdaptationSet"][0]["InbandEventStream"]
        #expect(events.map { $0.attributes["schemeIdUri"] } == facts.eventSchemes)
        #expect(LiveDASHAddressing(query: "a=b&segments=timeline") == .timeline)
        #expect(LiveDASHAddressing(query: "segments=other") == .lowLatency)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_400_123_999, "2000-02-29T00:00:00.123Z"),
        (1_798_761_599_999_000, "2026-12-31T23:59:59.999Z"), (-5, "1970-01-01T00:00:00.000Z"),
        (4_107_542_400_000_000, "2100-03-01T00:00:00.000Z"),
    ])
    func theClockIsText(microseconds: Int64, text: String) {
        let bytes = LiveDASH.timeText(microseconds: microseconds)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }
}

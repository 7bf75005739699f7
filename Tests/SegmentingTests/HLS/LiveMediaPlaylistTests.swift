import Segmenting
import Testing

struct LiveMediaPlaylistTests {
    private static let video = LiveTrackID(.video)

    private static func twoTracks() -> LivePlaylistFixture {
        var fixture = LivePlaylistFixture([
            LivePlaylistFixture.video(), LivePlaylistFixture.audio(),
        ])
        fixture.segments(1, parts: 2)
        fixture.begin()
        fixture.part(isIndependent: true)
        return fixture
    }

    @Test func aLowLatencyPlaylistIsWrittenToTheLetter() {
        #expect(
            Self.twoTracks().text() == """
                #EXTM3U
                #EXT-X-VERSION:6
                #EXT-X-TARGETDURATION:6
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.002,HOLD-BACK=18.000,\
                CAN-SKIP-UNTIL=36.000,CAN-SKIP-DATERANGES=YES
                #EXT-X-PART-INF:PART-TARGET=0.334
                #EXT-X-MEDIA-SEQUENCE:100
                #EXT-X-DISCONTINUITY-SEQUENCE:3
                #EXT-X-MAP:URI="token-0123456789/v0/init-1.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-11-23T20:57:02.500Z
                #EXT-X-PART:DURATION=0.333333,URI="token-0123456789/v0/100.0.m4s",INDEPENDENT=YES
                #EXT-X-PART:DURATION=0.333333,URI="token-0123456789/v0/100.1.m4s"
                #EXTINF:0.666667,
                token-0123456789/v0/100.m4s
                #EXT-X-PROGRAM-DATE-TIME:2026-11-23T20:57:03.166Z
                #EXT-X-PART:DURATION=0.333333,URI="token-0123456789/v0/101.0.m4s",INDEPENDENT=YES
                #EXT-X-PRELOAD-HINT:TYPE=PART,URI="token-0123456789/v0/101.1.m4s"
                #EXT-X-RENDITION-REPORT:URI="a0.m3u8",LAST-MSN=101,LAST-PART=0

                """
        )
    }

    @Test func classicPlayersCanHaveOneWithoutParts() {
        let text = Self.twoTracks().text(LiveTrackID(.audio), scope: .rewind, offersParts: false)
        #expect(
            text == """
                #EXTM3U
                #EXT-X-VERSION:6
                #EXT-X-TARGETDURATION:6
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-SERVER-CONTROL:HOLD-BACK=18.000,CAN-SKIP-UNTIL=36.000,CAN-SKIP-DATERANGES=YES
                #EXT-X-MEDIA-SEQUENCE:100
                #EXT-X-DISCONTINUITY-SEQUENCE:3
                #EXT-X-MAP:URI="../token-0123456789/a0/init-1.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-11-23T20:57:02.500Z
                #EXTINF:0.640000,
                ../token-0123456789/a0/100.m4s

                """
        )
    }

    @Test func withoutAFittingPartTargetNothingOfLowLatencyIsOffered() {
        var fixture = LivePlaylistFixture([LivePlaylistFixture.video()], partTarget: nil)
        fixture.segments(2)
        fixture.begin(isIndependent: false)
        fixture.part()
        let text = fixture.text()
        for tag in ["PART", "BLOCK", "HINT", "INDEPENDENT"] { #expect(!text.contains(tag)) }
        #expect(!text.contains("/102"))
    }

    @Test func anEndedStreamHasNoHintsAndNoReports() throws {
        var fixture = Self.twoTracks()
        fixture.end()
        fixture.presentation.isEnded = true
        let text = fixture.text(delta: .segments)
        #expect(text.hasSuffix("/101.m4s\n#EXT-X-ENDLIST\n"))
        #expect(!text.contains("HINT") && !text.contains("REPORT") && !text.contains("SKIP:"))
        #expect(try LivePlaylistReader(text).segments.map(\.parts.count) == [2, 1])
    }

    @Test func aDiscontinuityStandsBeforeTheFirstPartAndItsMapIsSaidAgain() throws {
        var fixture = Self.twoTracks()
        fixture.end()
        fixture.token = "other-0123456789"
        fixture.begin(isDiscontinuity: true)
        #expect(!fixture.text().contains("#EXT-X-DISCONTINUITY\n"), "no part of it is there yet")
        fixture.part(isIndependent: true)
        #expect(
            fixture.text().contains(
                """
                #EXT-X-DISCONTINUITY
                #EXT-X-MAP:URI="other-0123456789/v0/init-1.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-11-23T20:57:03.500Z
                #EXT-X-PART:DURATION=0.333333,URI="other-0123456789/v0/102.0.m4s",INDEPENDENT=YES
                #EXT-X-PRELOAD-HINT:TYPE=PART,URI="other-0123456789/v0/102.1.m4s"

                """
            )
        )
        let whole = try LivePlaylistReader(fixture.text())
        #expect(whole.segments.map(\.discontinuity) == [3, 3, 4])
        // When what was before it has gone, the sequence number counts it, and the tag goes.
        fixture.presentation.renditions[0].segments.removeFirst(2)
        let rest = try LivePlaylistReader(fixture.text())
        #expect(rest.segments.map(\.discontinuity) == [4])
        #expect(rest.mediaSequence == 102 && !rest.segments[0].hasDiscontinuityTag)
    }

    @Test func gapsAreSaidOfSegmentsAndParts() throws {
        var fixture = Self.twoTracks()
        fixture.change(Self.video, segment: 0) { $0.isGap = true }
        fixture.change(Self.video, segment: 1) { $0.parts[0].isGap = true }
        let playlist = try LivePlaylistReader(fixture.text())
        #expect(playlist.segments[0].isGap)
        #expect(playlist.segments.flatMap(\.parts).map(\.isGap) == [true, true, true])
    }

    @Test func partsAreListedWithinThreeTargetDurationsOfTheEnd() throws {
        var fixture = LivePlaylistFixture([LivePlaylistFixture.video()])
        fixture.segments(30)
        let playlist = try LivePlaylistReader(fixture.text())
        let counts = playlist.segments.map(\.parts.count)
        #expect(counts == Array(repeating: 0, count: 21) + Array(repeating: 6, count: 9))
    }

    @Test func aTrackThatIsNotThereHasNoPlaylist() {
        let presentation = Self.twoTracks().presentation
        #expect(LiveHLS.media(presentation, track: LiveTrackID(.video, 1), scope: .live) == nil)
    }

    @Test func beforeTheFirstPartAPlaylistIsEmpty() throws {
        let fixture = LivePlaylistFixture([LivePlaylistFixture.video()])
        let playlist = try LivePlaylistReader(fixture.text())
        #expect(playlist.segments.isEmpty && playlist.hints.isEmpty)
        #expect(!playlist.tags.contains("#EXT-X-INDEPENDENT-SEGMENTS"))
    }
}

import Packaging
import Segmenting
import Testing

struct LiveDeltaUpdateTests {
    private static let video = LiveTrackID(.video)

    /// A minute in whole segments, and one part of the next.
    private static func minute() -> LivePlaylistFixture {
        var fixture = LivePlaylistFixture([LivePlaylistFixture.video()])
        fixture.segments(30)
        fixture.begin()
        fixture.part(isIndependent: true)
        return fixture
    }

    @Test func segmentsBeyondTheSkipBoundaryAreLeftOut() throws {
        let fixture = Self.minute()
        let whole = try LivePlaylistReader(fixture.text())
        let delta = try LivePlaylistReader(fixture.text(delta: .segments))
        // 18 segments of 2 s are the 36 s up to the end of the last whole one.
        #expect(delta.skipped == ["SKIPPED-SEGMENTS": "12"])
        #expect(delta.segments == Array(whole.segments.dropFirst(12)))
        #expect(delta.mediaSequence == whole.mediaSequence)
        #expect((whole.version, delta.version) == (6, 9))
        #expect(delta.segments[0].map != nil, "a player need not know what was skipped")
    }

    @Test func aShortPlaylistIsAnsweredWhole() {
        var fixture = LivePlaylistFixture([LivePlaylistFixture.video()])
        fixture.segments(18)
        #expect(fixture.text(delta: .segments) == fixture.text())
        #expect(fixture.text(delta: .segmentsAndDateRanges) == fixture.text())
    }

    @Test func theFirstVersionKeepsDateRangesAndTheSecondSkipsThem() throws {
        var fixture = Self.minute()
        for (index, id) in [(3, "old"), (28, "new")] {
            fixture.change(Self.video, segment: index) {
                $0.dateRanges = [DateRange(id: id, startDate: LivePlaylistFixture.start).line]
            }
        }
        let first = try LivePlaylistReader(fixture.text(delta: .segments))
        #expect(first.dateRanges.map { $0["ID"] } == ["old", "new"])
        #expect(first.version == 9)
        fixture.presentation.recentlyRemovedDateRanges = ["gone-1", "gone-2"]
        let second = try LivePlaylistReader(fixture.text(delta: .segmentsAndDateRanges))
        #expect(second.dateRanges.map { $0["ID"] } == ["new"])
        #expect(second.skipped?["RECENTLY-REMOVED-DATERANGES"] == "gone-1\tgone-2")
        #expect(second.version == 10)
    }

    @Test func aSecondVersionWithoutDateRangesDoesNotOverdeclare() throws {
        let delta = try LivePlaylistReader(Self.minute().text(delta: .segmentsAndDateRanges))
        #expect(delta.version == 9)
        #expect(delta.skipped?["RECENTLY-REMOVED-DATERANGES"] == "")
    }

    @Test func discontinuitiesKeepTheirNumbersInADelta() throws {
        var fixture = LivePlaylistFixture([LivePlaylistFixture.video()])
        fixture.segments(5)
        fixture.begin(isDiscontinuity: true, initialization: 2)
        for _ in 0..<6 { fixture.part() }
        fixture.end()
        for _ in 0..<25 {
            fixture.begin(initialization: 2)
            for _ in 0..<6 { fixture.part() }
            fixture.end()
        }
        let whole = try LivePlaylistReader(fixture.text())
        let delta = try LivePlaylistReader(fixture.text(delta: .segments))
        #expect(whole.tags.filter { $0 == "#EXT-X-DISCONTINUITY-SEQUENCE" }.count == 1)
        #expect(whole.segments.last?.discontinuity == 4)
        // The tag's value does not count what was skipped. RFC 8216bis §4.4.5.2
        #expect(delta.segments.last?.discontinuity == 3)
        #expect(delta.segments.first?.map?.hasSuffix("init-2.mp4") == true)
    }

    @Test func aRewindPlaylistIsAHeadAndTheLinesOfItsSegments() throws {
        let fixture = Self.minute()
        let segments = fixture.presentation.renditions[0].segments.dropLast()
        var writer = TextWriter(capacity: 0)
        LiveHLS.rewindHead(
            targetDurationSeconds: 6,
            mediaSequence: 100,
            discontinuitySequence: 3,
            into: &writer
        )
        var previous: LiveSegment?
        for segment in segments {
            LiveHLS.segmentLines(segment, after: previous, scope: .rewind, into: &writer)
            previous = segment
        }
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(!text.contains("PLAYLIST-TYPE") && !text.contains("SERVER-CONTROL"))
        let rewind = try LivePlaylistReader(text)
        let live = try LivePlaylistReader(fixture.text(scope: .rewind, offersParts: false))
        #expect(rewind.segments == live.segments)
    }

    @Test func aRewindPlaylistThatLostItsFirstLinesGetsItsMapAgain() throws {
        var fixture = LivePlaylistFixture([LivePlaylistFixture.video()])
        fixture.segments(2)
        let segments = fixture.presentation.renditions[0].segments
        var writer = TextWriter(capacity: 0)
        LiveHLS.rewindHead(
            targetDurationSeconds: 6,
            mediaSequence: 100,
            discontinuitySequence: 3,
            type: .event,
            offersDelta: true,
            skippedSegments: 1,
            into: &writer
        )
        LiveHLS.writeMap(
            token: segments[1].token,
            track: Self.video,
            number: 1,
            scope: .rewind,
            into: &writer
        )
        LiveHLS.segmentLines(segments[1], after: segments[0], scope: .rewind, into: &writer)
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(
            text == """
                #EXTM3U
                #EXT-X-VERSION:9
                #EXT-X-TARGETDURATION:6
                #EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=36.000
                #EXT-X-PLAYLIST-TYPE:EVENT
                #EXT-X-MEDIA-SEQUENCE:100
                #EXT-X-DISCONTINUITY-SEQUENCE:3
                #EXT-X-SKIP:SKIPPED-SEGMENTS=1
                #EXT-X-MAP:URI="../token-0123456789/v0/init-1.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-11-23T20:57:04.500Z
                #EXTINF:2.000000,
                ../token-0123456789/v0/101.m4s

                """
        )
    }
}

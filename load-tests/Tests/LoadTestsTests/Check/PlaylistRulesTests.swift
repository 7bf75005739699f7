import LoadTests
import Testing

/// Each rule of a playlist holds for a right one and can be broken.
struct PlaylistRulesTests {
    private static let head = """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-TARGETDURATION:2
        #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12.0,PART-HOLD-BACK=3.0,\
        HOLD-BACK=6.0
        #EXT-X-PART-INF:PART-TARGET=1.0
        #EXT-X-MEDIA-SEQUENCE:7
        #EXT-X-DISCONTINUITY-SEQUENCE:1
        #EXT-X-MAP:URI="init.mp4"

        """

    private static let playlist =
        head + """
            #EXT-X-DISCONTINUITY
            #EXT-X-PROGRAM-DATE-TIME:2026-01-31T12:00:00.000Z
            #EXTINF:2.0,
            s7.m4s
            #EXT-X-PROGRAM-DATE-TIME:2026-01-31T12:00:02.000Z
            #EXTINF:2.0,
            s8.m4s
            #EXTINF:2.0,
            s9.m4s
            #EXT-X-PART:DURATION=1.0,URI="p10.0",INDEPENDENT=YES
            #EXT-X-PART:DURATION=1.0,URI="p10.1"
            #EXTINF:2.0,
            s10.m4s
            #EXT-X-PROGRAM-DATE-TIME:2026-01-31T12:00:08.000Z
            #EXT-X-PART:DURATION=1.0,URI="p11.0",INDEPENDENT=YES
            #EXT-X-PRELOAD-HINT:TYPE=PART,URI="p11.1"
            #EXT-X-RENDITION-REPORT:URI="../a0.m3u8",LAST-MSN=11,LAST-PART=0

            """

    /// The same a part and a segment later.
    private static let later =
        head.replacing("SEQUENCE:7", with: "SEQUENCE:8").replacing(
            "DISCONTINUITY-SEQUENCE:1",
            with: "DISCONTINUITY-SEQUENCE:2"
        ) + """
            #EXT-X-PROGRAM-DATE-TIME:2026-01-31T12:00:02.000Z
            #EXTINF:2.0,
            s8.m4s
            #EXTINF:2.0,
            s9.m4s
            #EXTINF:2.0,
            s10.m4s
            #EXT-X-PART:DURATION=1.0,URI="p11.0",INDEPENDENT=YES
            #EXT-X-PART:DURATION=1.0,URI="p11.1"
            #EXTINF:2.0,
            s11.m4s
            #EXT-X-PRELOAD-HINT:TYPE=PART,URI="p12.0"
            #EXT-X-RENDITION-REPORT:URI="../a0.m3u8",LAST-MSN=11,LAST-PART=1

            """

    private static func broken(_ text: String) throws -> Set<CheckRule> {
        let findings = CheckFindings()
        PlaylistRules.check(try CheckedPlaylist(text), name: "v0", others: 1, findings)
        return Set(CheckRule.allCases.filter { findings.verdict($0) == .fail })
    }

    private static func broken(_ text: String, after old: String) throws -> Set<CheckRule> {
        let findings = CheckFindings()
        PlaylistRules.check(
            try CheckedPlaylist(text),
            after: try CheckedPlaylist(old),
            name: "v0",
            findings
        )
        return Set(CheckRule.allCases.filter { findings.verdict($0) == .fail })
    }

    @Test func aRightPlaylistBreaksNothing() throws {
        #expect(try Self.broken(Self.playlist).isEmpty)
        #expect(try Self.broken(Self.later).isEmpty)
        #expect(try Self.broken(Self.later, after: Self.playlist).isEmpty)
        let read = try CheckedPlaylist(Self.playlist)
        #expect(read.next == PartPosition(number: 11, part: 1))
        #expect(read.segments.map(\.number) == [7, 8, 9, 10, 11])
        #expect(read.reports.first?.position == PartPosition(number: 11, part: 0))
    }

    @Test(
        arguments: [
            ("HOLD-BACK=6.0", "HOLD-BACK=5.0", .holdBack),
            ("PART-HOLD-BACK=3.0", "PART-HOLD-BACK=2.0", .partHoldBack),
            ("UNTIL=12.0", "UNTIL=11.0", .skipUntil),
            ("VERSION:6", "VERSION:9", .version),
            ("VERSION:6", "VERSION:3", .version),
            ("#EXT-X-PART-INF", "#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-PART-INF", .noTypeWhenSliding),
            ("TARGETDURATION:2", "TARGETDURATION:4", .longEnough),
            ("#EXTINF:2.0,\ns8", "#EXTINF:2.6,\ns8", .segmentWithinTarget),
            ("#EXTINF:2.0,\ns10", "#EXTINF:1.9,\ns10", .segmentIsSumOfParts),
            ("DURATION=1.0,URI=\"p10.1\"", "DURATION=1.1,URI=\"p10.1\"", .partWithinTarget),
            (
                "DURATION=1.0,URI=\"p10.1\"",
                "DURATION=0.5,URI=\"x\"\n#EXT-X-PART:DURATION=0.5,URI=\"p10.1\"", .partLongEnough
            ),
            (
                "#EXTINF:2.0,\ns7",
                "#EXT-X-PART:DURATION=1.0,URI=\"x\"\n#EXT-X-PART:DURATION=1.0,URI=\"y\"\n"
                    + "#EXTINF:2.0,\ns7", .partsOnlyAtTheEnd
            ),
            ("\"p10.1\"\n", "\"p10.1\"\n#EXT-X-DISCONTINUITY\n", .tagsBeforeParts),
            ("12:00:02.000Z", "12:00:02.500Z", .programDateTime),
            ("#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p11.1\"\n", "", .hintPresent),
            ("#EXT-X-RENDITION-REPORT", "#EXT-X-OTHER", .reports),
        ] as [(String, String, CheckRule)]
    )
    func aWrongPlaylistBreaksItsRule(old: String, new: String, rule: CheckRule) throws {
        let text = Self.playlist.replacing(old, with: new)
        #expect(text != Self.playlist)
        #expect(try Self.broken(text).contains(rule))
    }

    @Test(
        arguments: [
            ("TARGETDURATION:2", "TARGETDURATION:3", .targetDurationFixed),
            ("PART-TARGET=1.0", "PART-TARGET=1.1", .partTargetFixed),
            ("HOLD-BACK=6.0", "HOLD-BACK=8.0", .serverControlSame),
            ("MEDIA-SEQUENCE:8", "MEDIA-SEQUENCE:5", .sequenceNumber),
            (
                "DISCONTINUITY-SEQUENCE:2", "DISCONTINUITY-SEQUENCE:1", .discontinuitySequence
            ),
            ("s9.m4s", "s9-other.m4s", .segmentsUnchanged),
            ("URI=\"p11.1\"", "URI=\"p11.other\"", .hintBecomesPart),
        ] as [(String, String, CheckRule)]
    )
    func aWrongSuccessorBreaksItsRule(old: String, new: String, rule: CheckRule) throws {
        let text = Self.later.replacing(old, with: new)
        #expect(text != Self.later)
        #expect(try Self.broken(text, after: Self.playlist).contains(rule))
    }

    @Test func anEndedPlaylistHintsNothing() throws {
        let ended = Self.playlist + "#EXT-X-ENDLIST\n"
        #expect(try Self.broken(ended) == [.hintPresent])
    }

    @Test func datesAreReadWithTheirOffset() throws {
        let offset = Self.playlist.replacing("12:00:02.000Z", with: "14:00:02.000+0200")
        #expect(try Self.broken(offset).isEmpty)
        #expect(try CheckedPlaylist(Self.playlist).segments[0].date == 1_769_860_800)
    }

    @Test func findingsAreToldAsTextAndJSON() {
        let findings = CheckFindings()
        findings.check(.gzip, false, "a \"quote\"")
        findings.check(.age, true, "")
        #expect(findings.hasFailed)
        #expect(findings.table.contains("fail     playlists come compressed"))
        #expect(findings.table.contains("[0/1]\n             a \"quote\"\n"))
        #expect(findings.json.contains(#""verdict":"fail","passes":0,"failures":1"#))
        #expect(findings.verdict(.reports) == .notSeen)
    }
}

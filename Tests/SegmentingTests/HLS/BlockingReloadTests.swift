import Segmenting
import Testing

struct BlockingReloadTests {
    /// Segments 100 and 101 with six parts each, and two parts of 102.
    private static func growing(partTarget: Int64? = 333_334) -> LivePlaylistFixture {
        var fixture = LivePlaylistFixture([LivePlaylistFixture.video()], partTarget: partTarget)
        fixture.segments(2)
        fixture.begin()
        fixture.part()
        fixture.part()
        return fixture
    }

    private static func decide(
        _ query: String,
        _ fixture: LivePlaylistFixture = growing()
    ) -> BlockingReload.Decision {
        BlockingReload.decide(
            query: query,
            fixture.presentation.renditions[0],
            in: fixture.presentation
        ).decision
    }

    @Test(arguments: [
        "", "a=b", "_HLS_skip=YES", "_HLS_future=x", "_HLS_msn=102&_HLS_part=1",
        "_HLS_msn=102&_HLS_part=0", "_HLS_part=1&_HLS_msn=101", "_HLS_msn=101", "_HLS_msn=0",
        "_HLS_msn=3&_HLS_part=999", "_HLS_msn=101&_HLS_part=6", "_HLS_msn=101&_HLS_part=99",
    ])
    func whatIsThereIsAnsweredAtOnce(query: String) {
        #expect(Self.decide(query) == .now)
    }

    @Test func aPartIsWaitedFor() {
        #expect(Self.decide("_HLS_msn=102&_HLS_part=2") == .wait(segment: 102, part: 2))
        #expect(Self.decide("_HLS_msn=102&_HLS_part=9") == .wait(segment: 102, part: 9))
        #expect(Self.decide("_HLS_msn=103&_HLS_part=0") == .wait(segment: 103, part: 0))
        #expect(Self.decide("_HLS_msn=104&_HLS_part=8") == .wait(segment: 104, part: 8))
    }

    @Test func aPartBehindTheLastOfItsSegmentIsTheFirstOfTheNext() {
        var fixture = Self.growing()
        fixture.end()
        #expect(Self.decide("_HLS_msn=102&_HLS_part=1", fixture) == .now)
        let decision = Self.decide("_HLS_msn=102&_HLS_part=2", fixture)
        #expect(decision == .wait(segment: 103, part: 0))
        fixture.begin()
        #expect(!fixture.presentation.renditions[0].hasReached(segment: 103, part: 0))
        #expect(!fixture.presentation.renditions[0].hasReached(segment: 102, part: 2))
        fixture.part()
        #expect(fixture.presentation.renditions[0].hasReached(segment: 103, part: 0))
        #expect(fixture.presentation.renditions[0].hasReached(segment: 102, part: 2))
        #expect(Self.decide("_HLS_msn=102&_HLS_part=2", fixture) == .now)
    }

    @Test(arguments: [
        ("_HLS_part=0", BlockingReload.BadRequest.partWithoutSegment),
        ("_HLS_msn=105", .segmentTooFarAhead), ("_HLS_msn=105&_HLS_part=0", .segmentTooFarAhead),
        ("_HLS_msn=999999999999999999", .segmentTooFarAhead),
        ("_HLS_msn=102&_HLS_part=11", .partTooFarAhead),
        ("_HLS_msn=103&_HLS_part=9", .partTooFarAhead),
        ("_HLS_msn=102&_HLS_part=999999999", .partTooFarAhead),
        ("_HLS_msn=", .malformedNumber), ("_HLS_msn", .malformedNumber),
        ("_HLS_msn=-1", .malformedNumber), ("_HLS_msn=1.5", .malformedNumber),
        ("_HLS_msn=0x10", .malformedNumber), ("_HLS_msn=+1", .malformedNumber),
        ("_HLS_msn=1000000000000000000", .malformedNumber),
        ("_HLS_msn=101&_HLS_part=1000000000", .malformedNumber),
        ("_HLS_msn=101&_HLS_part=a", .malformedNumber),
        ("_HLS_msn=101&_HLS_msn=101", .repeatedDirective),
        ("_HLS_skip=YES&_HLS_skip=YES", .repeatedDirective),
    ])
    func whatIsWrongIsABadRequest(query: String, reason: BlockingReload.BadRequest) {
        #expect(Self.decide(query) == .badRequest(reason))
    }

    @Test func aLongQueryIsABadRequest() {
        #expect(Self.decide(String(repeating: "a", count: 1024)) == .now)
        #expect(Self.decide(String(repeating: "a", count: 1025)) == .badRequest(.queryTooLong))
    }

    @Test func theAdvanceLimitIsThreeSecondsOfPartsOrThree() {
        func limit(_ target: Int64) -> Int {
            BlockingReload.advancePartLimit(partTargetMilliseconds: target)
        }
        #expect([200, 334, 500, 999, 1000, 4000].map(limit) == [15, 9, 6, 4, 3, 3])
    }

    @Test func anEndedStreamIgnoresDirectives() {
        var fixture = Self.growing()
        fixture.end()
        fixture.presentation.isEnded = true
        for query in ["_HLS_msn=999", "_HLS_part=1", "_HLS_msn=x", "_HLS_msn=103&_HLS_part=0"] {
            #expect(Self.decide(query, fixture) == .now)
        }
    }

    @Test func aRequestWithoutAPartForASegmentNotBegunWaitsForItsFirstPart() {
        var fixture = Self.growing()
        #expect(Self.decide("_HLS_msn=103", fixture) == .wait(segment: 103, part: 0))
        fixture.end()
        #expect(Self.decide("_HLS_msn=103", fixture) == .wait(segment: 103, part: 0))
        fixture.begin()
        #expect(Self.decide("_HLS_msn=103", fixture) == .wait(segment: 103, part: 0))
    }

    @Test func aRequestWithoutAPartForTheOpenSegmentWaitsForItsNextPart() {
        var fixture = Self.growing()
        #expect(Self.decide("_HLS_msn=102", fixture) == .wait(segment: 102, part: 2))
        fixture.end()
        #expect(Self.decide("_HLS_msn=102", fixture) == .now)
    }

    @Test func onlyAnswersThatStayTrueAreLasting() {
        var fixture = Self.growing()
        func isLasting(_ segment: UInt64?, _ part: Int?) -> Bool {
            BlockingReload.isLasting(
                LiveQuery(segment: segment, part: part),
                fixture.presentation.renditions[0]
            )
        }
        #expect(!isLasting(nil, nil))
        #expect(isLasting(102, 1) && isLasting(101, nil))
        #expect(!isLasting(102, nil), "its segment is not complete")
        fixture.end()
        #expect(isLasting(102, nil))
    }

    @Test func aStreamWithoutPartsWaitsForWholeSegments() {
        var fixture = Self.growing(partTarget: nil)
        #expect(Self.decide("_HLS_msn=101", fixture) == .now)
        #expect(Self.decide("_HLS_msn=102", fixture) == .wait(segment: 102, part: nil))
        #expect(Self.decide("_HLS_msn=102&_HLS_part=0", fixture) == .wait(segment: 102, part: nil))
        #expect(Self.decide("_HLS_msn=103", fixture) == .wait(segment: 103, part: nil))
        #expect(Self.decide("_HLS_msn=104", fixture) == .badRequest(.segmentTooFarAhead))
        fixture.end()
        #expect(Self.decide("_HLS_msn=102&_HLS_part=7", fixture) == .now)
    }

    @Test func beforeTheFirstPartEveryNumberIsWaitedFor() {
        var fixture = LivePlaylistFixture([LivePlaylistFixture.video()])
        #expect(Self.decide("_HLS_msn=7", fixture) == .wait(segment: 7, part: 0))
        fixture.begin()
        #expect(Self.decide("_HLS_msn=100&_HLS_part=0", fixture) == .wait(segment: 100, part: 0))
        #expect(Self.decide("", fixture) == .now)
    }

    @Test func theDeltaIsReadWithTheRest() throws {
        #expect(
            try LiveQuery("_HLS_msn=1&_HLS_part=2&_HLS_skip=v2&token=x")
                == LiveQuery(segment: 1, part: 2, delta: .segmentsAndDateRanges)
        )
        #expect(try LiveQuery("_HLS_skip=YES").delta == .segments)
        #expect(try LiveQuery("_HLS_skip=v3") == .none)
        #expect(try LiveQuery("_hls_msn=x") == .none)
    }
}

import Segmenting
import Testing

struct LiveHintTests {
    private static func hints(_ fixture: LivePlaylistFixture) throws -> [[String: String]] {
        try LivePlaylistReader(fixture.text()).hints
    }

    private static func isHinted(
        _ fixture: LivePlaylistFixture,
        _ segment: UInt64,
        _ index: Int,
        token: String = LivePlaylistFixture.token
    ) -> Bool {
        LiveHLS.isHinted(
            part: LiveHLS.PartReference(token: token, segment: segment, index: index),
            of: fixture.presentation.renditions[0],
            in: fixture.presentation
        )
    }

    @Test func everyPartIsHintedBeforeItComes() throws {
        var fixture = LivePlaylistFixture([LivePlaylistFixture.video()])
        fixture.segments(1)
        for _ in 0..<4 {
            fixture.begin()
            for index in 0..<6 {
                let hint = try #require(try Self.hints(fixture).first)
                fixture.part(isIndependent: index == 0)
                let playlist = try LivePlaylistReader(fixture.text())
                let newest = playlist.segments.flatMap(\.parts).last
                #expect(hint["URI"] == newest?.uri)
                #expect(hint["TYPE"] == "PART" && playlist.hints.count == 1)
            }
            fixture.end()
        }
    }

    @Test func aSegmentThatIsLongerThanTheLastKeepsTheHintForTheNext() throws {
        var fixture = LivePlaylistFixture([LivePlaylistFixture.video()])
        fixture.segments(1)
        fixture.begin()
        for _ in 0..<7 { fixture.part() }
        #expect(try Self.hints(fixture).first?["URI"] == "token-0123456789/v0/102.0.m4s")
        #expect(Self.isHinted(fixture, 102, 0) && Self.isHinted(fixture, 101, 7))
    }

    /// Seen with AAC at 48 kHz and video at 25 Hz: 2 s are six parts and a rest, which came unhinted.
    @Test func theShortPartThatEndsEverySegmentIsHintedToo() throws {
        var fixture = LivePlaylistFixture([LivePlaylistFixture.video()])
        for number in 100..<103 {
            fixture.begin()
            for index in 0..<7 {
                if number > 100 {
                    let hint = try Self.hints(fixture).first?["URI"]
                    #expect(hint == "token-0123456789/v0/\(number).\(index).m4s")
                }
                fixture.part(milliseconds: index < 6 ? 320 : 80, isIndependent: index == 0)
            }
            fixture.end()
        }
    }

    @Test func onlyTheNextPartsMayBeWaitedFor() {
        var fixture = LivePlaylistFixture([LivePlaylistFixture.video()])
        #expect(!Self.isHinted(fixture, 100, 0))
        fixture.segments(1)
        #expect(Self.isHinted(fixture, 101, 0))
        #expect(!Self.isHinted(fixture, 100, 6), "its segment has ended")
        fixture.begin()
        #expect(Self.isHinted(fixture, 101, 0) && Self.isHinted(fixture, 102, 0))
        fixture.part()
        #expect(Self.isHinted(fixture, 101, 1) && Self.isHinted(fixture, 102, 0))
        for (segment, index) in [(101, 0), (101, 2), (102, 1), (103, 0), (100, 0)] {
            #expect(!Self.isHinted(fixture, UInt64(segment), index))
        }
        #expect(!Self.isHinted(fixture, 101, 1, token: "another-01234567"))
        fixture.presentation.isEnded = true
        #expect(!Self.isHinted(fixture, 101, 1))
        fixture.presentation.isEnded = false
        fixture.presentation.lowLatency = .none(reason: "gone")
        #expect(!Self.isHinted(fixture, 101, 1))
    }

    @Test func anInitSegmentThatTheNextSegmentNeedsIsHintedToo() throws {
        var fixture = LivePlaylistFixture([LivePlaylistFixture.video()])
        fixture.segments(2)
        let track = fixture.presentation.renditions[0].track
        func reference(_ token: String, _ number: Int) -> LiveRendition.InitializationReference {
            LiveRendition.InitializationReference(token: token, number: number, track: track)
        }
        fixture.presentation.renditions[0].initializations = [reference(fixture.token, 1)]
        #expect(try Self.hints(fixture).map { $0["TYPE"] } == ["PART"])
        let next = "another-01234567"
        fixture.presentation.renditions[0].initializations.append(reference(next, 1))
        #expect(
            try Self.hints(fixture) == [
                ["TYPE": "MAP", "URI": "another-01234567/v0/init-1.mp4"],
                ["TYPE": "PART", "URI": "another-01234567/v0/102.0.m4s"],
            ]
        )
        #expect(Self.isHinted(fixture, 102, 0, token: next) && !Self.isHinted(fixture, 102, 0))
        fixture.token = next
        fixture.begin(isDiscontinuity: true)
        fixture.part()
        #expect(try Self.hints(fixture).map { $0["TYPE"] } == ["PART"])
    }
}

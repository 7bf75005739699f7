import LoadTests
import NIOCore
import Testing

/// The stand-in's live stream, RFC 8216bis §6.2.5.2, at an edge that the test sets.
struct LiveRulesTests {
    private static let resources = LiveResources(
        options: StandInOptions(),
        playlists: LivePlaylistText(options: StandInOptions(), epochMilliseconds: 0),
        bodies: BodyStore()
    )
    private static let edge = PartPosition(number: 20, part: 2)

    private enum Outcome: Equatable {
        case status(Int, String)
        case wait(Int, Int)
    }

    private static func decide(_ name: String, _ query: [String: String] = [:]) -> Outcome {
        switch resources.decide(name[...], query, edge: edge, hasWaited: false) {
        case .wait(let position): .wait(position.number, position.part)
        case .answer(let answer): .status(answer.status, answer.cacheControl)
        }
    }

    private static func reload(_ number: String?, _ part: String?) -> Outcome {
        var query: [String: String] = [:]
        query["_HLS_msn"] = number
        query["_HLS_part"] = part
        return decide("video/media.m3u8", query)
    }

    @Test func reloadsAreHeldRefusedOrAnswered() {
        #expect(Self.reload(nil, nil) == .status(200, "max-age=2"))
        #expect(Self.reload(nil, "1") == .status(400, "max-age=16"))
        #expect(Self.reload("20", "1") == .status(200, "max-age=24"))
        #expect(Self.reload("20", "2") == .wait(20, 2))
        #expect(Self.reload("20", "4") == .wait(21, 0))
        #expect(Self.reload("20", "5") == .status(400, "no-store"))
        #expect(Self.reload("20", nil) == .wait(20, 3))
        #expect(Self.reload("19", nil) == .status(200, "max-age=24"))
        #expect(Self.reload("3", "0") == .status(200, "max-age=24"))
        #expect(Self.reload("22", "0") == .wait(22, 0))
        #expect(Self.reload("23", "0") == .status(400, "no-store"))
        #expect(Self.reload("x", "0") == .status(400, "max-age=16"))
    }

    @Test func onlyTheHintedPartIsHeld() {
        #expect(Self.decide("video/p20.1.m4s") == .status(200, "max-age=24"))
        #expect(Self.decide("video/p20.2.m4s") == .wait(20, 2))
        #expect(Self.decide("video/p20.3.m4s") == .status(404, "no-store"))
        #expect(Self.decide("video/p1.0.m4s") == .status(404, "max-age=4"))
        #expect(Self.decide("video/s19.m4s") == .status(200, "max-age=3600"))
        #expect(Self.decide("video/s20.m4s") == .status(404, "no-store"))
    }

    @Test func thePlaylistKeepsItsOwnRules() throws {
        let text = Self.resources.playlists.media(edge: Self.edge)
        guard case .media(let media) = try Playlist(text) else {
            Issue.record("the stand-in's playlist is no media playlist")
            return
        }
        #expect(media.nextSequenceNumber == 20)
        #expect(media.content.mediaSequenceNumber == 5)
        #expect(media.content.trailingParts.count == 2)
        #expect(media.content.hintAddress == "p20.2.m4s")
        // Parts no further than three target durations from the end.
        #expect(media.parts(ofSegment: 16)?.isEmpty == true)
        #expect(media.parts(ofSegment: 17)?.count == 4)
        #expect(LiveTrack.tuneIn(media) == PartPosition(number: 19, part: 0))
        #expect(text.contains("#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:20.000Z"))
    }

    @Test func datesAreRight() {
        #expect(UTCDate.text(milliseconds: 0) == "1970-01-01T00:00:00.000Z")
        #expect(UTCDate.text(milliseconds: 951_782_400_123) == "2000-02-29T00:00:00.123Z")
        #expect(UTCDate.text(milliseconds: 1_798_761_599_999) == "2026-12-31T23:59:59.999Z")
    }

    @Test func aSegmentIsItsParts() {
        func body(_ name: String) -> ByteBuffer {
            guard
                case .answer(let answer) = Self.resources.decide(
                    name[...],
                    [:],
                    edge: Self.edge,
                    hasWaited: false
                )
            else { return ByteBuffer() }
            return answer.body
        }
        var parts = ByteBuffer()
        for part in 0..<4 { parts.writeImmutableBuffer(body("video/p19.\(part).m4s")) }
        #expect(parts == body("video/s19.m4s"))
        #expect(parts.readableBytes == 100_000)
    }
}

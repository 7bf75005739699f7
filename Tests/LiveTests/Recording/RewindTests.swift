import Foundation
import ISOBMFF
import Live
import MediaHTTP
import NIOCore
import Segmenting
import TestSupport
import Testing

struct RewindTests {
    private static let token = "tokentokentoken1"

    /// Segments of two seconds of one tiny part each.
    private func long(
        _ media: RecordedMedia,
        count: UInt64
    ) throws -> [RecordedMedia.Event] {
        let model = try media.events()
        var events = model.filter { event in
            if case .initialization = event.action { true } else { false }
        }
        for number in 0..<count {
            for event in model {
                guard case .initialization(let it) = event.action else { continue }
                let id = it.track.id
                let ticks = Int64(it.track.timescale) * 2
                events.append(
                    .init(
                        action: .segmentBegan(
                            SegmentStart(
                                track: id,
                                number: number,
                                discontinuitySequence: 0,
                                isDiscontinuity: false,
                                initializationNumber: 1,
                                decodeTime: Int64(number) * ticks,
                                programDateTime: 1_700_000_000_000_000 + Int64(number) * 2_000_000,
                                isIndependent: true
                            )
                        )
                    )
                )
                let part = LivePart(
                    track: id,
                    segmentNumber: number,
                    index: 0,
                    decodeTime: Int64(number) * ticks,
                    duration: ticks,
                    isIndependent: true,
                    header: [],
                    payload: [],
                    descriptionIndexOffset: 0,
                    arrivalMicroseconds: 0
                )
                events.append(
                    .init(
                        action: .part(part),
                        bytes: ByteBuffer(repeating: UInt8(truncatingIfNeeded: number), count: 40)
                    )
                )
                events.append(
                    .init(
                        action: .segmentEnded(
                            SegmentEnd(track: id, number: number, duration: ticks)
                        )
                    )
                )
            }
        }
        return events
    }

    @Test func fourHoursSlideInStepAndCostLittle() async throws {
        let recording = try RecordingFixture()
        let events = try long(try await RecordedMedia("basic"), count: 7300)
        let archive = try recording.archive()
        archive.begin(
            token: Self.token,
            startMicroseconds: 1_700_000_000_000_000,
            continuation: LiveContinuation()
        )
        let clock = ContinuousClock()
        let all = await clock.measure {
            for event in events {
                archive.receive(event.action, bytes: event.bytes)
                if case .segmentEnded(let end) = event.action, end.number % 500 == 0 {
                    await RecordingFixture.written(archive)
                }
            }
            await RecordingFixture.written(archive)
        }
        let index = archive.status.windowMemoryBytes
        var text = ""
        let made = try clock.measure { text = try recording.text() }
        let lines = text.split(separator: "\n")
        #expect(lines.filter { $0.hasSuffix(".m4s") }.count == 7200)
        #expect(lines.contains("#EXT-X-MEDIA-SEQUENCE:100"))
        #expect(try recording.text(.init(.audio)).contains("#EXT-X-MEDIA-SEQUENCE:100\n"))
        #expect(lines.filter { $0.hasPrefix("#EXT-X-MAP") }.count == 1)
        #expect(!text.contains("ENDLIST"))
        // What left the playlist can be had for a while.
        let video = LiveTrackID(.video)
        #expect(archive.segment(token: Self.token, track: video, number: 99) != nil)
        #expect(archive.segment(token: Self.token, track: video, number: 10) == nil)
        // Three texts of the same: lines are appended, not rendered again.
        let more = try long(try await RecordedMedia("basic"), count: 7301).suffix(6)
        for event in more { archive.receive(event.action, bytes: event.bytes) }
        await RecordingFixture.written(archive)
        var next = ""
        let again = try clock.measure { next = try recording.text() }
        #expect(next.contains("#EXT-X-MEDIA-SEQUENCE:101\n") && next.contains("/7300.m4s\n"))
        #expect(next.split(separator: "\n").filter { $0.hasSuffix(".m4s") }.count == 7200)
        print(
            "window: \(text.utf8.count) bytes of text, first \(made), next \(again),",
            "index \(index / 14_600) bytes a segment, \(all / 14_600) a segment written"
        )
        #expect(index / 14_600 < 40)
        archive.end()
        recording.advance(seconds: 31)
        #expect(try recording.text().hasSuffix("#EXT-X-ENDLIST\n"))
    }

    @Test func aClipIsAWholePlaylistOfItsSegments() async throws {
        let recording = try RecordingFixture()
        let events = try long(try await RecordedMedia("basic"), count: 100)
        try await recording.publish(events, ends: false)
        let archive = try recording.archive()
        let clip = try #require(try RewindClip(query: "start=11&end=19.5&x=1"))
        let video = LiveTrackID(.video)
        let text = String(buffer: try #require(archive.clipPlaylist(video, clip: clip)).identity)
        let names = text.split(separator: "\n").filter { $0.hasSuffix(".m4s") }
        #expect(
            names.map { $0.split(separator: "/").last } == [
                "5.m4s", "6.m4s", "7.m4s", "8.m4s", "9.m4s",
            ]
        )
        #expect(text.contains("#EXT-X-PLAYLIST-TYPE:VOD\n") && text.hasSuffix("#EXT-X-ENDLIST\n"))
        let master = try #require(archive.clipMultivariant(clip))
        let query = "?start=2023-11-14T22:13:31.000Z&end=2023-11-14T22:13:39.500Z"
        #expect(String(buffer: master.identity).contains("v0.m3u8\(query)\n"))
        let same = try #require(try RewindClip(query: query.dropFirst()))
        #expect(archive.clipPlaylist(video, clip: same)?.identity == ByteBuffer(string: text))
        let outside = RewindClip(start: .offset(900_000_000), end: nil)
        #expect(archive.clipPlaylist(video, clip: outside) == nil)
    }

    @Test(arguments: [
        "start=x", "start=1&start=2", "end=", "start=2&end=2", "start=2023-13-14T22:13:31Z",
        "start=99999999999", "end=1.1234567",
    ])
    func aClipThatThereCannotBeIsRefused(query: String) {
        #expect(throws: RewindClip.Failure.self) { try RewindClip(query: query) }
    }

    @Test func aQueryWithoutAClipIsNone() throws {
        #expect(try RewindClip(query: "") == nil)
        #expect(try RewindClip(query: "token=abc") == nil)
    }
}

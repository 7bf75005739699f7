import Live
import MediaHTTP
import NIOCore
import NIOPosix
import Segmenting
import TestSupport
import Testing

/// What viewers get of a stream whose origin was killed and started again.
@Suite(.timeLimit(.minutes(1)))
struct RestartedStreamTests {
    private static let token = "tokentokentoken1"
    private let video = LiveTrackID(.video)
    private let audio = LiveTrackID(.audio)

    private func stream(
        _ recording: RecordingFixture,
        _ continuation: LiveContinuation = LiveContinuation()
    ) throws -> LiveStream {
        LiveStream(
            id: "cam",
            continuation: continuation,
            targetDurationSeconds: 2,
            rendering: SegmentingRendering(),
            archive: try recording.archive(),
            limits: LiveStoreLimits(),
            clock: ManualClock(),
            keep: { _, _ in }
        )
    }

    private func text(_ stream: LiveStream, _ track: LiveTrackID) throws -> String {
        String(buffer: try #require(stream.edition).playlist(track, skip: .none).identity)
    }

    private func occurrences(of part: String, in text: String) -> Int {
        text.split(separator: part, omittingEmptySubsequences: false).count - 1
    }

    /// A publish that a kill cut: of the last segment each track has its first part alone.
    private func cut(_ recording: RecordingFixture) async throws -> (last: UInt64, LiveStream) {
        let events = try await RecordedMedia("basic").events()
        let last = try #require(events.segments.map(\.number).max())
        var killed: [SegmenterAction] = []
        for event in events {
            switch event.action {
            case .part(let part) where part.segmentNumber == last && part.index > 0: continue
            case .segmentEnded(let end) where end.number == last: continue
            default: killed.append(event.action)
            }
        }
        let before = try stream(recording)
        _ = before.beginPublish(token: Self.token, startMicroseconds: 1_700_000_000_000_000)
        #expect(before.apply(killed, token: Self.token) == .taken)
        await RecordingFixture.written(try recording.archive())
        return (last, before)
    }

    @Test func thePlaylistStaysUntilTheEncoderIsBackAndGoesOn() async throws {
        let recording = try RecordingFixture { $0.targetDurationSeconds = 2 }
        let (last, before) = try await cut(recording)
        let told = try text(before, video)
        try recording.open()
        // As what was kept on disk is read: room for what was not written.
        let after = try stream(
            recording,
            LiveContinuation(nextSegmentNumber: last + 3, discontinuitySequence: 1)
        )
        #expect(after.edition == nil)
        after.restore()
        let restored = try text(after, video)
        #expect(!restored.contains("ENDLIST"))
        for number in 0..<last {
            #expect(restored.contains("/\(number).m4s"))
            #expect(told.contains("/\(number).m4s"))
        }
        // What was open is whole now.
        #expect(restored.contains("/\(last).m4s"))
        #expect(try text(after, audio).contains("/\(last).m4s"))
        let master = String(buffer: try #require(after.edition).multivariant.identity)
        #expect(master.contains("v0.m3u8"))
        guard
            case .stored(let body) = after.segment(
                token: Self.token,
                track: video,
                number: last,
                on: nil,
                respond: { _, _ in .error(status: 500, code: "", message: "") }
            )
        else {
            Issue.record("the segment is not on the disk")
            return
        }
        #expect(try !body.readAll().isEmpty)
        try await goOn(after, last)
    }

    /// The encoder is back, with numbers that leave some out.
    private func goOn(_ stream: LiveStream, _ last: UInt64) async throws {
        let next = "tokentokentoken2"
        let continuation = stream.beginPublish(
            token: next,
            startMicroseconds: 1_700_000_060_000_000
        )
        #expect(continuation.nextSegmentNumber == last + 3)
        let more = try await RecordedMedia("basic").events(
            firstNumber: last + 3,
            discontinuitySequence: 2,
            isDiscontinuity: true,
            startMicroseconds: 1_700_000_060_000_000
        )
        #expect(stream.apply(more.map(\.action), token: next) == .taken)
        for track in [video, audio] {
            let text = try text(stream, track)
            #expect(text.contains("#EXT-X-MEDIA-SEQUENCE:0\n"))
            #expect(text.contains("\(next)/\(track.name)/\(last + 3).m4s"))
            // No number is left out, and the sequence of discontinuities is the next publish's.
            #expect(occurrences(of: "#EXT-X-GAP\n", in: text) == 2)
            #expect(occurrences(of: "#EXT-X-DISCONTINUITY\n", in: text) == 2)
            #expect(occurrences(of: "#EXTINF:", in: text) == Int(last) + 3 + more.segmentCount)
        }
    }

    @Test func numbersThatAreFarAheadBeginAnew() async throws {
        let recording = try RecordingFixture { $0.targetDurationSeconds = 2 }
        let (last, _) = try await cut(recording)
        try recording.open()
        let after = try stream(recording, LiveContinuation(nextSegmentNumber: last + 1000))
        after.restore()
        _ = after.beginPublish(token: "tokentokentoken2", startMicroseconds: 1_700_000_060_000_000)
        #expect(after.edition == nil)
    }

    @Test func aKillLeavesTheOpenSegmentInTheRewindWindow() async throws {
        let recording = try RecordingFixture { $0.targetDurationSeconds = 2 }
        let (last, _) = try await cut(recording)
        let before = try recording.text()
        try recording.open()
        let after = try recording.text()
        #expect(after.hasPrefix(before) && !before.contains("/\(last).m4s"))
        #expect(after.contains("/\(last).m4s"))
    }
}

extension [RecordedMedia.Event] {
    /// Of one track.
    fileprivate var segmentCount: Int { Set(segments.map(\.number)).count }
}

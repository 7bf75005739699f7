import Foundation
import Live
import Packaging
import Segmenting
import TestSupport
import Testing

struct RecordingCrashTests {
    private static let token = "tokentokentoken1"
    private static let id = "cam-20231114T221320Z"

    /// A publish that did not end, as a kill leaves it: all that was told is written.
    private func interrupted(_ events: [RecordedMedia.Event]) async throws -> RecordingFixture {
        let recording = try RecordingFixture()
        try await recording.publish(events, ends: false)
        return recording
    }

    @Test func aRestartMakesAVideoOfWhatAKillLeftAndBringsTheWindowBack() async throws {
        let events = try await RecordedMedia("basic").events()
        let recording = try await interrupted(events)
        let before = try recording.text()
        try recording.open()
        #expect(try recording.store.finished.map(\.id) == [Self.id])
        #expect(try recording.store.finished.map(\.isComplete) == [false])
        #expect(try recording.asset(Self.id).tracks.count == 2)
        #expect(try recording.text() == before)
        for segment in events.segments {
            let body = try recording.archive().segment(
                token: Self.token,
                track: segment.track,
                number: segment.number
            )
            #expect(try body?.readAll() == segment.bytes)
        }
        let map = try recording.archive().initialization(
            token: Self.token,
            track: LiveTrackID(.video),
            number: 1
        )
        #expect(map != nil)
        // Another start finds it as it is.
        try recording.open()
        #expect(try recording.store.finished.count == 1)
        #expect(try recording.text() == before)
        // The next publish goes on in the same playlist.
        let last = try #require(events.segments.map(\.number).max())
        let more = try await RecordedMedia("basic").events(
            firstNumber: last + 65,
            discontinuitySequence: 1,
            isDiscontinuity: true,
            startMicroseconds: 1_700_000_060_000_000
        )
        try await recording.publish(
            more,
            token: "tokentokentoken2",
            startMicroseconds: 1_700_000_060_000_000
        )
        let text = try recording.text()
        #expect(text.hasPrefix(before))
        #expect(text.contains("#EXT-X-DISCONTINUITY\n"))
        #expect(text.contains("#EXT-X-MEDIA-SEQUENCE:0\n"))
    }

    @Test func aKillAtAnyByteLosesAtMostTheLastPart() async throws {
        let events = try await RecordedMedia("basic").events()
        let recording = try await interrupted(events)
        let source = recording.folder.path("live")
        let journal = try Data(contentsOf: URL(fileURLWithPath: source + "/cam/\(Self.id)/journal"))
        let path = "cam/\(Self.id)/"
        let audio = try #require(events.parts.last { $0.track.kind == .audio })
        for cut in stride(from: 0, through: 140, by: 7) {
            let copy = try TemporaryFolder()
            try FileManager.default.copyItem(atPath: source, toPath: copy.path("live"))
            try journal.dropLast(cut).write(
                to: URL(fileURLWithPath: copy.path("live/" + path + "journal"))
            )
            let sound = URL(fileURLWithPath: copy.path("live/" + path + "media/a0.mp4"))
            let bytes = try Data(contentsOf: sound)
            let lost = min(cut * 3, audio.sizeBytes)
            try bytes.dropLast(lost).write(to: sound)
            let restored = try RecordingFixture {
                $0.folder = copy.path("live")
                $0.libraryFolder = copy.path("media")
            }
            let video = try #require(try restored.store.finished.first)
            let total = events.segments.reduce(0) { $0 + $1.bytes.count }
            let files = 2 * 16_384
            // By the journal's cut two records of parts may be gone, by the file's one part.
            let most = events.parts.suffix(3).reduce(0) { $0 + $1.sizeBytes }
            #expect(Int(video.sizeBytes) - files <= total)
            #expect(Int(video.sizeBytes) - files >= total - most)
            for name in video.files {
                let file = copy.path("media/\(Self.id)/\(name)")
                try await Tool.run("ffprobe", ["-v", "error", "-show_packets", file])
            }
        }
    }

    @Test func aDamagedJournalIsLeftAloneAndToldOf() async throws {
        let folder = try TemporaryFolder()
        try folder.write("live/cam/\(Self.id)/journal", Array("nonsense".utf8))
        try folder.write("live/cam/\(Self.id)/media/v0.mp4", [UInt8](repeating: 7, count: 99))
        let recording = try RecordingFixture {
            $0.folder = folder.path("live")
            $0.libraryFolder = folder.path("media")
        }
        #expect(try recording.store.finished.isEmpty)
        #expect(try folder.names().contains("live"))
    }
}

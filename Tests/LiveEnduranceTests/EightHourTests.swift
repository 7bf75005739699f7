import Foundation
import Live
import Logging
import OriginServer
import Platform
import Segmenting
import Synchronization
import TestSupport
import Testing

/// A working day of one publisher in about a minute.
///
/// ffmpeg pushes as fast as the origin takes it,
/// over a real socket to the real publisher's thread, with low latency, the rewind window and the
/// recording on; time is the stream's own. A module of its own, as it measures its process.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct EightHourTests {
    private static let hours = 8
    private static let sourceSeconds = 20.48
    private static let sourcePictures = 512
    private static let sourceAudioFrames = 960
    private static let repeats = Int(Double(hours) * 3600 / sourceSeconds) + 1
    /// From the second hour to the last; the rewind window's index grows until the fourth.
    private static let growthBytes = 6 << 20
    /// What the encoder's sound is ahead of its own timestamps, or behind.
    private static let driftPPM = 100
    private static let audioFrameMicroseconds: Int64 = 21_334
    private static let allowedMicroseconds: Int64 = 40_000

    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// What an hour left behind.
    private struct Mark: Sendable {
        var hour: Int
        var anonymousBytes: Int
        var segments: Int
    }

    private static func hub(
        _ clock: StreamClock,
        _ folder: TemporaryFolder
    ) throws -> (LiveHub, RecordingStore) {
        let recordings = try RecordingStore(
            configuration: RecordingConfiguration(
                folder: folder.path("live"),
                libraryFolder: folder.path("media")
            ),
            rendering: .live,
            logger: logger,
            now: { clock.wallMicroseconds }
        )
        let hub = LiveHub(
            configuration: LiveHubConfiguration(),
            parts: LiveHub.Parts(
                rendering: SegmentingRendering(),
                stages: .standard(SegmenterConfiguration()),
                clock: clock,
                makeArchive: { recordings.archive(for: $0) }
            ),
            logger: logger
        )
        return (hub, recordings)
    }

    /// Twenty seconds of small pictures and sound, which ffmpeg repeats without a seam.
    private func source(_ folder: TemporaryFolder, drift: Int) async throws -> String {
        let file = folder.path("source.flv")
        // As an encoder's clock that is not its sound card's.
        let drifting = "setts=ts=TS*(1+\(drift)/1000000)"
        try await Tool.ffmpeg(
            ["-f", "lavfi", "-i", "testsrc2=s=160x90:r=25"]
                + ["-f", "lavfi", "-i", "sine=r=48000"]
                + ["-frames:v", "\(Self.sourcePictures)", "-frames:a", "\(Self.sourceAudioFrames)"]
                + ["-bsf:v", drifting, "-bsf:a", drifting]
                + ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "50"]
                + ["-b:v", "20k", "-c:a", "aac", "-b:a", "16k", "-ac", "1", file]
        )
        return file
    }

    @Test(arguments: [driftPPM, -driftPPM])
    func memoryIsFlatAndSoundStaysWithItsTimestamps(drift: Int) async throws {
        let folder = try TemporaryFolder()
        let clock = StreamClock()
        let (hub, recordings) = try Self.hub(clock, folder)
        let marks = Mutex<[Mark]>([])
        let ingest = TimedIngest(hub, clock) { hour in
            let segments = hub.stream("cam")?.edition?.presentation.renditions
                .map(\.segments.count).max()
            let mark = Mark(
                hour: hour,
                anonymousBytes: ProcessMemory.anonymousBytes(),
                segments: segments ?? 0
            )
            marks.withLock { $0.append(mark) }
        }
        let server = RTMPServer(
            configuration: RTMPConfiguration(listen: ListenAddress(host: "127.0.0.1", port: 0)),
            authority: ingest,
            ingest: ingest,
            logger: Self.logger
        )
        let port = try #require(try server.start().plain?.port)
        try await Tool.ffmpeg(
            ["-stream_loop", "\(Self.repeats)", "-i", try await source(folder, drift: drift)]
                + ["-c", "copy", "-f", "flv", "rtmp://127.0.0.1:\(port)/live/cam"]
        )
        #expect(await ingest.ends.first { _ in true } == .unpublished)
        server.stop()
        try check(marks.withLock { $0 })
        try checkSound(ingest)
        await recordings.stop()
    }

    private func check(_ marks: [Mark]) throws {
        #expect(marks.map(\.hour) == Array(1...Self.hours))
        // About a minute, whatever the hour.
        #expect(marks.allSatisfy { (20...40).contains($0.segments) }, "\(marks)")
        let growth = try #require(marks.last).anonymousBytes - marks[1].anonymousBytes
        let lines = marks.map { "\($0.hour) h: \($0.anonymousBytes / 1024) KiB" }
        #expect(growth < Self.growthBytes, "\(lines)")
    }

    /// Counted from its frames alone it would be 2.88 s off by the end.
    private func checkSound(_ ingest: TimedIngest) throws {
        let edition = try #require(ingest.hub.stream("cam")?.edition)
        let sound = try #require(
            edition.presentation.renditions.first { $0.track.id == LiveTrackID(.audio) }
        )
        let last = try #require(sound.segments.last)
        let ticks = Int64(last.start.decodeTime) + last.duration
        let end = ticks * 1_000_000 / Int64(last.timescale)
        let expected = ingest.lastAudioMilliseconds * 1000 + Self.audioFrameMicroseconds
        #expect(abs(end - expected) < Self.allowedMicroseconds + Self.audioFrameMicroseconds)
    }
}

/// The memory of this process.
private enum ProcessMemory {
    /// Of what no file backs; 0 where the kernel does not say.
    static func anonymousBytes() -> Int {
        let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = text?.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }
}

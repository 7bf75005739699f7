import TestSupport
import Testing

extension LiveFaults {
    @Suite(.timeLimit(.minutes(4)))
    struct RestartTests {
        @Test func aCrashTakesNumbersBackNeverAndTheWindowNotAtAll() async throws {
            let first = try await LiveOrigin()
            let encoder = try await Encoder(to: first)
            var live = PlaylistWatch()
            try await first.watch(&live, until: "two segments") { $0.segments.count >= 2 }
            let windowBefore = try #require(try await first.playlist("dvr/v0"))
            let shown = try #require(try await first.playlist())
            await first.kill()
            _ = await encoder.end()

            let second = try await LiveOrigin(in: first.folder)
            // Viewers are there before the encoder is.
            let waiting = try await second.get("/live/cam/dvr/master.m3u8")
            #expect(waiting.status == 200, "\(waiting.text)")
            let again = try await Encoder(to: second)
            try await second.watch(&live, until: "a segment of the second publish") {
                !$0.segments.isEmpty
            }
            #expect(live.faults == [])
            var window = PlaylistWatch()
            window.take(windowBefore)
            try await eventually("the window has both publishes") {
                guard let playlist = try await second.playlist("dvr/v0") else { return false }
                window.take(playlist)
                return Set(playlist.segments.map(LivePlaylist.publish)).count == 2
            }
            #expect(window.faults == [])
            let old = try #require(windowBefore.segments.first)
            let segment = try await second.get("/live/cam/dvr/" + old.address)
            #expect(segment.status == 200, "what the window had is still there")
            await again.stop()
            try await second.expectDecodes(2)
            // What players were shown is recorded, but for one part at most.
            let recording = try #require(try second.videos().first)
            let frames = try await ProbedFile(recording, stream: "v:0").packets.count
            let lost = shown.seconds - Double(frames) / 30
            #expect(lost <= (shown.partTarget ?? 0) + 0.05, "\(lost) s are lost")
            await second.stop()
        }

        @Test func atATerminationPublishersEndAndTheRecordingIsComplete() async throws {
            let origin = try await LiveOrigin()
            let encoder = try await Encoder(to: origin)
            try await origin.hasSegments(1)
            let (status, time) = await origin.stop()
            #expect(status == 0 && time < .seconds(20))
            #expect(origin.log.contains("complete=true"), "\(origin.log)")
            #expect(!origin.log.contains("complete=false"))
            _ = await encoder.end()
            try await origin.expectDecodes(1)
        }
    }
}

import TestSupport
import Testing

extension LiveInteropTests.Players {
    @Suite(.timeLimit(.minutes(2)))
    struct LivePlaybackTests {
        /// At their edge and in their rewind window, as HLS and as DASH.
        private static let manifests = [
            "/master.m3u8", "/dvr/master.m3u8", "/manifest.mpd", "/manifest.mpd?segments=timeline",
        ]

        @Test(arguments: manifests)
        func ffmpegPlaysWhatFFmpegPushes(_ manifest: String) async throws {
            let broadcast = try Broadcast.running
            for place in broadcast.places {
                try await playlist(place + "/v0.m3u8", with: 2)
                #expect(try await Playing.pictures(place + manifest) == 90, "\(place)")
            }
        }

        @Test func gStreamerPlaysWhatFFmpegPushes() async throws {
            let broadcast = try Broadcast.running
            for place in broadcast.places {
                try await playlist(place + "/v0.m3u8", with: 2)
                try await Playing.gStreamer(place + "/master.m3u8", pictures: 60)
            }
        }

        @Test func bothPlayWhatGStreamerPushes() async throws {
            let broadcast = try Broadcast.running
            let encoder = try Encoder.gStreamer(to: broadcast.origin.ingest + "/gst")
            try await encoder.pushing {
                let stream = broadcast.edge.base + "/live/gst"
                try await playlist(stream + "/v0.m3u8", with: 2)
                try await fetched(stream + "/v0.m3u8") { $0.contains("#EXT-X-PART:") }
                #expect(try await Playing.pictures(stream + "/master.m3u8") == 90)
                try await Playing.gStreamer(stream + "/master.m3u8", pictures: 60)
            }
        }

        @Test func whatWasLiveIsAVideoWhenItsEncoderStops() async throws {
            let broadcast = try Broadcast.running
            let address = broadcast.origin.ingest + "/short"
            try await Encoder.ffmpeg(to: address, ["-t", "7"]).pushing {
                let stream = broadcast.edge.base + "/live/short"
                try await playlist(stream + "/v0.m3u8", with: 0)
                let id = try #require(try await status("recording", of: stream))
                let video = "\(broadcast.edge.base)/videos/\(id)/hls/master.m3u8"
                try await fetched(video) { $0.contains("#EXT-X-STREAM-INF") }
                #expect(try await Playing.pictures(video, seconds: 60) == 210)
            }
        }
    }
}

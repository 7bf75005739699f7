import TestSupport
import Testing

extension LiveInteropTests.Encoders {
    /// Codecs that classic FLV has no numbers for, by an ffmpeg that knows their names.
    @Suite(.timeLimit(.minutes(2)))
    struct EnhancedRTMPPushTests {
        private static let x265 = [
            "-c:v", "libx265", "-preset", "ultrafast", "-tune", "zerolatency", "-x265-params",
            "log-level=none:scenecut=0:keyint=60:min-keyint=60",
        ]
        private static let av1 = [
            "-c:v", "libsvtav1", "-preset", "12", "-b:v", "0", "-svtav1-params",
            "pred-struct=1:lookahead=0", "-c:a", "libopus",
        ]

        @Test(arguments: [("hevc", "hvc1", x265), ("av1", "av01", av1)])
        func newCodecsAreServedAndDecoded(
            _ name: String,
            _ fourCC: String,
            _ options: [String]
        ) async throws {
            let broadcast = try Broadcast.running
            let encoder = try Encoder.ffmpeg(
                try await Encoder.newFFmpeg(),
                to: "\(broadcast.origin.ingest)/\(name)",
                options
            )
            try await encoder.pushing {
                let stream = broadcast.edge.base + "/live/" + name
                try await playlist(stream + "/v0.m3u8", with: 2)
                let master = try await fetched(stream + "/master.m3u8") {
                    $0.contains("CODECS=\"\(fourCC).")
                }
                #expect(master.contains(name == "av1" ? ",opus\"" : ",mp4a.40.2\""))
                #expect(try await Playing.codecs(stream + "/master.m3u8").contains(name))
                #expect(try await Playing.pictures(stream + "/master.m3u8") == 90)
            }
        }
    }
}

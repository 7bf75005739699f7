import Live
import TestSupport
import Testing

/// Real encoders push.
struct RTMPPushTests {
    private static let video = [
        "-re", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=30", "-f", "lavfi", "-i", "sine=r=48000",
        "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "30",
        "-c:a", "aac", "-t", "2", "-f", "flv",
    ]

    @Test func ffmpegPublishes() async throws {
        let server = try TestServer()
        let address = server.address() + "?token=a"
        try await Tool.ffmpeg(Self.video + [address])
        let record = try await server.ingest.record { !$0.ends.isEmpty }
        #expect(record.ends == [.unpublished])
        let attempt = try #require(record.attempts.first)
        #expect(attempt.key == "right-key")
        #expect(attempt.query == "token=a")
        #expect(attempt.application == "live")
        #expect(attempt.clientAddress == "127.0.0.1")
        #expect(!attempt.encoder.isEmpty)
        #expect(!attempt.isSecure)
        // 60 frames and their header; 2 s of 1024 samples each; onMetaData.
        #expect(record.count(.video) >= 61)
        #expect(record.count(.audio) >= 90)
        #expect(record.count(.data) >= 1)
        let times = record.messages.filter { $0.kind == .video }.map(\.timestamp)
        #expect(times == times.sorted())
        #expect((1900...2100).contains(times.last ?? 0))
        let statistics = server.server.statistics
        #expect(statistics.publishCount == 1)
        #expect(statistics.mediaMessageCount == UInt64(record.messages.count))
        #expect(statistics.guardRefusalCount == 0)
    }

    @Test func ffmpegPublishesOverTLS() async throws {
        let folder = try TemporaryFolder()
        let certificate = (chain: folder.path("a.pem"), key: folder.path("a.key"))
        try await Tool.run(
            "openssl",
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
                + ["-subj", "/CN=localhost", "-days", "2"]
                + ["-keyout", certificate.key, "-out", certificate.chain]
        )
        let server = try TestServer(certificate: certificate)
        let address = "rtmps://127.0.0.1:\(server.tlsPort)/live/right-key"
        try await Tool.ffmpeg(Self.video + [address])
        let record = try await server.ingest.record { !$0.ends.isEmpty }
        #expect(record.ends == [.unpublished])
        #expect(record.attempts.first?.isSecure == true)
        #expect(record.count(.video) >= 61)
        #expect(record.count(.audio) >= 90)
    }

    @Test func gstreamerPublishes() async throws {
        let server = try TestServer()
        try await Tool.run(
            "gst-launch-1.0",
            ["-q", "flvmux", "name=mux", "streamable=true", "!", "rtmp2sink"]
                + ["location=\(server.address())"]
                + ["videotestsrc", "num-buffers=60", "!", "video/x-raw,width=320,height=180"]
                + ["!", "openh264enc", "!", "h264parse", "!", "mux."]
        )
        let record = try await server.ingest.record { !$0.ends.isEmpty }
        #expect(record.attempts.first?.key == "right-key")
        #expect(record.count(.video) >= 60)
        #expect(server.server.statistics.guardRefusalCount == 0)
    }

    @Test func aWrongKeyIsSaidByFFmpeg() async throws {
        let server = try TestServer()
        let failure = await #expect(throws: Tool.Failed.self) {
            try await Tool.ffmpeg(Self.video + [server.address(key: "wrong")])
        }
        #expect(failure?.description.contains("The stream key is not known here") == true)
        #expect(server.ingest.current.ends.isEmpty)
        #expect(await holds { server.server.statistics.refusals[.unknownKey] == 1 })
    }

    @Test func aWrongApplicationIsSaidByFFmpeg() async throws {
        let server = try TestServer()
        let address = "rtmp://127.0.0.1:\(server.port)/other/right-key"
        let failure = await #expect(throws: Tool.Failed.self) {
            try await Tool.run("ffmpeg", ["-v", "verbose", "-nostdin"] + Self.video + [address])
        }
        #expect(failure?.description.contains("There is no such application here") == true)
        #expect(await holds { server.server.statistics.refusals[.unknownApplication] == 1 })
    }

    @Test func playingIsRefused() async throws {
        let server = try TestServer()
        await #expect(throws: Tool.Failed.self) {
            try await Tool.ffmpeg(["-i", server.address(), "-t", "1", "-f", "null", "-"])
        }
        #expect(await holds { server.server.statistics.refusals[.playback] == 1 })
    }
}

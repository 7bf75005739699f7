import TestSupport
import Testing

extension LiveInteropTests.Encoders {
    /// Encoders that come, go, come back, and have no business here.
    @Suite(.timeLimit(.minutes(2)))
    struct LivePublishingTests {
        @Test func anEncoderThatComesBackGoesOnWithTheNumbers() async throws {
            let broadcast = try Broadcast.running
            let address = broadcast.origin.ingest + "/back"
            let video = broadcast.edge.base + "/live/back/v0.m3u8"
            let last = try await Encoder.ffmpeg(to: address).pushing {
                try await playlist(video, with: 1)
            }
            #expect(!last.contains("#EXT-X-DISCONTINUITY\n"))
            try await Encoder.ffmpeg(to: address).pushing {
                try await playlist(video, with: 4)
                let text = try await fetched(video) { $0.contains("#EXT-X-DISCONTINUITY\n") }
                #expect(tag("#EXT-X-MEDIA-SEQUENCE", in: text) == "0")
                #expect(text.ranges(of: "#EXT-X-DISCONTINUITY\n").count == 1)
                #expect(text.ranges(of: "#EXT-X-MAP:").count == 2)
                #expect(!text.contains("#EXT-X-ENDLIST"))
                let behind = text.split(separator: "#EXT-X-DISCONTINUITY\n")
                #expect(behind.count == 2 && behind[1].contains("#EXT-X-MAP:"))
            }
        }

        @Test func aWrongKeyIsRefusedInTheProtocolsWords() async throws {
            try await withLive(["MILLRACE_LIVE_KEYS": "right=cam"]) { origin, _ in
                let refused = try Encoder.ffmpeg(
                    to: origin.ingest + "/wrong",
                    ["-loglevel", "verbose"]
                )
                let end = await refused.end()
                let said = String(decoding: end.standardError, as: UTF8.self)
                #expect(end.status != 0 && !end.wasTooSlow)
                #expect(said.contains("Server error: "), "\(said)")
                #expect(await fetched(origin.media + "/live/wrong/master.m3u8").isEmpty)
                try await Encoder.ffmpeg(to: origin.ingest + "/right").pushing {
                    try await fetched(origin.media + "/live/cam/master.m3u8") {
                        $0.contains("v0.m3u8")
                    }
                }
            }
        }

        @Test func ffmpegPushesOverTLS() async throws {
            let folder = try TemporaryFolder()
            let (certificate, key) = (folder.path("origin.pem"), folder.path("origin.key"))
            try await Tool.run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                    "-nodes", "-keyout", key, "-out", certificate, "-subj", "/CN=localhost",
                ]
            )
            let options = [
                "MILLRACE_LIVE_RTMPS_LISTEN": "127.0.0.1:0",
                "MILLRACE_LIVE_RTMPS_CERTIFICATE": certificate, "MILLRACE_LIVE_RTMPS_KEY": key,
            ]
            try await withLive(options) { origin, edge in
                let address = try #require(origin.secureIngest) + "/cam"
                try await Encoder.ffmpeg(to: address).pushing {
                    let stream = edge.base + "/live/cam"
                    try await playlist(stream + "/v0.m3u8", with: 1)
                    #expect(try await Playing.pictures(stream + "/master.m3u8") == 90)
                }
            }
        }

        @Test func viewersThatWaitForOnePlaylistAreOneRequestAtTheOrigin() async throws {
            let origin = try Broadcast.running.origin
            // An edge of its own, whose figures nobody else changes.
            try await withEdge(before: origin) { edge in
                let video = edge.base + "/live/cam/v0.m3u8"
                let text = try await playlist(video, with: 1)
                let first = try #require(tag("#EXT-X-MEDIA-SEQUENCE", in: text).flatMap { Int($0) })
                // One further than the segment that is being made: there is time to ask.
                let next = first + text.ranges(of: "#EXTINF:").count + 1
                let before = try await blockingRequests(edge)
                let address = "\(video)?_HLS_msn=\(next)&_HLS_part=0"
                let answers = try await Tool.run(
                    "curl",
                    ["-sfgZ", "--parallel-immediate", "--parallel-max", "50", "--max-time", "15"]
                        + Array(repeating: address, count: 50)
                )
                #expect(answers.text.ranges(of: "#EXTM3U").count == 50)
                #expect(answers.text.ranges(of: "/v0/\(next).0.m4s\"").count >= 50)
                #expect(try await blockingRequests(edge) - before == 1)
            }
        }

        private func blockingRequests(_ edge: LiveEdge) async throws -> Int {
            let name =
                "millrace_edge_upstream_requests_total{resource=\"live_blocking_playlist\"} "
            let text = await fetched(edge.admin + "/metrics")
            let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
            return try #require(line.flatMap { Int($0.dropFirst(name.count)) })
        }
    }
}

import Foundation
import TestSupport
import Testing

extension EdgeFaults {
    /// Real players before a real edge before a real origin, over HTTPS.
    @Suite(.timeLimit(.minutes(4)))
    struct PlayerTests {
        /// An origin with a video in several renditions, and an edge with a certificate.
        private func withBoth(
            _ body: (_ origin: OriginProcess, _ edge: EdgeProcess) async throws -> Void
        ) async throws {
            let folder = try TemporaryFolder()
            let certificate = try await Certificate("edge", in: folder)
            let port = try await Self.freePort()
            let address = "https://127.0.0.1:\(port)"
            let origin = try await OriginProcess(fixtures: ["ladder"], page: address)
            let options = [
                "tls.listen": "127.0.0.1:\(port)",
                "tls.certificate": certificate.path, "tls.key": certificate.key,
                "origin.api": "[\(origin.api)]",
            ]
            do {
                try await withEdge([origin.media], options) { edge async throws in
                    try await body(origin, edge)
                }
            } catch {
                await origin.stop()
                throw error
            }
            await origin.stop()
        }

        /// The origin's pages name the edge's address before there is an edge.
        private static func freePort() async throws -> Int {
            let listener = try await ScriptedOrigin.start { _ in [] }
            await listener.kill()
            return listener.port
        }

        /// What ffmpeg decodes of the first video and sound: a hash of each.
        private func decoded(_ address: String) async throws -> [String] {
            var hashes: [String] = []
            for stream in ["0:v:0", "0:a:0"] {
                // ffmpeg asks for no valid certificate unless it is told to.
                let words = ["-v", "error", "-nostdin", "-i", address, "-map", stream]
                hashes.append(try await Tool.run("ffmpeg", words + ["-f", "md5", "-"]).text)
            }
            return hashes
        }

        private func probed(_ address: String) async throws -> String {
            try await Tool.run(
                "ffprobe",
                [
                    "-v", "error", "-show_streams", "-show_format", "-of", "json",
                    address,
                ]
            ).text.replacingOccurrences(of: address, with: "ADDRESS")
        }

        private static let manifests = [
            "/videos/ladder/hls/master.m3u8", "/videos/ladder/hls-ts/master.m3u8",
            "/videos/ladder/dash/manifest.mpd",
        ]

        @Test func ffmpegDecodesTheSameThroughTheEdgeOverHTTPS() async throws {
            try await withBoth { origin, edge async throws in
                for path in Self.manifests {
                    let plain = try await decoded(origin.media + path)
                    let secure = try await decoded("https://127.0.0.1:\(edge.tlsPort)" + path)
                    #expect(secure == plain && !plain.contains(""), "\(path)")
                }
            }
        }

        @Test func ffprobeSeesTheSameThroughTheEdge() async throws {
            try await withBoth { origin, edge async throws in
                for path in Self.manifests + ["/videos/ladder/360p.mp4"] {
                    let direct = try await probed(origin.media + path)
                    let through = try await probed("http://127.0.0.1:\(edge.port)" + path)
                    #expect(through == direct && direct.contains("codec_name"), "\(path)")
                }
            }
        }

        @Test func aQualityCanBeChosenThroughTheEdge() async throws {
            try await withBoth { origin, edge async throws in
                let path = "/videos/ladder/hls/master.m3u8"
                let whole = try await edge.get(path).text
                let chosen = try await edge.get(path + "?quality=360p").text
                #expect(whole.ranges(of: "#EXT-X-STREAM-INF").count > 1)
                #expect(chosen.ranges(of: "#EXT-X-STREAM-INF").count == 1)
            }
        }

        @Test func chromiumPlaysTheEdgesPageOverHTTP2ToTheEnd() async throws {
            try await withBoth { origin, edge async throws in
                let page = "https://127.0.0.1:\(edge.tlsPort)/watch/ladder"
                try await Tool.run(
                    "/usr/bin/python3",
                    [
                        Checkout.root + "/Tests/Browser/watch", page, "native",
                        NSTemporaryDirectory() + "millrace-browser/edge", "h2",
                    ]
                )
                #expect(try await edge.metric("millrace_edge_answers_total") > 10)
            }
        }
    }
}

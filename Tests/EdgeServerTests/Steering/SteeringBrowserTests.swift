import EdgeServer
import Foundation
import MediaHTTP
import NIOCore
import TestSupport
import Testing

/// A real hls.js in a real browser; see `Tests/Browser/steer`.
struct SteeringBrowserTests {
    /// Told to by a steering manifest, or because its region has died.
    @Test(arguments: ["told", "left"])
    func aPlayingPlayerMovesToAnotherRegion(_ how: String) async throws {
        let folder = try TemporaryFolder()
        try await makeMedia(in: folder)
        let configuration = try Regions.configuration(
            own: "eu",
            ["eu http://eu.invalid", "us http://us.invalid"],
            ttlSeconds: 1
        )
        let playlist = String(
            decoding: try Data(contentsOf: URL(fileURLWithPath: folder.path("plain.m3u8"))),
            as: UTF8.self
        )
        let steered = SteeringInsertion(configuration).multivariantPlaylist(playlist)
        #expect(steered != playlist)
        try folder.write("master.m3u8", steered.utf8)
        try folder.write("before.json", try manifest(configuration, draining: false).utf8)
        try folder.write("after.json", try manifest(configuration, draining: true).utf8)
        let scripts = Checkout.root + "/scripts/fetch-players"
        let players = try await Tool.run(scripts, []).text
        try await Tool.run(
            "/usr/bin/python3",
            [
                Checkout.root + "/Tests/Browser/steer", how,
                players.trimmingCharacters(in: .whitespacesAndNewlines), folder.path,
                NSTemporaryDirectory() + "millrace-browser/steered-" + how,
            ]
        )
    }

    private func manifest(_ configuration: SteeringConfiguration, draining: Bool) throws -> String {
        let steering = Steering(
            configuration: configuration,
            ownHealth: { RegionHealthDocument(load: 0, isDraining: draining) },
            draw: { 0.5 }
        )
        let query = "base=eu&_HLS_pathway=eu"
        let response = try #require(steering.answer(path: "/steering/hls.json", query: query))
        guard case .bytes(let buffer) = response.body else { return "" }
        return String(buffer: buffer)
    }

    /// Forty seconds in two qualities with audio apart, so that a group of renditions moves too.
    private func makeMedia(in folder: TemporaryFolder) async throws {
        try await Tool.ffmpeg([
            "-f", "lavfi", "-i", "testsrc=size=320x180:rate=10:duration=40",
            "-f", "lavfi", "-i", "sine=frequency=440:duration=40",
            "-map", "0:v", "-map", "0:v", "-map", "1:a", "-c:v", "libx264", "-preset", "ultrafast",
            "-g", "20", "-keyint_min", "20", "-sc_threshold", "0", "-b:v:0", "200k", "-b:v:1",
            "300k",
            "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "64k",
            "-f", "hls", "-hls_time", "2", "-hls_playlist_type", "vod",
            "-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init_%v.mp4",
            "-hls_segment_filename", folder.path("media_%v_%d.m4s"),
            "-master_pl_name", "plain.m3u8",
            "-var_stream_map", "v:0,agroup:a v:1,agroup:a a:0,agroup:a,default:yes",
            folder.path("media_%v.m3u8"),
        ])
    }
}

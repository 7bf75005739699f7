import Foundation
import Packaging
import Segmenting
import TestSupport
import Testing

/// ffmpeg plays what a manifest names.
struct LiveDASHPlaybackTests {
    /// A minute of segments under the addresses that live manifests give.
    private static func segments(in folder: TemporaryFolder) async throws {
        let media = folder.path("token-number-000001/v0")
        try FileManager.default.createDirectory(
            atPath: media,
            withIntermediateDirectories: true
        )
        try await Tool.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=320x180:r=30", "-t", "60", "-c:v", "libx264",
            "-preset", "ultrafast", "-g", "60", "-keyint_min", "60", "-sc_threshold", "0",
            "-f", "dash", "-seg_duration", "2", "-use_template", "1", "-use_timeline", "0",
            "-init_seg_name", "token-number-000001/v0/init-1.mp4",
            "-media_seg_name", "token-number-000001/v0/$Number$.m4s", folder.path("own.mpd"),
        ])
    }

    @Test(arguments: [LiveDASHAddressing.lowLatency, .timeline])
    func ffmpegPlaysALiveManifest(addressing: LiveDASHAddressing) async throws {
        let folder = try TemporaryFolder()
        try await Self.segments(in: folder)
        var fixture = LiveDASHFixture(tracks: [LiveDASHFixture.video])
        fixture.number = 1
        fixture.zero = Int64(Date().timeIntervalSince1970 * 1_000_000) - 20_000_000
        // The rest of the minute is what a live source would go on to make.
        for _ in 0..<10 { fixture.append(2_000_000) }
        let bytes = LiveDASH.manifest(
            fixture.presentation,
            facts: LiveDASHFacts(addressing: addressing)
        )
        let path = try folder.write("manifest.mpd", try #require(bytes))
        let output = try await Tool.run(
            "ffprobe",
            [
                "-v", "error", "-count_packets", "-show_entries", "stream=nb_read_packets,width",
                "-read_intervals", "%+#20", "-of", "csv=p=0", path,
            ],
            limit: .seconds(30)
        )
        #expect(output.lines.first == "320,20", "\(output.text) \(output.errorText)")
    }
}

import Foundation
import TestSupport
import Testing

private let playedFixtures = [
    "basic", "bframes", "negctts", "fragmented-editlist", "ntsc", "noaudio",
]

/// A second opinion: GStreamer's demuxers and playback, which share no code with ffmpeg's.
@Suite(.origin(playedFixtures))
struct GStreamerTests {
    /// MD5 of all decoded pictures, one after the other, as planar 4:2:0.
    private func pictures(inSource path: String) async throws -> String {
        let output = try await Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-nostdin", "-i", path, "-map", "0:v:0", "-vsync", "passthrough",
                "-pix_fmt", "yuv420p", "-f", "md5", "-",
            ]
        )
        return output.text.trimmingCharacters(in: .whitespacesAndNewlines)
            .replacingOccurrences(of: "MD5=", with: "")
    }

    /// Plays to the end without waiting for the clock, pictures into a file.
    ///
    /// On a busy machine GStreamer 1.22's playbin stands still now and then, all of it received and
    /// no connection open (seen once in 30 runs beside six busy loops), which says nothing about what
    /// it was served. So one that takes ten times its time is ended and tried again; pictures that
    /// differ, and any other failure, count at once.
    private func pictures(playedBy address: String) async throws -> String {
        let folder = try TemporaryFolder()
        let arguments = [
            "-q", "playbin", "uri=\(address)", "flags=0x43",
            "video-sink=videocodectestsink location=\(folder.path("pictures"))",
            "audio-sink=fakesink sync=false",
        ]
        var attempt = 1
        while true {
            do {
                try await Tool.run("gst-launch-1.0", arguments, limit: .seconds(30))
                break
            } catch let failure as Tool.Failed where failure.wasTooSlow && attempt < 3 {
                attempt += 1
            }
        }
        let output = try await Tool.run("md5sum", [folder.path("pictures")])
        return String(output.text.prefix { $0 != " " })
    }

    @Test(arguments: playedFixtures)
    func everyFormatDecodesToTheSource(_ fixture: String) async throws {
        let origin = try Origin.running
        let source = try await pictures(inSource: try await Fixture.path(fixture))
        for format in Format.allCases {
            let played = try await pictures(playedBy: origin.media + format.path(of: fixture))
            #expect(played == source, "\(format)")
        }
    }
}

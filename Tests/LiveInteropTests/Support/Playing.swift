import Glibc
import TestSupport
import Testing

/// Plays as ffmpeg does: an address, what is decoded of it.
enum Playing {
    private static let limit = Duration.seconds(45)

    /// Number of pictures that ffmpeg decodes of the first seconds, its sound beside them.
    ///
    /// - Throws: `Tool.Failed` where it reports an error or does not come to an end.
    static func pictures(_ address: String, seconds: Int = 3) async throws -> Int {
        let output = try await Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-nostdin", "-i", address, "-map", "0:v:0", "-map", "0:a:0",
                "-t", "\(seconds)", "-f", "framecrc", "-",
            ],
            limit: limit
        )
        #expect(output.errorText.isEmpty, "\(address)")
        // Lines of the first stream; the head's start with #.
        return output.lines.count { $0.hasPrefix("0,") }
    }

    /// The names of the video codecs at an address.
    static func codecs(_ address: String) async throws -> [String] {
        try await Tool.run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "v", "-show_entries", "stream=codec_name",
                "-of", "csv=p=0", address,
            ],
            limit: limit
        ).lines.filter { !$0.isEmpty }
    }

    /// Returns when GStreamer has shown so many pictures of an address, its sound beside them.
    ///
    /// - Throws: `Tool.Failed` where it ends, or its time does, before.
    static func gStreamer(_ address: String, pictures: Int) async throws {
        let words = """
            -v uridecodebin name=all uri=\(address) \
            all. ! queue ! video/x-raw ! fakesink name=pictures silent=false \
            all. ! queue ! audio/x-raw ! fakesink name=sound
            """
        // It does not end by itself: in a live stream its demuxer takes the sinks' end for a pause.
        let player = try RunningProgram(
            "gst-launch-1.0",
            words.split(separator: " ").map(String.init),
            limit: limit
        )
        defer { player.signal(SIGKILL) }
        let isEnough: @Sendable (String) -> Bool = { text in
            text.ranges(of: "GstFakeSink:pictures: last-message = chain").count >= pictures
        }
        guard isEnough(await player.output(until: isEnough)) else {
            throw Tool.Failed(description: "gst-launch-1.0 \(words): \(player.errorText)")
        }
        await player.stop()
    }
}

import Foundation
import Glibc
import TestSupport

/// What pushes a test picture and a tone as fast as they play.
enum Encoder {
    /// Ends what was not stopped.
    private static let limit = Duration.seconds(280)

    /// ffmpeg: 640x360 at 30 Hz, a key frame every 2 s; further options stand after these.
    ///
    /// - Parameters:
    ///   - program: Debian's ffmpeg, unless another one is named.
    ///   - address: where to, with the key.
    ///   - options: of the output.
    /// - Returns: the encoder, which pushes until it is stopped.
    /// - Throws: where it cannot be started.
    static func ffmpeg(
        _ program: String = "ffmpeg",
        to address: String,
        _ options: [String] = []
    ) throws -> RunningProgram {
        try RunningProgram(
            program,
            [
                "-v", "error", "-nostdin", "-re", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=30",
                "-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000", "-c:v",
                "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "60",
                "-sc_threshold", "0", "-pix_fmt", "yuv420p", "-b:v", "1M", "-c:a", "aac",
            ] + options + ["-f", "flv", address],
            limit: limit
        )
    }

    /// GStreamer: another RTMP client, another multiplexer.
    static func gStreamer(to address: String) throws -> RunningProgram {
        let words = """
            -q videotestsrc is-live=true ! video/x-raw,width=640,height=360,framerate=30/1 ! \
            openh264enc complexity=low gop-size=60 bitrate=1000000 ! h264parse ! queue ! mux. \
            audiotestsrc is-live=true ! audio/x-raw,rate=48000 ! avenc_aac ! aacparse ! queue ! mux. \
            flvmux name=mux streamable=true ! rtmp2sink location=\(address)
            """
        return try RunningProgram(
            "gst-launch-1.0",
            words.split(separator: " ").map(String.init),
            limit: limit
        )
    }

    /// An ffmpeg that knows Enhanced RTMP, as Debian's does not.
    static func newFFmpeg() async throws -> String {
        try await Tool.run(Checkout.root + "/scripts/fetch-encoder", []).text
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

extension RunningProgram {
    /// Ends an encoder; it unpublishes.
    ///
    /// - Returns: its exit status.
    @discardableResult
    func stop() async -> Int32 {
        signal(SIGINT)
        return await end().status
    }

    /// Runs a test while it pushes; it is ended afterwards in every case.
    @discardableResult
    func pushing<Value>(_ body: () async throws -> Value) async throws -> Value {
        // Nothing that a test throws leaves it behind, and nothing waits for what it has to say.
        defer { signal(SIGKILL) }
        let value = try await body()
        await stop()
        return value
    }
}

/// The players that browsers need.
enum BrowserPlayers {
    /// - Returns: the folder that holds `hls.js`.
    static func folder() async throws -> String {
        try await Tool.run(Checkout.root + "/scripts/fetch-players", []).text
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

import Glibc
import TestSupport

/// ffmpeg, as it pushes a clip in real time, again and again.
final class Encoder: Sendable {
    private let program: RunningProgram

    /// - Parameters:
    ///   - clip: what is pushed.
    ///   - origin: where to.
    ///   - key: the stream's.
    ///   - seconds: how much; it stops in order then.
    ///   - isPaced: whether in real time, else as fast as it is taken.
    /// - Throws: where there is no clip to push, or no ffmpeg.
    init(
        _ clip: Clip = .plain,
        to origin: LiveOrigin,
        key: String = "cam",
        seconds: Int = 100,
        isPaced: Bool = true
    ) async throws {
        let path = try await clip.path()
        program = try RunningProgram(
            "ffmpeg",
            ["-v", "error", "-nostdin"] + (isPaced ? ["-re"] : [])
                + (seconds > clip.seconds ? ["-stream_loop", "-1"] : [])
                + ["-i", path, "-t", "\(seconds)", "-c", "copy"]
                + ["-f", "flv", "rtmp://127.0.0.1:\(origin.rtmpPort)/live/\(key)"],
            limit: .seconds(120)
        )
    }

    deinit {
        program.signal(SIGKILL)
    }

    /// What it has complained of.
    var complaint: String { program.errorText }

    /// The network or the machine stands still.
    func freeze() { program.signal(SIGSTOP) }
    func thaw() { program.signal(SIGCONT) }

    /// It is gone without a word.
    func kill() async {
        program.signal(SIGKILL)
        _ = await program.end()
    }

    /// It says that it stops.
    func stop() async {
        program.signal(SIGINT)
        _ = await program.end()
    }

    /// Its status when it has ended by itself.
    func end() async -> Int32 {
        await program.end().status
    }
}

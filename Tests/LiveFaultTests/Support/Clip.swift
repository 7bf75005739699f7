import Foundation
import Synchronization
import TestSupport

/// A short FLV file, made once for all tests.
struct Clip: Hashable, Sendable {
    var name: String
    var video: [String]?
    var hasAudio = true
    var audioCodec = "aac"
    var seconds = 8

    /// H.264 of 320×180 at 30 frames a second, a key frame each second, and AAC.
    static let plain = Clip(name: "plain", video: video())
    static let large = Clip(name: "large", video: video(size: "640x360"))

    /// The same picture with another sound.
    static let mp3 = Clip(name: "mp3", video: video(), audioCodec: "libmp3lame")

    /// Of little more than 100 kbit/s.
    static let small = Clip(
        name: "small",
        video: video(size: "160x90", rate: "15", bitrate: "60k", keyFrames: 15)
    )

    static func video(
        size: String = "320x180",
        rate: String = "30",
        bitrate: String = "300k",
        keyFrames: Int = 30,
        more: [String] = []
    ) -> [String] {
        ["-f", "lavfi", "-i", "testsrc2=s=\(size):r=\(rate)"]
            + [
                "-c:v", "libx264", "-preset", "ultrafast", "-b:v", bitrate, "-g", "\(keyFrames)",
                "-keyint_min", "\(keyFrames)", "-sc_threshold", "0",
            ] + more
    }

    func path() async throws -> String {
        try await Clips.shared.path(self)
    }
}

/// Makes each clip when it is first asked for; they go with the test process' folder.
private actor Clips {
    static let shared = Clips()
    private var folder: TemporaryFolder?
    private var made: [Clip: Task<String, any Error>] = [:]

    func path(_ clip: Clip) async throws -> String {
        if let task = made[clip] { return try await task.value }
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        let path = folder.path(clip.name + ".flv")
        let task = Task {
            var inputs: [String] = []
            var outputs: [String] = []
            if let video = clip.video {
                inputs += video.prefix(4)
                outputs += video.dropFirst(4)
            }
            if clip.hasAudio {
                inputs += ["-f", "lavfi", "-i", "sine=r=48000"]
                outputs += ["-c:a", clip.audioCodec, "-b:a", "64k"]
            }
            try await Tool.ffmpeg(inputs + outputs + ["-t", "\(clip.seconds)", "-f", "flv", path])
            return path
        }
        made[clip] = task
        return try await task.value
    }
}

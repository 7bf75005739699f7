import Foundation
import TestSupport

/// What ffmpeg makes of an address or a file: every picture and every sound sample with its time.
struct Decoded {
    struct Picture: Equatable {
        /// Presentation time, 90 000 a second.
        var ticks: Int64
        /// MD5 of the decoded picture.
        var hash: String

        var seconds: Double { Double(ticks) / 90_000 }
    }

    /// In presentation order; empty without a video track.
    var pictures: [Picture] = []
    /// One value a sampling time, channels mixed to one; empty without an audio track.
    var sound: [Int16] = []
    var soundStartSeconds = 0.0
    var sampleRate = 1

    /// Decodes the first video and the first audio track.
    static func decode(
        _ input: String,
        video: Bool = true,
        audio: Bool = true
    ) async throws -> Decoded {
        var decoded = Decoded()
        let folder = try TemporaryFolder()
        let mono = ["-c:a", "pcm_s16le", "-ac", "1"]
        let forVideo =
            ["-map", "0:v:0", "-vsync", "passthrough", "-enc_time_base", "1:90000"]
            + ["-f", "framemd5", folder.path("video")]
        let forAudio =
            ["-map", "0:a:0"] + mono + ["-f", "s16le", folder.path("sound")]
            + ["-map", "0:a:0"] + mono + ["-f", "framemd5", folder.path("audio")]
        let outputs = (video ? [forVideo] : []) + (audio ? [forAudio] : [])
        // ffmpeg's DASH reader stops at the end of the first track that ends, so one at a time.
        let runs = input.contains(".mpd") ? outputs : [outputs.flatMap { $0 }]
        for run in runs {
            try await Tool.run(
                "ffmpeg",
                ["-v", "error", "-nostdin", "-copyts", "-noautorotate", "-i", input] + run
            )
        }
        if video {
            decoded.pictures = try FrameTable(folder.path("video")).rows.map {
                Picture(ticks: $0.presentationTime, hash: $0.hash)
            }
        }
        if audio {
            let table = try FrameTable(folder.path("audio"))
            decoded.sound = try samples(folder.path("sound"))
            decoded.sampleRate = table.sampleRate
            decoded.soundStartSeconds =
                Double(table.rows.first?.presentationTime ?? 0) * table.secondsPerTick
        }
        return decoded
    }

    private static func samples(_ path: String) throws -> [Int16] {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        return stride(from: 0, to: bytes.count - 1, by: 2).map {
            Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
        }
    }
}

/// The lines that ffmpeg's `framemd5` writes.
private struct FrameTable {
    struct Row {
        var presentationTime: Int64
        var hash: String
    }

    var rows: [Row] = []
    var secondsPerTick = 1.0
    var sampleRate = 1

    init(_ path: String) throws {
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("#tb 0: ") {
                let parts = line.dropFirst(7).split(separator: "/").compactMap { Double($0) }
                if parts.count == 2 { secondsPerTick = parts[0] / parts[1] }
            } else if line.hasPrefix("#sample_rate 0: ") {
                sampleRate = Int(line.dropFirst(16)) ?? 1
            } else if !line.hasPrefix("#") {
                let fields = line.split(separator: ",").map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
                if fields.count >= 6, let time = Int64(fields[2]) {
                    rows.append(Row(presentationTime: time, hash: fields[5]))
                }
            }
        }
    }
}

import TestSupport
import Testing

extension LiveFaults {
    /// What encoders send besides the usual.
    @Suite(.timeLimit(.minutes(4)))
    struct ShapeTests {
        struct Shape: Sendable {
            var clip: Clip
            var pushedSeconds = 8
            var track = "v0"
            /// Whole segments that it comes to in that time.
            var segments = 3
        }

        private static let shapes = [
            Shape(clip: Clip(name: "sound", video: nil), track: "a0"),
            Shape(clip: Clip(name: "picture", video: Clip.video(), hasAudio: false)),
            Shape(clip: Clip(name: "slow", video: Clip.video(rate: "1", keyFrames: 1))),
            Shape(clip: Clip(name: "fast", video: Clip.video(rate: "120", keyFrames: 120))),
            Shape(clip: Clip(name: "varying", video: Clip.video(more: varying))),
            Shape(clip: Clip(name: "reordered", video: Clip.video(more: reordered))),
            Shape(
                clip: Clip(name: "rare", video: Clip.video(keyFrames: 600), seconds: 22),
                pushedSeconds: 22,
                segments: 1
            ),
        ]

        /// Two of three frames of every other second are missing.
        private static let varying = [
            "-vf", "select='if(mod(floor(t),2),not(mod(n,3)),1)'", "-vsync", "vfr",
        ]
        private static let reordered = ["-bf", "3", "-b_strategy", "0", "-preset", "veryfast"]

        @Test func allShapesAreWatchableAndRecorded() async throws {
            let origin = try await LiveOrigin("grace: 60s")
            try await withThrowingTaskGroup { group in
                for shape in Self.shapes {
                    group.addTask { try await Self.push(shape, to: origin) }
                }
                try await group.waitForAll()
            }
            await origin.stop()
            let videos = try origin.videos("p.mp4")
            #expect(videos.count == Self.shapes.count { $0.clip.video != nil }, "\(videos)")
            try await origin.expectDecodes()
            #expect(!origin.log.contains("complete=false"), "\(origin.log)")
        }

        private static func push(_ shape: Shape, to origin: LiveOrigin) async throws {
            let name = shape.clip.name
            let encoder = try await Encoder(
                shape.clip,
                to: origin,
                key: name,
                seconds: shape.pushedSeconds
            )
            var live = PlaylistWatch()
            var sent = 0
            try await eventually("\(name) is over", within: .seconds(60)) {
                if let playlist = try await origin.playlist(shape.track, of: name) {
                    live.take(playlist)
                }
                let status = try await origin.status(name)
                sent = live.newest?.segments.count ?? 0
                return live.newest != nil && status?.phase == "waiting"
            }
            #expect(await encoder.end() == 0, "\(name): \(encoder.complaint)")
            #expect(sent >= shape.segments, "\(name): \(sent) segments")
            // A segment cannot be shorter than what lies between two key frames.
            if name != "rare" { #expect(live.faults == [], "\(name)") }
        }
    }
}

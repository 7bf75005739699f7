import Foundation
import TestSupport
import Testing

extension LiveFaults {
    /// Disks that are too small.
    @Suite(.timeLimit(.minutes(4)))
    struct StorageTests {
        /// What a disk may refuse.
        enum Shortage: String, CaseIterable, Sendable {
            /// A file system of its own, with room for some seconds; more when the test says so.
            case fullDisk
            /// No file beyond this size.
            case fileSizeLimit

            func wrapper(_ disk: String, room: String) -> [String] {
                switch self {
                case .fileSizeLimit:
                    // In blocks of 512 bytes; without the trap the signal ends the process.
                    return ["sh", "-c", "trap '' XFSZ; ulimit -S -f 700; exec \"$@\"", "sh"]
                case .fullDisk:
                    let script = """
                        mkdir -p "$1" && mount -t tmpfs -o size=4m tmpfs "$1" || exit 9
                        head -c 3700k /dev/zero > "$1/.ballast" || exit 9
                        (until [ -e "$2" ] || ! kill -0 $$; do sleep 0.1; done
                        rm "$1/.ballast") > /dev/null 2>&1 &
                        shift 2
                        exec "$@"
                        """
                    let isRoot = geteuid() == 0
                    return ["unshare", isRoot ? "-m" : "-rm", "sh", "-c", script, "sh", disk, room]
                }
            }
        }

        @Test(arguments: Shortage.allCases)
        func liveGoesOnWhereTheRecordingCannot(_ shortage: Shortage) async throws {
            let folder = try TemporaryFolder()
            let (disk, room) = (folder.path("disk"), folder.path("room"))
            let wrapper = shortage.wrapper(disk, room: room)
            let origin = try await LiveOrigin(in: folder, wrapper: wrapper)
            let encoder = try await Encoder(to: origin)
            var live = PlaylistWatch()
            try await origin.watch(&live, until: "a segment") { !$0.segments.isEmpty }
            #expect(try await origin.status()?.recordingComplete == true)
            try await eventually("status says that it is not complete") {
                if let playlist = try await origin.playlist() { live.take(playlist) }
                return try await origin.status()?.recordingComplete == false
            }
            let status = try #require(try await origin.status())
            #expect(status.recordingProblem?.isEmpty == false)
            let number = live.newest?.segments.last?.number ?? 0
            try await origin.watch(&live, until: "live goes on") {
                $0.segments.last?.number ?? 0 >= number + 3
            }
            #expect(live.faults == [])
            #expect(try await origin.status()?.publishes == 1)
            await encoder.stop()
            // There is room again, and what could not be finished is tried again each minute.
            try folder.write("room")
            try await eventually("it is known as incomplete", within: .seconds(90)) {
                origin.log.contains("complete=false")
            }

            let again = try await Encoder(to: origin, seconds: 5)
            try await eventually("the next publish is recorded") {
                try await origin.status()?.recording != status.recording
            }
            let next = try #require(try await origin.status()?.recording)
            #expect(await again.end() == 0, "\(again.complaint)")
            try await eventually("it is a complete video") {
                origin.log.split(separator: "\n").contains {
                    $0.contains(next) && $0.contains("complete=true")
                }
            }
            try await expectDecodes(origin.url("/videos/\(next)/hls/master.m3u8"))
            await origin.stop()
        }

        private func expectDecodes(_ address: String) async throws {
            let words = ["-v", "error", "-nostdin", "-i", address, "-f", "null", "-"]
            #expect(try await Tool.run("ffmpeg", words).errorText.isEmpty, "\(address)")
        }

        @Test func theQuotaTakesTheOldestRecordings() async throws {
            let origin = try await LiveOrigin("recording_quota: 800KiB, rewind: 0s")
            for number in 1...3 {
                let key = "cam\(number)"
                let encoder = try await Encoder(
                    to: origin,
                    key: key,
                    seconds: 8,
                    isPaced: false
                )
                #expect(await encoder.end() == 0, "\(encoder.complaint)")
                try await eventually("\(key) is a video") {
                    try origin.videos().contains { $0.contains(key) }
                }
            }
            try await eventually("the oldest one is removed", within: .seconds(90)) {
                try !origin.videos().contains { $0.contains("cam1") }
            }
            #expect(try origin.videos().contains { $0.contains("cam3") })
            #expect(try await origin.metric("millrace_recordings_bytes") <= Double(800 << 10))
            try await origin.expectDecodes()
            await origin.stop()
        }
    }
}

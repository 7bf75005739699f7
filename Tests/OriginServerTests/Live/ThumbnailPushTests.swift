import Foundation
import Platform
import Testing

/// Pictures of streams that ffmpeg pushes to the program.
@Suite(.timeLimit(.minutes(2)))
struct ThumbnailPushTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func serve(_ configuration: String) async throws -> Program {
        let file = try folder.write("origin.yaml", Array(configuration.utf8))
        let program = try Program(
            try Program.origin,
            [
                "serve", "--config", file, "--data", folder.path + "/data", "--api", "127.0.0.1:0",
                "--media-listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--rtmp", "127.0.0.1:0",
            ]
        )
        try await program.until { $0.output.contains("library ") }
        return program
    }

    /// The address that follows a word in what the program announces.
    private static func address(_ scheme: String, in text: String) throws -> ListenAddress {
        let line = try #require(text.split(separator: "\n").first { $0.contains(scheme) })
        let rest = try #require(line.range(of: scheme)).upperBound
        let address = line[rest...].prefix { $0 != "/" && $0 != "," }
        return try #require(ListenAddress(text: String(address)))
    }

    private static func push(_ address: ListenAddress, _ stream: String) throws -> Program {
        try Program(
            "/usr/bin/env",
            [
                "ffmpeg", "-v", "error", "-nostdin", "-re", "-f", "lavfi", "-i",
                "testsrc2=size=1280x720:rate=25:duration=90", "-c:v", "libx264", "-preset",
                "ultrafast", "-tune", "zerolatency", "-g", "25", "-f", "flv",
                "rtmp://\(address)/live/\(stream)",
            ]
        )
    }

    /// Asks until there is a picture that differs from another one.
    private static func picture(
        _ address: ListenAddress,
        otherThan known: [UInt8]
    ) async throws -> [UInt8] {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let answer = try await Client.get(address, "/live/cam/thumbnail.jpg")
            if answer.status == 200, answer.body != known {
                #expect(answer["content-type"] == "image/jpeg")
                return answer.body
            }
        }
        throw Program.Failed(reason: "no picture")
    }

    /// The child that makes pictures for a program.
    private static func child(of program: Program) -> pid_t? {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        for number in processes.compactMap(pid_t.init) {
            guard
                let line = try? String(contentsOfFile: "/proc/\(number)/cmdline", encoding: .utf8),
                line.hasSuffix("thumbnail-child\0"),
                let stat = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8),
                let rest = stat.split(separator: ")").last?.split(separator: " "), rest.count > 1,
                pid_t(rest[1]) == program.processID
            else { continue }
            return number
        }
        return nil
    }

    @Test func livePicturesFollowTheStreamAndOutliveTheirChild() async throws {
        let program = try await serve("live: {thumbnails: 1s, recording: false}")
        let output = program.output
        let media = try Self.address("media    http://", in: output)
        let encoder = try Self.push(try Self.address("rtmp://", in: output), "cam")
        let first = try await Self.picture(media, otherThan: [])
        let path = try folder.write("picture.jpg", first)
        let probe = try await Program.output(
            of: "/usr/bin/env",
            [
                "ffprobe", "-v", "error", "-show_entries", "stream=codec_name,width,height",
                "-of", "csv=p=0", path,
            ]
        )
        #expect(probe == "mjpeg,640,360\n")
        let second = try await Self.picture(media, otherThan: first)
        let child = try #require(Self.child(of: program))
        kill(child, SIGKILL)
        // A picture that was on its way may come still; the one after it is of another child.
        let third = try await Self.picture(media, otherThan: second)
        _ = try await Self.picture(media, otherThan: third)
        #expect(Self.child(of: program) != child)
        encoder.signal(SIGKILL)
        program.signal(SIGTERM)
        #expect(await program.end().status == 0)
    }

    @Test func noneAreMadeWhereTheyAreOff() async throws {
        let program = try await serve("live: {thumbnails: 0s, recording: false}")
        let output = program.output
        let media = try Self.address("media    http://", in: output)
        let encoder = try Self.push(try Self.address("rtmp://", in: output), "cam")
        let deadline = ContinuousClock.now + .seconds(30)
        var text = ""
        while !text.contains("#EXTINF"), ContinuousClock.now < deadline {
            text = try await Client.get(media, "/live/cam/v0.m3u8").text
        }
        #expect(text.contains("#EXTINF"))
        #expect(Self.child(of: program) == nil)
        encoder.signal(SIGKILL)
        program.signal(SIGTERM)
        #expect(await program.end().status == 0)
    }
}

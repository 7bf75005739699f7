import Foundation
import TestSupport
import Testing
import Transcoding

/// Pictures made by the real child process, the one that `origin serve` starts.
@Suite(.timeLimit(.minutes(2)))
struct ThumbnailTests {
    /// How a picture is coded, and what its picture comes to.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var size = "1280x720"
        var filter = "null"
        var encoder: [String]
        var width = 640
        var height = 360

        var testDescription: String { name }
    }

    private static let x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2"]
    private static let cases = [
        Case(name: "H.264", encoder: x264),
        Case(name: "H.264, 10 bits", encoder: x264 + ["-pix_fmt", "yuv420p10le"]),
        Case(name: "HEVC", encoder: ["-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1"]),
        Case(
            name: "VP9",
            encoder: ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"]
        ),
        Case(name: "AV1", encoder: ["-c:v", "libsvtav1", "-preset", "12"]),
        Case(name: "small", size: "320x180", encoder: x264, width: 320, height: 180),
        Case(name: "upright", size: "360x640", encoder: x264, width: 202, height: 360),
        Case(name: "wide", size: "1280x400", encoder: x264, width: 640, height: 200),
        Case(
            name: "anamorphic",
            size: "720x576",
            filter: "setsar=64/45",
            encoder: x264,
            width: 640,
            height: 360
        ),
    ]

    private static func worker(
        answerTime: Duration = .seconds(20),
        restartInterval: Duration = .zero,
        now: @escaping () -> ContinuousClock.Instant = { .now }
    ) throws -> ThumbnailWorker {
        ThumbnailWorker(
            executable: [try Checkout.origin(), "thumbnail-child"],
            answerTime: answerTime,
            restartInterval: restartInterval,
            now: now
        )
    }

    /// An init segment, and the fragments that follow it.
    private static func media(
        _ wanted: Case
    ) async throws -> (initialization: [UInt8], media: [UInt8]) {
        let folder = try TemporaryFolder()
        let path = folder.path("video.mp4")
        try await Tool.ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=size=\(wanted.size):rate=25:duration=0.4",
                "-vf", wanted.filter, "-pix_fmt", "yuv420p",
            ] + wanted.encoder + ["-movflags", "frag_keyframe+empty_moov+default_base_moof", path]
        )
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let head = try #require(TopBox.all(path).first { $0.type == "moof" }).offset
        return (Array(bytes[..<head]), Array(bytes[head...]))
    }

    private static func jpeg(_ outcome: ThumbnailWorker.Outcome) -> [UInt8]? {
        guard case .picture(let bytes) = outcome else { return nil }
        return bytes
    }

    @Test(arguments: cases) func aKeyFrameBecomesAPictureInItsShape(_ wanted: Case) async throws {
        let (initialization, media) = try await Self.media(wanted)
        let worker = try Self.worker()
        let outcome = worker.picture(of: media, initialization: initialization)
        let jpeg = try #require(Self.jpeg(outcome), "\(outcome)")
        let folder = try TemporaryFolder()
        let path = try folder.write("picture.jpg", jpeg)
        let probe = try await Tool.run(
            "ffprobe",
            [
                "-v", "error", "-show_entries", "stream=codec_name,width,height", "-of",
                "csv=p=0", path,
            ]
        )
        #expect(probe.lines == ["mjpeg,\(wanted.width),\(wanted.height)"])
        // It decodes without a word.
        let decoded = try await Tool.run("ffmpeg", ["-v", "error", "-i", path, "-f", "null", "-"])
        #expect(decoded.errorText.isEmpty)
    }

    @Test func thePictureHasTheColoursOfTheVideo() async throws {
        // BT.709 in limited range: a wrong matrix or range is off by far more.
        let red = Case(
            name: "red",
            filter: "drawbox=c=0xE02010:t=fill,scale=out_color_matrix=bt709:out_range=tv",
            encoder: Self.x264 + ["-colorspace", "bt709", "-color_range", "tv"]
        )
        let (initialization, media) = try await Self.media(red)
        let outcome = try Self.worker().picture(of: media, initialization: initialization)
        let jpeg = try #require(Self.jpeg(outcome))
        let folder = try TemporaryFolder()
        let path = try folder.write("picture.jpg", jpeg)
        let pixels = try await Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-i", path, "-vf", "scale=1:1:flags=area", "-f", "rawvideo",
                "-pix_fmt", "rgb24", "-",
            ]
        ).standardOutput
        for (found, wanted) in zip(pixels, [0xE0, 0x20, 0x10]) {
            #expect(abs(Int(found) - wanted) <= 8, "\(pixels)")
        }
        #expect(pixels.count == 3)
    }

    @Test func oneChildMakesManyPictures() async throws {
        let (initialization, media) = try await Self.media(Self.cases[0])
        let worker = try Self.worker()
        #expect(Self.jpeg(worker.picture(of: media, initialization: initialization)) != nil)
        let child = worker.childProcessID
        for _ in 0..<20 {
            #expect(Self.jpeg(worker.picture(of: media, initialization: initialization)) != nil)
        }
        #expect(child != nil)
        #expect(worker.childProcessID == child)
    }

    @Test func rubbishIsRefusedAndTheChildGoesOn() async throws {
        let (initialization, media) = try await Self.media(Self.cases[0])
        let worker = try Self.worker()
        var random = SplitMix(state: 1)
        let noise = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(worker.picture(of: noise, initialization: noise) == .refused)
        let child = worker.childProcessID
        #expect(worker.picture(of: noise, initialization: initialization) == .refused)
        #expect(worker.picture(of: [], initialization: initialization) == .refused)
        #expect(worker.picture(of: [], initialization: []) == .refused)
        #expect(worker.picture(of: media, initialization: []) == .refused)
        // The key frame is all there is of it.
        #expect(
            worker.picture(of: Array(media.prefix(40)), initialization: initialization)
                == .refused
        )
        #expect(Self.jpeg(worker.picture(of: media, initialization: initialization)) != nil)
        #expect(worker.childProcessID == child)
    }

    @Test func damagedMediaNeverEndsTheConversation() async throws {
        let worker = try Self.worker()
        var random = SplitMix(state: 2)
        for wanted in Self.cases.prefix(5) {
            let (initialization, media) = try await Self.media(wanted)
            for _ in 0..<40 {
                var (head, body) = (initialization, media)
                let bit = UInt8.random(in: 0...7, using: &random)
                head[Int.random(in: head.indices, using: &random)] ^= 1 << bit
                for _ in 0..<8 {
                    let index = Int.random(in: body.indices, using: &random)
                    body[index] = UInt8.random(in: 0...255, using: &random)
                }
                body.removeLast(Int.random(in: 0..<body.count / 2, using: &random))
                _ = worker.picture(of: body, initialization: head)
            }
            #expect(Self.jpeg(worker.picture(of: media, initialization: initialization)) != nil)
        }
    }

    @Test func moreMediaThanIsSentIsCutOffBehindTheKeyFrame() async throws {
        let (initialization, media) = try await Self.media(Self.cases[0])
        let worker = try Self.worker()
        let long = media + [UInt8](repeating: 0, count: ThumbnailLimits.requestBytes)
        #expect(Self.jpeg(worker.picture(of: long, initialization: initialization)) != nil)
        let tooLong = [UInt8](repeating: 0, count: ThumbnailLimits.requestBytes)
        #expect(worker.picture(of: media, initialization: tooLong) == .refused)
    }

    @Test func aChildThatWasKilledHasASuccessor() async throws {
        let (initialization, media) = try await Self.media(Self.cases[0])
        let worker = try Self.worker()
        _ = worker.picture(of: media, initialization: initialization)
        let first = try #require(worker.childProcessID)
        kill(first, SIGKILL)
        // Its end is seen before or after it is asked.
        let outcome = worker.picture(of: media, initialization: initialization)
        #expect(outcome == .failed || Self.jpeg(outcome) != nil)
        #expect(Self.jpeg(worker.picture(of: media, initialization: initialization)) != nil)
        #expect(worker.childProcessID != first)
    }

    @Test func aChildThatHangsIsEndedAndHasASuccessorLater() async throws {
        let (initialization, media) = try await Self.media(Self.cases[0])
        let begin = ContinuousClock.now
        var time = begin
        let worker = try Self.worker(
            answerTime: .milliseconds(1500),
            restartInterval: .seconds(5),
            now: { time }
        )
        _ = worker.picture(of: media, initialization: initialization)
        let first = try #require(worker.childProcessID)
        try freeze(first)
        let asked = ContinuousClock.now
        #expect(worker.picture(of: media, initialization: initialization) == .failed)
        #expect(ContinuousClock.now - asked < .seconds(10))
        #expect(kill(first, 0) == -1)
        #expect(worker.picture(of: media, initialization: initialization) == .unavailable)
        time = begin + .seconds(5)
        #expect(worker.picture(of: media, initialization: initialization) != .unavailable)
    }

    @Test func aProgramThatIsNotThereIsUnavailable() {
        let worker = ThumbnailWorker(executable: ["/no/such"], restartInterval: .zero)
        #expect(worker.picture(of: [1], initialization: [1]) == .unavailable)
    }

    @Test(arguments: [
        "printf '\\377\\377\\377\\377'; exec sleep 600", "exec sleep 600", "exit 0",
        "head -c 10 >/dev/null; yes", "kill -SEGV $$",
    ])
    func aChildThatTalksNonsenseIsEnded(script: String) {
        let worker = ThumbnailWorker(
            executable: ["/bin/sh", "-c", script],
            answerTime: .milliseconds(500),
            restartInterval: .zero
        )
        let media = [UInt8](repeating: 7, count: 2 << 20)
        #expect(worker.picture(of: media, initialization: media) == .failed)
        #expect(worker.childProcessID == nil)
    }

    @Test func theChildEndsWithItsParent() throws {
        // Nothing to read: the parent is gone.
        let child = try ChildProcess([try Checkout.origin(), "thumbnail-child"])
        #expect(child.wait() == .exited(0))
    }
}

struct ThumbnailMessageTests {
    @Test func aMessageComesInAnyPieces() throws {
        let framed = ThumbnailMessage.framed([1, 2], [3])
        #expect(framed == [0, 0, 0, 3, 1, 2, 3])
        var message = ThumbnailMessage(limitBytes: 3)
        for _ in 0..<2 {
            for byte in framed.dropLast() { #expect(try message.receive([byte]) == nil) }
            #expect(try message.receive([3]) == [1, 2, 3])
        }
        #expect(try message.receive(ThumbnailMessage.framed([])) == [])
    }

    @Test func aMessageThatIsTooLargeIsRefusedByItsSize() throws {
        var message = ThumbnailMessage(limitBytes: 3)
        #expect(throws: TranscodingError.self) { try message.receive([0, 0, 0, 4]) }
        var huge = ThumbnailMessage(limitBytes: 3)
        #expect(throws: TranscodingError.self) { try huge.receive([255, 255, 255, 255]) }
        var two = ThumbnailMessage(limitBytes: 3)
        #expect(throws: TranscodingError.self) { try two.receive([0, 0, 0, 1, 7, 7]) }
    }
}

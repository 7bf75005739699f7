import Foundation
import TestSupport
import Testing
import Transcoding

/// Real files of every container, through a real child process, looked at by ffprobe.
struct ImportContainerTests {
    /// The containers, and whether their payload is what MP4 carries, too.
    static let containers: [(fixture: String, keepsVideo: Bool, keepsAudio: Bool)] = [
        ("mkv2audio", true, true), ("webm", true, true), ("mov", true, true),
        ("flv", true, true), ("ts", false, false), ("avi", false, true),
        ("bframes", true, true), ("opengop", true, true), ("editlist", true, true),
        ("audiolate", true, true), ("hours5", true, true), ("hevc-hev1", true, true),
        ("av1", true, true), ("heaac", true, true), ("eac3", true, true), ("ac3", true, true),
        ("flac", true, true), ("mp3", true, true), ("vfr", true, true),
    ]

    @Test(arguments: containers)
    func everyPacketArrivesUnchanged(
        fixture: String,
        keepsVideo: Bool,
        keepsAudio: Bool
    ) async throws {
        let source = try await Fixture.path(fixture)
        let library = try TemporaryFolder()
        let result = try await Importing.run(source, into: library)
        let folder = "\(library.path)/\(result.id)"
        let video = try #require(result.files.first { $0.hasSuffix("p.mp4") })
        let audio = try #require(result.files.first { $0.hasPrefix("audio.") })

        for (stream, file, keeps) in [("v:0", video, keepsVideo), ("a:0", audio, keepsAudio)] {
            let before = try await ProbedFile(source, stream: stream).packets
            let after = try await ProbedFile("\(folder)/\(file)", stream: "0").packets
            #expect(before.count == after.count)
            if keeps { #expect(before.map(\.dataHash) == after.map(\.dataHash)) }
        }
    }

    @Test(arguments: containers.map(\.fixture).filter { $0 != "avi" })
    func soundStaysWithThePictureToWithinOneAudioFrame(fixture: String) async throws {
        let source = try await Fixture.path(fixture)
        let library = try TemporaryFolder()
        let result = try await Importing.run(source, into: library)
        let folder = "\(library.path)/\(result.id)"
        let video = try #require(result.files.first { $0.hasSuffix("p.mp4") })
        let audio = try #require(result.files.first { $0.hasPrefix("audio.") })

        let pictureShift = try await Self.shifts(source, "v:0", "\(folder)/\(video)")
        let soundShift = try await Self.shifts(source, "a:0", "\(folder)/\(audio)")
        // Millisecond containers round; nothing may move by more than one of their ticks.
        let spread = 0.0015
        #expect(pictureShift.upperBound - pictureShift.lowerBound < spread)
        #expect(soundShift.upperBound - soundShift.lowerBound < spread)
        #expect(abs(pictureShift.lowerBound - soundShift.lowerBound) < spread)
    }

    /// How far presentation times moved, least and most.
    private static func shifts(
        _ source: String,
        _ stream: String,
        _ file: String
    ) async throws -> ClosedRange<Double> {
        let before = try await ProbedFile(source, stream: stream).packets.map(\.presentationSeconds)
        let after = try await ProbedFile(file, stream: "0").packets.map(\.presentationSeconds)
        let shifts = zip(before, after).compactMap { old, new in
            old.flatMap { old in new.map { $0 - old } }
        }
        let least = try #require(shifts.min())
        let most = try #require(shifts.max())
        return least...most
    }

    @Test func audioThatStartsLateStillDoes() async throws {
        let library = try TemporaryFolder()
        let result = try await Importing.run(Fixture.path("audiolate"), into: library)
        let packets = try await ProbedFile(
            "\(library.path)/\(result.id)/audio.und.m4a",
            stream: "0"
        ).packets
        let start = try #require(packets.first?.presentationSeconds)
        // 0.7 s less the priming of 1024 samples.
        #expect(abs(start - (0.7 - 1024.0 / 48_000)) < 0.002)
    }

    /// AVI says in which order frames are decoded and not when they are shown.
    @Test func framesReorderedInAVIAreShownInOrder() async throws {
        let folder = try TemporaryFolder()
        let library = try TemporaryFolder()
        let reference = try await Fixture.path("bframes")
        let source = folder.path + "/b.avi"
        try await Tool.ffmpeg(["-i", reference, "-map", "0:v", "-c", "copy", source])
        let result = try await Importing.run(source, into: library)
        let expected = try await ProbedFile(reference, stream: "v:0").packets.compactMap(
            \.presentationSeconds
        )
        let shown = try await ProbedFile("\(library.path)/\(result.id)/180p.mp4", stream: "0")
            .packets
            .compactMap(\.presentationSeconds)
        #expect(shown.count == expected.count)
        #expect(zip(shown, expected).allSatisfy { abs($0 - $1) < 0.001 })
    }

    @Test func changedCodingMidwayIsRefused() async throws {
        await #expect(throws: TranscodingError.configurationChanges(streamIndex: 0)) {
            try await Importing.run(Fixture.path("codecchange"), into: try TemporaryFolder())
        }
    }

    @Test func videoThatCannotBePackagedIsRefusedByName() async throws {
        let error = TranscodingError.unsupportedVideo(codec: "MPEG-1")
        await #expect(throws: error) {
            try await Importing.run(Fixture.path("unpackageable"), into: try TemporaryFolder())
        }
        #expect("\(error)".contains("MPEG-1, which cannot be packaged"))
    }

    @Test func probeDescribesTheStreams() async throws {
        let media = try await ImportJob.probe(
            source: Fixture.path("mkv2audio"),
            executable: [Checkout.origin(), "import-child"]
        )
        #expect(media.container == "matroska,webm")
        #expect(media.streams.map(\.codec) == ["h264", "aac", "aac", "subrip"])
        #expect(media.streams[0].height > 0)
        #expect(media.streams[1].sampleRate == 48_000)
        #expect(abs((media.durationSeconds ?? 0) - 12) < 0.5)
    }
}

/// The import as tests run it.
enum Importing {
    @discardableResult
    static func run(
        _ source: String,
        into library: TemporaryFolder,
        id: String? = nil
    ) async throws -> ImportResult {
        try await ImportJob.run(
            source: source,
            library: library.path,
            id: id,
            executable: [Checkout.origin(), "import-child"]
        )
    }
}

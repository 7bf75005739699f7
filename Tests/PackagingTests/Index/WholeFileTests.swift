import ISOBMFF
import Packaging
import Testing

/// Which files are their own progressive answer.
struct WholeFileTests {
    private let video = MovieBuilder.video(frames: 100, gop: 50)
    private let audio = MovieBuilder.audio(samples: 188, language: "en")

    private func fast(_ tracks: Track..., name: String = "video.mp4") -> SourceFile {
        var file = MovieBuilder.file(tracks[0], name: name, rendition: name)
        file.movie.tracks = tracks
        file.movie.isFastStart = true
        return file
    }

    private func isWhole(_ files: SourceFile...) throws -> [Bool] {
        let source = AssetSource(files: files)
        let index = try AssetIndex.build(from: source, configuration: PackagingConfiguration())
        return index.tracks.filter { $0.kind == .video }.map(\.isWholeFile)
    }

    @Test func oneVideoAndItsAudioAre() throws {
        #expect(try isWhole(fast(video, audio)) == [true])
        #expect(try isWhole(fast(video)) == [true])
    }

    @Test func renditionsWithTheSameAudioAllAre() throws {
        let small = MovieBuilder.video(frames: 100, gop: 50, width: 640, height: 360)
        let files = [fast(video, audio, name: "720p"), fast(small, audio, name: "360p")]
        #expect(try isWhole(files[0], files[1]) == [true, true])
    }

    @Test func aMovieBehindItsSamplesIsNot() throws {
        #expect(try isWhole(MovieBuilder.file(video, audio)) == [false])
    }

    @Test func moreTracksThanOneOfEachAreNot() throws {
        var second = MovieBuilder.audio(samples: 188, language: "de", offset: 200_000_000)
        second.id = 3
        #expect(try isWhole(fast(video, audio, second)) == [false])
        second.kind = .other("tmcd")
        #expect(try isWhole(fast(video, second)) == [false])
    }

    @Test func audioThatIsNotWhatPlaysByDefaultIsNot() throws {
        // Of two that differ in bit rate alone the better one is muxed with every picture.
        let better = MovieBuilder.audio(samples: 188, language: "en", size: 900)
        let small = MovieBuilder.video(frames: 100, gop: 50, width: 640, height: 360)
        let files = [fast(video, audio, name: "720p"), fast(small, better, name: "360p")]
        #expect(try isWhole(files[0], files[1]) == [false, true])
        var separate = MovieBuilder.file(audio, name: "audio.en.m4a")
        separate.audioLanguage = "en"
        #expect(try isWhole(fast(video), separate) == [false])
    }

    @Test func whatPackagingTrimsOrMovesIsNot() throws {
        let trimmed = MovieBuilder.video(frames: 100, gop: 50, edit: Edit(mediaTime: 60 * 512))
        #expect(try isWhole(fast(trimmed)) == [false])
        let late = MovieBuilder.video(frames: 100, gop: 50, edit: Edit(emptyDuration: 512))
        #expect(try isWhole(fast(late)) == [false])
        #expect(try isWhole(fast(late, audio)) == [true])
    }
}

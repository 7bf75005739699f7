import ISOBMFF
import Packaging
import Testing

struct SelectionTests {
    private let video = MovieBuilder.video(frames: 100, gop: 50)

    private func audioFile(
        _ language: String,
        role: TrackRole = .main,
        channels: Int = 2,
        size: UInt32 = 300,
        name: String
    ) -> SourceFile {
        var file = MovieBuilder.file(
            MovieBuilder.audio(samples: 188, channels: channels, size: size),
            name: name
        )
        file.audioLanguage = language
        file.role = role
        return file
    }

    @Test func namesComeFromRenditionLanguageCodecAndRole() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(video, MovieBuilder.audio(samples: 188), rendition: "sd"),
            audioFile("en", role: .commentary, name: "audio.en.commentary.m4a"),
            audioFile("pt-BR", name: "audio.pt-BR.m4a")
        )
        #expect(
            index.tracks.map(\.name) == [
                "video-sd", "audio-und-mp4a", "audio-pt-BR-mp4a", "audio-en-mp4a-commentary",
            ]
        )
        #expect(index.trackIndex(named: "audio-pt-BR-mp4a") == 2)
        #expect(index.trackIndex(named: "audio") == nil)
        #expect(index.tracks[3].role == .commentary)
        #expect(index.tracks.map(\.fileIndex) == [0, 0, 2, 1])
    }

    @Test func renditionIsNamedAfterItsShorterSide() throws {
        let upright = MovieBuilder.video(frames: 100, gop: 50, width: 1080, height: 1920)
        let index = try MovieBuilder.index(MovieBuilder.file(upright))
        #expect(index.tracks[0].label == "1080p")
    }

    @Test func namesAreUniqueAndFitAddresses() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(video, name: "a.mp4", rendition: "né/w"),
            MovieBuilder.file(video, name: "b.mp4", rendition: "né/w"),
            audioFile("x y", name: "c.m4a"),
            audioFile("x y", channels: 6, name: "d.m4a")
        )
        #expect(index.tracks.allSatisfy { MediaAddress.isName($0.name) })
        #expect(Set(index.tracks.map(\.name)).count == 4)
        #expect(Set(index.tracks.map(\.label)).count == 4)
        #expect(index.tracks[0].name == "video-n--w")
        #expect(index.tracks[1].name == "video-n--w-2")
    }

    @Test func betterRenditionsComeFirst() throws {
        let small = MovieBuilder.video(frames: 100, gop: 50, width: 640, height: 360)
        let rich = MovieBuilder.video(
            frames: 100,
            gop: 50,
            width: 640,
            height: 360,
            firstSize: 3000
        )
        let index = try MovieBuilder.index(
            MovieBuilder.file(small, name: "a.mp4", rendition: "a"),
            MovieBuilder.file(rich, name: "b.mp4", rendition: "b"),
            MovieBuilder.file(video, name: "c.mp4", rendition: "c")
        )
        #expect(index.tracks.map(\.label) == ["c", "b", "a"])
    }

    @Test func sameAudioInEveryFileIsKeptOnce() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(video, MovieBuilder.audio(samples: 188), name: "a.mp4"),
            MovieBuilder.file(
                video,
                MovieBuilder.audio(samples: 188, offset: 5_000_000),
                name: "b.mp4"
            )
        )
        #expect(index.tracks.filter { $0.kind == .audio }.map(\.fileIndex) == [0])
        #expect(index.omissions.isEmpty)
    }

    @Test func higherBitRateIsKeptAndTheOtherIsNamed() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(video, MovieBuilder.audio(samples: 188, size: 100), name: "a.mp4"),
            MovieBuilder.file(video, MovieBuilder.audio(samples: 188, size: 900), name: "b.mp4")
        )
        #expect(index.tracks.filter { $0.kind == .audio }.map(\.fileIndex) == [1])
        #expect(index.omissions.map(\.file) == ["a.mp4"])
    }

    @Test func languagesRolesAndChannelsAreAllKept() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(video),
            audioFile("de", name: "1"),
            audioFile("en", name: "2"),
            audioFile("de", channels: 6, name: "3"),
            audioFile("de", role: .description, name: "4")
        )
        #expect(index.tracks.dropFirst().map(\.language) == ["de", "de", "en", "de"])
        #expect(index.tracks.last?.role == .description)
    }

    @Test(arguments: [
        ("eng", "en"), ("ger", "de"), ("deu", "de"), ("zho-Hant", "zh-Hant"), ("und", "und"),
        ("fil", "fil"), ("pt-BR", "pt-BR"), ("", "und"),
    ])
    func languagesHaveTheirShortestTag(_ code: String, _ tag: String) throws {
        let audio = MovieBuilder.audio(samples: 188, language: code)
        let index = try MovieBuilder.index(MovieBuilder.file(video, audio))
        #expect(index.tracks[1].language == tag)
    }

    @Test func unknownCodecIsNamed() throws {
        var audio = MovieBuilder.audio(samples: 188)
        audio.sampleEntries[0].codec = .other("alac")
        let index = try MovieBuilder.index(MovieBuilder.file(video, audio))
        #expect(index.tracks.count == 1)
        #expect(
            index.omissions == [.init(file: "video.mp4", reason: "the codec alac is not packaged")]
        )
    }

    @Test func contradictingSampleTablesAreNamed() throws {
        let changes: [(inout SampleTable) -> Void] = [
            { $0.durations.removeLast() }, { $0.offsetsBytes.removeLast() },
            { $0.dependencies = [.sync] }, { $0.compositionOffsets = [0] },
            { $0.descriptionIndexes = [UInt8](repeating: 1, count: 188) },
        ]
        for change in changes {
            var audio = MovieBuilder.audio(samples: 188)
            change(&audio.samples)
            let index = try MovieBuilder.index(MovieBuilder.file(video, audio))
            #expect(index.tracks.count == 1)
            #expect(index.omissions.count == 1)
        }
    }

    @Test func coverPictureIsPassedOverForTheVideo() throws {
        var cover = MovieBuilder.video(frames: 1, gop: 1)
        cover.sampleEntries[0].codec = .other("jpeg")
        let index = try MovieBuilder.index(MovieBuilder.file(cover, video))
        #expect(index.tracks.count == 1)
        #expect(try index.samples(ofTrack: 0, groups: 0..<1).count == 50)
    }

    @Test func disabledVideoIsTakenOnlyWhereThereIsNoOther() throws {
        var disabled = MovieBuilder.video(frames: 100, gop: 50, width: 1920, height: 1080)
        disabled.isEnabled = false
        let both = try MovieBuilder.index(MovieBuilder.file(disabled, video))
        #expect(both.tracks.map(\.label) == ["720p"])
        let alone = try MovieBuilder.index(MovieBuilder.file(disabled))
        #expect(alone.tracks.map(\.label) == ["1080p"])
    }

    @Test func embeddedTextOfAnotherFormatIsAnOmission() throws {
        var text = MovieBuilder.audio(samples: 10)
        text.kind = .text
        text.sampleEntries[0].codec = .other("stpp")
        let index = try MovieBuilder.index(MovieBuilder.file(video, text))
        #expect(index.omissions.map(\.reason) == ["the text format of track 2 is not packaged"])
    }

    @Test func nothingToPackageIsAnError() {
        #expect(throws: PackagingError.nothingToPackage) { try MovieBuilder.index() }
        var audio = MovieBuilder.audio(samples: 10)
        audio.sampleEntries[0].codec = .other("alac")
        #expect(throws: PackagingError.nothingToPackage) {
            try MovieBuilder.index(MovieBuilder.file(audio))
        }
    }

    @Test func subtitlesAreTracksAndBrokenOnesAreNamed() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(video),
            subtitles: [
                StorageTests.subtitles,
                SubtitleFile(name: "x.vtt", language: "x", bytes: Array("no".utf8)),
                SubtitleFile(
                    name: "en.sdh.vtt",
                    language: "en",
                    role: .sdh,
                    bytes: StorageTests.subtitles.bytes
                ),
            ]
        )
        #expect(index.subtitles.map(\.name) == ["text-en", "text-en-sdh"])
        #expect(index.subtitles[0].document.cues.count == 1)
        #expect(index.omissions.map(\.file) == ["x.vtt"])
    }
}

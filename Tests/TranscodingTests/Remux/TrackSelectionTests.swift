import Testing
import Transcoding

struct TrackSelectionTests {
    private typealias Stream = MediaDescription.Stream

    private static func stream(
        _ kind: MediaDescription.Stream.Kind,
        _ codec: String,
        _ language: String? = nil,
        change: (inout MediaDescription.Stream) -> Void = { _ in }
    ) -> MediaDescription.Stream {
        var stream = MediaDescription.Stream(index: 0, kind: kind, codec: codec)
        stream.language = language
        stream.height = kind == .video ? 720 : 0
        stream.sampleRate = kind == .audio ? 48_000 : 0
        change(&stream)
        return stream
    }

    private static func select(
        _ streams: [MediaDescription.Stream]
    ) throws(TranscodingError) -> TrackSelection {
        let numbered = streams.enumerated().map { index, stream in
            var stream = stream
            stream.index = index
            return stream
        }
        return try TrackSelection(
            MediaDescription(
                container: "x",
                containerName: "x",
                durationSeconds: nil,
                sizeBytes: 1,
                streams: numbered
            )
        )
    }

    @Test func soundsOfOneLanguageGetDifferentNames() throws {
        let selection = try Self.select([
            Self.stream(.video, "h264"),
            Self.stream(.audio, "aac", "eng"),
            Self.stream(.audio, "ac3", "eng"),
            Self.stream(.audio, "aac", "eng") { $0.isCommentary = true },
            Self.stream(.audio, "aac", "eng") { $0.isDescription = true },
            Self.stream(.audio, "opus", "jpn"),
            Self.stream(.audio, "aac"),
        ])
        #expect(
            selection.files == [
                "720p.mp4", "audio.en.m4a", "audio.en.ac3.m4a", "audio.en.commentary.m4a",
                "audio.en.description.m4a", "audio.ja.m4a", "audio.und.m4a",
            ]
        )
        #expect(selection.warnings == [])
    }

    @Test func soundThatCannotBeToldApartIsLeftOutWithAWarning() throws {
        let same = Array(repeating: Self.stream(.audio, "aac", "eng"), count: 5)
        let selection = try Self.select(same)
        #expect(Set(selection.files).count == 4)
        #expect(selection.warnings.count == 1)
    }

    @Test func oneOfSeveralSoundsThatCannotBePackagedIsLeftOut() throws {
        let selection = try Self.select([
            Self.stream(.audio, "dts", "eng"), Self.stream(.audio, "aac", "eng"),
        ])
        #expect(selection.files == ["audio.en.m4a"])
        #expect(selection.warnings.first?.contains("DTS") == true)
    }

    @Test func soundThatCannotBePackagedAtAllIsRefusedByName() {
        #expect(throws: TranscodingError.unsupportedAudio(codec: "Vorbis")) {
            try Self.select([Self.stream(.video, "h264"), Self.stream(.audio, "vorbis")])
        }
    }

    @Test func aPictureThatCannotBePackagedIsRefusedByName() {
        #expect(throws: TranscodingError.unsupportedVideo(codec: "MPEG-2")) {
            try Self.select([Self.stream(.video, "mpeg2video"), Self.stream(.audio, "aac")])
        }
    }

    @Test func coverArtIsNoVideo() throws {
        let selection = try Self.select([
            Self.stream(.video, "mjpeg") { $0.isAttachedPicture = true },
            Self.stream(.audio, "mp3"),
        ])
        #expect(selection.files == ["audio.und.m4a"])
    }

    @Test func aFileWithNeitherIsRefused() {
        #expect(throws: TranscodingError.nothingToImport) {
            try Self.select([Self.stream(.subtitle, "subrip")])
        }
    }

    @Test func theDefaultVideoIsTakenAndTheOtherNamed() throws {
        let selection = try Self.select([
            Self.stream(.video, "h264") { $0.height = 360 },
            Self.stream(.video, "h264") { $0.isDefault = true },
        ])
        #expect(selection.files == ["720p.mp4"])
        #expect(selection.warnings.count == 1)
    }

    @Test func subtitlesAreNamedByLanguageAndRole() throws {
        let selection = try Self.select([
            Self.stream(.audio, "aac"),
            Self.stream(.subtitle, "subrip", "ger"),
            Self.stream(.subtitle, "webvtt", "ger") { $0.isForHearingImpaired = true },
            Self.stream(.subtitle, "mov_text", "eng") { $0.isForced = true },
            Self.stream(.subtitle, "hdmv_pgs_subtitle", "eng"),
        ])
        #expect(selection.subtitles.map(\.fileName) == ["de.vtt", "de.sdh.vtt", "en.forced.vtt"])
        #expect(selection.warnings.first?.contains("PGS") == true)
    }

    @Test(arguments: [
        ("eng", "en", "eng"), ("ger", "de", "deu"), ("deu", "de", "deu"), ("fre", "fr", "fra"),
        ("pt-BR", "pt", "por"), ("haw", "haw", "haw"), ("und", "und", "und"), ("", "und", "und"),
        ("../x", "und", "und"), ("e", "und", "und"), ("chi", "zh", "zho"),
    ])
    func languagesAreShortInNamesAndLongInFiles(code: String, tag: String, long: String) {
        let language = LanguageCode(code)
        #expect(language.tag == tag)
        #expect(language.iso639 == long)
    }
}

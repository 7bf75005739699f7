import OriginServer
import Packaging
import Testing

struct LibraryFileNameTests {
    @Test(arguments: [
        ("1080p.mp4", LibraryFileName.rendition("1080p")),
        ("720p.hdr.mp4", .rendition("720p.hdr")),
        ("audio.en.m4a", .audio(language: "en", role: .main)),
        ("audio.pt-BR.commentary.m4a", .audio(language: "pt-BR", role: .commentary)),
        ("audio.en.ac3.m4a", .audio(language: "en", role: .main)),
        ("audio.de.description.mp4a.m4a", .audio(language: "de", role: .description)),
        ("en.vtt", .subtitles(language: "en", role: .main)),
        ("zh-Hant.sdh.vtt", .subtitles(language: "zh-Hant", role: .sdh)),
    ])
    func namesSayWhatAFileIs(name: String, expected: LibraryFileName) {
        #expect(LibraryFileName(name) == expected)
    }

    @Test(arguments: [
        "", ".mp4", "mp4", ".hidden.mp4", "720p.mp4.tmp", "audio.m4a", "audio.e.m4a", "song.m4a",
        "audio.en.commentary.ac3.more.m4a", "audio.en.ac3.main.m4a", "en.unknown.vtt", "e.vtt",
        "12.vtt", "notes.txt", "a b.mp4", "..mp4",
    ])
    func otherNamesAreNoPartOfTheVideo(name: String) {
        #expect(LibraryFileName(name) == nil)
    }
}

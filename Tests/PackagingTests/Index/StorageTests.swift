import ISOBMFF
import Packaging
import Testing

struct StorageTests {
    static let subtitles = SubtitleFile(
        name: "en.vtt",
        language: "en",
        bytes: Array("WEBVTT\n\nSTYLE\n::cue {}\n\n1\n00:01.000 --> 00:02.500 line:0\nHello\n".utf8)
    )

    @Test func everythingSurvivesStorage() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(
                MovieBuilder.video(frames: 1000, gop: 50),
                MovieBuilder.audio(samples: 1900)
            ),
            subtitles: [Self.subtitles]
        )
        #expect(try AssetIndex(serialized: index.serialized()) == index)
    }
}

import Foundation
import TestSupport
import Testing
import Transcoding

/// Which tracks come into the library and under which names, from a file made for it.
struct ImportTrackTests {
    /// Picture, three languages of sound in three codecs, cover art and subtitles.
    private static func source(in folder: TemporaryFolder) async throws -> String {
        let subtitles = try folder.write(
            "a.srt",
            Data("1\n00:00:01,000 --> 00:00:02,500\n<i>A</i> & <font color=red>B</font>\n\n".utf8)
        )
        let path = folder.path + "/Été & more.mkv"
        let sound = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=3"]
        try await Tool.ffmpeg(
            ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=3"] + sound + [
                "-i", subtitles, "-map", "0", "-map", "1", "-map", "1", "-map", "1", "-map", "1",
                "-map", "2", "-c:v", "libx264", "-preset", "veryfast", "-c:a:0", "aac",
                "-c:a:1", "ac3", "-c:a:2", "aac", "-c:a:3", "pcm_s16le", "-c:s", "srt",
                "-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=ger",
                "-metadata:s:a:2", "language=eng", "-disposition:a:2", "comment",
                "-metadata:s:s:0", "language=fre", path,
            ]
        )
        return path
    }

    @Test func tracksAreNamedByLanguageRoleAndKind() async throws {
        let library = try TemporaryFolder()
        let folder = try TemporaryFolder()
        let result = try await Importing.run(Self.source(in: folder), into: library)
        #expect(result.id == "Ete-more")
        #expect(
            result.files == [
                "90p.mp4", "audio.en.m4a", "audio.de.m4a", "audio.en.commentary.m4a", "fr.vtt",
            ]
        )
        #expect(try library.names() == ["Ete-more"])
        #expect(result.warnings.count == 1)
        #expect(result.warnings.first?.contains("PCM") == true)

        let text = try String(
            contentsOfFile: "\(library.path)/Ete-more/fr.vtt",
            encoding: .utf8
        )
        #expect(text.hasPrefix("WEBVTT\n\n00:00:01."))
        #expect(text.hasSuffix("\n<i>A</i> &amp; B\n"))
    }
}

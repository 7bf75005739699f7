import ISOBMFF
import Packaging
import Testing

struct VersionTests {
    private func version(
        name: String = "a.mp4",
        digest: UInt64 = 1,
        target: Int64 = 4,
        subtitles: [SubtitleFile] = []
    ) throws -> AssetVersion {
        let video = MovieBuilder.video(frames: 100, gop: 50)
        return try MovieBuilder.index(
            MovieBuilder.file(video, name: name, digest: digest),
            subtitles: subtitles,
            target: target
        ).version
    }

    @Test func equalSourcesHaveEqualVersions() throws {
        #expect(try version() == version())
    }

    @Test func versionNeverChangesForTheSameFormat() throws {
        // Every address of every asset holds it: whoever changes this on purpose raises the format
        // version and writes the new value here.
        #expect(try version().text == "3b24ea16aa57cda4")
    }

    @Test func whateverMovesBytesOrBoundariesChangesTheVersion() throws {
        let versions = [
            try version(),
            try version(name: "b.mp4"),
            try version(digest: 2),
            try version(target: 6),
            try version(subtitles: [StorageTests.subtitles]),
        ]
        #expect(Set(versions).count == versions.count)
    }
}

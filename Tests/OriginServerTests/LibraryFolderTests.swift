import Foundation
import OriginServer
import Testing

struct LibraryFolderTests {
    private let folder: TemporaryFolder
    private let library: LibraryFolder

    init() throws {
        folder = try TemporaryFolder()
        library = LibraryFolder(path: folder.path)
    }

    @Test func aSingleFileIsAVideo() throws {
        try folder.write("talk.mp4")
        let snapshot = try #require(try library.snapshot(of: "talk"))
        #expect(snapshot.files.map(\.name) == ["talk.mp4"])
        #expect(try library.videoIDs() == ["talk"])
    }

    @Test func aFolderHoldsRenditionsAudioAndSubtitles() throws {
        for name in ["720p.mp4", "1080p.mp4", "audio.de.m4a", "en.vtt", "notes.txt", ".part.mp4"] {
            try folder.write("film/" + name)
        }
        let snapshot = try #require(try library.snapshot(of: "film"))
        #expect(snapshot.files.map(\.name) == ["1080p.mp4", "720p.mp4", "audio.de.m4a", "en.vtt"])
        #expect(snapshot.mediaFiles.map(\.name) == ["1080p.mp4", "720p.mp4", "audio.de.m4a"])
    }

    @Test func aFolderIsStrongerThanAFileOfTheSameName() throws {
        try folder.write("film.mp4")
        try folder.write("film/720p.mp4")
        #expect(try library.snapshot(of: "film")?.files.map(\.name) == ["720p.mp4"])
    }

    @Test func aFolderWithSubtitlesOnlyIsNoVideo() throws {
        try folder.write("film/en.vtt")
        #expect(try library.snapshot(of: "film") == nil)
    }

    @Test(arguments: ["", "..", "../etc/passwd", ".hidden", "a/b", "nothing"])
    func whatIsNoIdOrNotThereIsNil(id: String) throws {
        #expect(try library.snapshot(of: id) == nil)
    }

    @Test func aFileWrittenInPlaceHasAnotherIdentity() throws {
        let path = try folder.write("talk.mp4", [1, 2, 3])
        let before = try library.snapshot(of: "talk")
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data([4]))
        try handle.close()
        #expect(try library.snapshot(of: "talk") != before)
    }

    @Test func aFileReplacedByRenameHasAnotherIdentity() throws {
        let path = try folder.write("talk.mp4", [1, 2, 3])
        let before = try library.snapshot(of: "talk")
        let other = try folder.write("other", [1, 2, 3])
        #expect(unsafe rename(other, path) == 0)
        #expect(try library.snapshot(of: "talk") != before)
    }

    @Test func aFolderThatCannotBeReadIsAnErrorAndNotAnEmptyLibrary() throws {
        let path = String(repeating: "x", count: 5000)
        #expect(throws: LibraryError.self) { try LibraryFolder(path: path).videoIDs() }
    }

    @Test func tooManyFilesAreRefused() throws {
        for number in 0...LibraryLimits.filesPerVideo { try folder.write("film/\(number)p.mp4") }
        #expect(
            throws: LibraryError.tooManyFiles(folder: "film", limit: LibraryLimits.filesPerVideo)
        ) {
            try library.snapshot(of: "film")
        }
    }
}

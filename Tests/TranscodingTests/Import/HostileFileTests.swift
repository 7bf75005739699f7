import Foundation
import TestSupport
import Testing
import Transcoding

/// Files that are wrong, by accident or on purpose: a typed error, in bounded time, nothing left.
struct HostileFileTests {
    private static func expectRefusal(
        of bytes: some DataProtocol,
        name: String = "x.mkv",
        as expected: (String) -> TranscodingError
    ) async throws {
        let folder = try TemporaryFolder()
        let library = try TemporaryFolder()
        let path = try folder.write(name, bytes)
        await #expect(throws: expected(path)) {
            try await Importing.run(path, into: library)
        }
        #expect(try library.names() == [])
    }

    @Test func noiseIsNoMedia() async throws {
        var generator = SplitMix(state: 7)
        let noise = (0..<3_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        try await Self.expectRefusal(of: noise, as: TranscodingError.notMedia(path:))
    }

    @Test func aTextFileIsNoMedia() async throws {
        try await Self.expectRefusal(
            of: Data("just a text\n".utf8),
            as: TranscodingError.notMedia(path:)
        )
    }

    @Test func anEmptyFileIsSaidToBeEmpty() async throws {
        try await Self.expectRefusal(of: Data(), as: TranscodingError.emptyFile(path:))
    }

    @Test func aPlaylistIsRefusedAndNothingItNamesIsOpened() async throws {
        let playlist = """
            #EXTM3U
            #EXT-X-TARGETDURATION:10
            #EXTINF:9.0,
            /etc/passwd
            #EXT-X-ENDLIST

            """
        try await Self.expectRefusal(of: Data(playlist.utf8)) { _ in
            .refusedContainer(format: "hls")
        }
    }

    @Test func aConcatenationScriptIsRefused() async throws {
        try await Self.expectRefusal(of: Data("ffconcat version 1.0\nfile /etc/passwd\n".utf8)) {
            _ in .refusedContainer(format: "concat")
        }
    }

    @Test func aFolderIsNoFile() async throws {
        let folder = try TemporaryFolder()
        await #expect(throws: TranscodingError.notAFile(path: folder.path)) {
            try await Importing.run(folder.path, into: try TemporaryFolder())
        }
    }

    @Test func aMissingFileIsNamed() async throws {
        let path = "/nowhere/at/all.mkv"
        await #expect(throws: TranscodingError.notFound(path: path)) {
            try await Importing.run(path, into: try TemporaryFolder())
        }
    }

    @Test func aNamedPipeDoesNotBlock() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/pipe.mkv"
        try await Tool.run("mkfifo", [path])
        await #expect(throws: TranscodingError.notAFile(path: path)) {
            try await Importing.run(path, into: try TemporaryFolder())
        }
    }

    @Test func aMatroskaFileCutInHalfIsSaidToBeCutShort() async throws {
        let whole = try await Fixture.bytes("mkv2audio")
        let folder = try TemporaryFolder()
        let library = try TemporaryFolder()
        let path = try folder.write("cut.mkv", whole.prefix(whole.count / 2))
        do {
            try await Importing.run(path, into: library)
            Issue.record("a file cut in half was imported")
        } catch TranscodingError.truncated(let declared, let found) {
            #expect(declared > 11)
            #expect(found < 9)
        }
        #expect(try library.names() == [])
    }

    @Test func anMP4FileWithoutItsIndexIsSaidToBeCutShort() async throws {
        let whole = try await Fixture.bytes("moovend")
        try await Self.expectRefusal(of: whole.prefix(whole.count / 2), name: "x.mp4") { _ in
            .missingIndex
        }
    }

    @Test func encryptedSamplesAreRefused() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/encrypted.mp4"
        try await Tool.ffmpeg([
            "-i", Fixture.path("basic"), "-c", "copy", "-encryption_scheme", "cenc-aes-ctr",
            "-encryption_key", String(repeating: "1", count: 32),
            "-encryption_kid", String(repeating: "2", count: 32), path,
        ])
        await #expect(throws: TranscodingError.encrypted) {
            try await Importing.run(path, into: try TemporaryFolder())
        }
    }

    @Test(arguments: ["mkv2audio", "ts", "bframes", "flv"])
    func damagedBytesNeverHangOrCrashAndLeaveNothingHalfDone(fixture: String) async throws {
        let whole = try await Fixture.bytes(fixture)
        let folder = try TemporaryFolder()
        let library = try TemporaryFolder()
        var generator = SplitMix(state: 42)
        for round in 0..<25 {
            var bytes = whole
            for _ in 0..<40 {
                // Half of the damage goes where the headers are.
                let reach = generator.next() % 2 == 0 ? min(4_096, bytes.count) : bytes.count
                let place = Int(generator.next() % UInt64(reach))
                bytes[place] = UInt8(truncatingIfNeeded: generator.next())
            }
            let path = try folder.write("damaged", bytes)
            do {
                try await Importing.run(path, into: library, id: "r\(round)")
                #expect(try library.names().contains("r\(round)"))
            } catch let error as TranscodingError {
                if case .crashed = error { Issue.record("round \(round): \(error)") }
                #expect(try !library.names().contains("r\(round)"))
            }
        }
        #expect(try !library.names().contains { $0.hasPrefix(".") })
    }
}

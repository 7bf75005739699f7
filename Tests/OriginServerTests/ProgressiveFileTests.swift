import Foundation
import OriginServer
import Testing

/// `/{quality}.mp4`: the file itself where it is one, else one that is made of the asset.
struct ProgressiveFileTests {
    private func answer(
        to quality: String,
        fields: [String: String] = [:],
        library: (TemporaryFolder) async throws -> Void
    ) async throws -> (Client.Answer, TemporaryFolder) {
        let folder = try TemporaryFolder()
        try await library(folder)
        nonisolated(unsafe) var answer: Client.Answer?
        try await RunningOrigin.serving(folder) { origin in
            unsafe answer = try await origin.media("/videos/film/\(quality).mp4", fields: fields)
        }
        return (try unsafe #require(answer), folder)
    }

    @Test(arguments: ["basic", "bframes", "hevc", "noaudio"])
    func aFileThatStartsFastIsItsOwnAnswer(fixture: String) async throws {
        let (answer, folder) = try await answer(to: "180p") {
            try await $0.copy(fixture, to: "library/film.mp4")
        }
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "video/mp4")
        #expect(answer["etag"]?.hasSuffix("-file\"") == true)
        #expect(try answer.body == folder.bytes("library/film.mp4"))
    }

    @Test func aRangeOfItIsARangeOfTheFile() async throws {
        let (answer, folder) = try await answer(to: "180p", fields: ["Range": "bytes=1000-"]) {
            try await $0.copy("basic", to: "library/film.mp4")
        }
        #expect(answer.status == 206)
        #expect(try answer.body == Array(folder.bytes("library/film.mp4").dropFirst(1000)))
    }

    /// Behind its samples, in fragments, starting inside a frame group, QuickTime: nothing that a
    /// player can begin to play at once and as meant.
    @Test(arguments: ["moovend", "fragmented", "editlist", "mov"])
    func anyOtherIsMadeAnew(fixture: String) async throws {
        let (answer, folder) = try await answer(to: "180p") {
            try await $0.copy(fixture, to: "library/film.mp4")
        }
        #expect(answer.status == 200)
        #expect(answer["etag"]?.contains("file") == false)
        #expect(try answer.body != folder.bytes("library/film.mp4"))
        #expect(try Self.boxes(answer.body).prefix(3) == ["ftyp", "moov", "mdat"])
    }

    @Test func audioThatLiesBesideTheVideoIsMuxedIn() async throws {
        let (answer, folder) = try await answer(to: "720p") {
            try await $0.copy("ladder", to: "library/film")
        }
        #expect(try answer.body != folder.bytes("library/film/720p.mp4"))
        #expect(answer["etag"]?.contains("file") == false)
    }

    private static func boxes(_ bytes: [UInt8]) throws -> [String] {
        var names: [String] = []
        var position = 0
        while position + 8 <= bytes.count {
            names.append(String(decoding: bytes[position + 4..<position + 8], as: UTF8.self))
            let size = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            guard size >= 8 else { break }
            position += size
        }
        return names
    }
}

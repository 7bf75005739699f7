import Foundation
import NIOCore
import OriginServer
import Platform
import Testing

/// What a library may hold beside videos, by accident or by malice.
@Suite(.timeLimit(.minutes(2)))
struct StrangeLibraryTests {
    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        try await folder.copy("basic", to: "library/basic.mp4")
    }

    @Test func whatIsNoFileIsNoVideoAndHoldsNobodyUp() async throws {
        let library = folder.path + "/library/"
        let files = FileManager.default
        #expect(unsafe mkfifo(library + "pipe.mp4", 0o600) == 0)
        try folder.write("library/folder/720p.mp4/inner")
        try folder.write("library/fifos/notes.txt")
        #expect(unsafe mkfifo(library + "fifos/720p.mp4", 0o600) == 0)
        try files.createSymbolicLink(atPath: library + "loop.mp4", withDestinationPath: "loop.mp4")
        try files.createSymbolicLink(atPath: library + "round", withDestinationPath: "round")
        try files.createSymbolicLink(atPath: library + "zero.mp4", withDestinationPath: "/dev/zero")
        try files.createSymbolicLink(atPath: library + "gone.mp4", withDestinationPath: "nowhere")
        let test = TestStore(folder)
        for id in ["pipe", "folder", "fifos", "loop", "round", "zero", "gone"] {
            guard case .failure(.unknown) = await test.store.load(id) else {
                Issue.record("\(id) is not unknown")
                continue
            }
        }
        _ = try await test.asset("basic")
    }

    @Test func aLinkToAVideoIsAVideo() async throws {
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/library/link.mp4",
            withDestinationPath: "basic.mp4"
        )
        _ = try await TestStore(folder).asset("link")
    }

    @Test func namesThatAreNoIdsAreNotListed() async throws {
        let bytes = try folder.bytes("library/basic.mp4")
        for name in ["ü.mp4", "a b.mp4", "a\"b.mp4", ".hidden.mp4", "a\nb.mp4"] {
            try folder.write("library/" + name, bytes)
        }
        #expect(try await TestStore(folder).store.videoIDs() == ["basic"])
    }

    @Test func damagedFilesAreServedOrRefusedAndNothingElse() async throws {
        var random = SplitMix(state: 2)
        for source in ["basic", "fragmented"] {
            try await folder.copy(source, to: "source")
            let bytes = try folder.bytes("source")
            try folder.remove("source")
            let test = TestStore(folder, recheck: .zero)
            for _ in 0..<150 {
                var damaged = bytes
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    // Headers are where it hurts: both ends of the file.
                    let near = Int.random(in: 0..<min(30_000, bytes.count), using: &random)
                    let place = Bool.random(using: &random) ? near : bytes.count - 1 - near
                    damaged[place] = UInt8.random(in: 0...255, using: &random)
                }
                try folder.write("library/hurt.mp4", damaged)
                switch await test.store.load("hurt") {
                case .success(let asset): #expect(asset.sizeBytes < 1 << 20)
                case .failure(.broken(let file, _)): #expect(file == "hurt.mp4")
                case .failure(let failure): Issue.record("\(failure)")
                }
            }
        }
    }
}

/// The same numbers in every run. Vigna, "Further scramblings of Marsaglia's xorshift generators"
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

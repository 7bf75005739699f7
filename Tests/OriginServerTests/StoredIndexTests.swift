import Foundation
import NIOCore
import OriginServer
import Packaging
import Platform
import Testing

/// What a restart finds in the data folder.
struct StoredIndexTests {
    private let folder: TemporaryFolder
    private let index = "data/indexes/basic.index"

    init() async throws {
        folder = try TemporaryFolder()
        try await folder.copy("basic", to: "library/basic.mp4")
    }

    /// Loads the video with a store of its own, as after a restart; says what had to be done.
    private func restart(
        _ configuration: PackagingConfiguration = PackagingConfiguration()
    ) async throws -> (version: AssetVersion, built: UInt64, read: UInt64) {
        let test = TestStore(folder, configuration: configuration)
        let version = try await test.asset("basic").index.version
        // The index is stored behind the answer, on one of the store's threads.
        try await test.settle()
        return (version, test.store.counters.built.value, test.store.counters.read.value)
    }

    @Test func aRestartReadsTheStoredIndex() async throws {
        let first = try await restart()
        let second = try await restart()
        #expect(first.built == 1 && first.read == 0)
        #expect(second.built == 0 && second.read == 1)
        #expect(first.version == second.version)
    }

    @Test func aStoredIndexPackagesTheSameBytes() async throws {
        _ = try await restart()
        let stored = try await TestStore(folder).asset("basic").index
        try folder.remove("data")
        let built = try await TestStore(folder).asset("basic").index
        #expect(stored.serialized() == built.serialized())
    }

    @Test(arguments: ["flipped", "truncated", "empty", "foreign", "folder"])
    func whatIsNoIndexOfThisVideoIsBuiltAnew(kind: String) async throws {
        let first = try await restart()
        var bytes = try folder.bytes(index)
        switch kind {
        case "flipped": bytes[bytes.count / 2] ^= 0x10
        case "truncated": bytes.removeLast(bytes.count / 2)
        case "empty": bytes = []
        case "foreign":
            try folder.write("library/other.mp4", try folder.bytes("library/basic.mp4"))
            let other = TestStore(folder)
            _ = try await other.asset("other")
            try await other.settle()
            bytes = try folder.bytes("data/indexes/other.index")
        default: break
        }
        try folder.remove(index)
        if kind == "folder" {
            try folder.write(index + "/file")
        } else {
            try folder.write(index, bytes)
        }
        let second = try await restart()
        #expect(second.built == 1 && second.read == 0)
        #expect(second.version == first.version)
        if kind != "folder" {
            #expect(try await restart().read == 1, "it is stored anew")
        }
    }

    @Test func anotherConfigurationIsAnotherIndex() async throws {
        let first = try await restart()
        let choices = [
            PackagingConfiguration(targetSegmentDuration: MediaTime(2, timescale: 1)),
            PackagingConfiguration(allowsHEVCInTransportStream: true),
        ]
        for choice in choices {
            let other = try await restart(choice)
            #expect(other.built == 1, "\(choice)")
            #expect(other.version != first.version, "\(choice)")
        }
    }

    @Test func aReplacedFileIsNotServedFromTheOldIndex() async throws {
        let first = try await restart()
        try await folder.replace("library/basic.mp4", with: "noaudio")
        let second = try await restart()
        #expect(second.built == 1)
        #expect(second.version != first.version)
    }

    @Test func equalCopiesHaveEqualVersionsWhateverTheirTimes() async throws {
        let first = try await restart()
        let other = try TemporaryFolder()
        try await other.copy("basic", to: "library/basic.mp4")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)],
            ofItemAtPath: other.path + "/library/basic.mp4"
        )
        let asset = try await TestStore(other).asset("basic")
        #expect(asset.index.version == first.version)
        #expect(asset.entityTag == (try await TestStore(folder).asset("basic").entityTag))
    }

    @Test func aDataFolderThatTakesNothingCostsTheStoredIndexOnly() async throws {
        // A file in the folder's place refuses everybody, root too.
        try folder.write("data")
        let first = try await restart()
        let second = try await restart()
        #expect(first.built == 1 && second.built == 1)
    }

    @Test func whatACrashLeftIsRemoved() throws {
        let kept = try folder.write("data/indexes/a.index")
        let left = try folder.write("data/indexes/b.index.17-1.tmp")
        IndexFile(dataFolder: folder.path + "/data").removeTemporaries()
        #expect(FileManager.default.fileExists(atPath: kept))
        #expect(!FileManager.default.fileExists(atPath: left))
    }
}

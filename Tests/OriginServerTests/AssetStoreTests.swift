import Foundation
import NIOCore
import OriginServer
import Packaging
import Platform
import Testing

/// Videos as they are found, kept, changed and lost.
struct AssetStoreTests {
    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        try await folder.copy("basic", to: "library/basic.mp4")
    }

    @Test func theFirstLookUpBuildsAndTheNextIsFromMemory() async throws {
        let test = TestStore(folder)
        #expect(test.store.ready("basic") == nil)
        _ = try await test.asset("basic")
        #expect(test.store.ready("basic") != nil)
        #expect(test.store.counters.built.value == 1)
        #expect(test.store.counters.hits.value == 1)
    }

    @Test func anUnknownVideoIsUnknown() async throws {
        for id in ["nothing", "..", "", "a/b"] {
            #expect(await TestStore(folder).store.load(id) == .failure(.unknown))
        }
    }

    @Test func aHundredFirstRequestsBuildOnce() async throws {
        let test = TestStore(folder)
        let versions = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<100 {
                group.addTask { try await test.asset("basic").index.version.text }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(versions.count == 1)
        #expect(test.store.counters.built.value == 1)
    }

    @Test func anAssetIsLookedAtAgainAfterTheInterval() async throws {
        let test = TestStore(folder)
        let before = try await test.asset("basic").index.version
        try await folder.replace("library/basic.mp4", with: "noaudio")
        #expect(try test.store.ready("basic")?.get().index.version == before)
        test.advance(.seconds(1))
        #expect(test.store.ready("basic") == nil)
        #expect(try await test.asset("basic").index.version != before)
        #expect(test.store.counters.built.value == 2)
    }

    @Test func aFileWrittenInPlaceIsReadAgain() async throws {
        let test = TestStore(folder, recheck: .zero)
        let before = try await test.asset("basic").index.version
        let other = try await Media.path("noaudio")
        try Data(contentsOf: URL(fileURLWithPath: other))
            .write(to: URL(fileURLWithPath: folder.path + "/library/basic.mp4"), options: [])
        #expect(try await test.asset("basic").index.version != before)
    }

    @Test func aVideoThatIsGoneIsUnknownAndComesBack() async throws {
        let test = TestStore(folder, recheck: .zero)
        let before = try await test.asset("basic").index.version
        try folder.move("library/basic.mp4", to: "aside")
        #expect(await test.store.load("basic") == .failure(.unknown))
        #expect(test.store.count == 0)
        try folder.move("aside", to: "library/basic.mp4")
        #expect(try await test.asset("basic").index.version == before)
    }

    @Test func aLibraryThatIsGoneIsUnavailableAndNotEmpty() async throws {
        let test = TestStore(folder, recheck: .zero)
        _ = try await test.asset("basic")
        try folder.move("library", to: "aside")
        guard case .failure(.unavailable(let reason)) = await test.store.load("basic") else {
            Issue.record("not unavailable")
            return
        }
        #expect(!reason.contains(folder.path), "viewers need not know the origin's paths")
        await #expect(throws: LibraryError.self) { try await test.store.videoIDs() }
        try folder.move("aside", to: "library")
        _ = try await test.asset("basic")
        #expect(test.store.counters.built.value == 1)
    }

    @Test(arguments: ["", "text", "noise", "truncated"])
    func aBrokenFileSaysWhichAndWhyAndRecovers(kind: String) async throws {
        let bytes = try folder.bytes("library/basic.mp4")
        let broken: [UInt8] =
            switch kind {
            case "text": Array("this is no video".utf8)
            case "noise": (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
            case "truncated": Array(bytes.prefix(bytes.count / 3))
            default: []
            }
        try folder.write("library/talk.mp4", broken)
        let test = TestStore(folder, recheck: .zero)
        guard case .failure(.broken(let file, let reason)) = await test.store.load("talk") else {
            Issue.record("not broken")
            return
        }
        #expect(file == "talk.mp4")
        #expect(!reason.isEmpty)
        // Asked again, it is not read again.
        _ = await test.store.load("talk")
        #expect(test.store.counters.failed.value == 1)
        try folder.write("library/talk.mp4", bytes)
        _ = try await test.asset("talk")
    }

    @Test func theLeastLatelyUsedGoesWhenTooManyAreOpen() async throws {
        for id in ["one", "two", "three"] {
            try folder.write("library/\(id).mp4", try folder.bytes("library/basic.mp4"))
        }
        let test = TestStore(folder, maximumOpen: 2, recheck: .hours(1))
        for id in ["one", "two"] {
            _ = try await test.asset(id)
            test.advance(.seconds(1))
        }
        _ = test.store.ready("one")
        test.advance(.seconds(1))
        _ = try await test.asset("three")
        #expect(test.store.contents.map(\.id) == ["one", "three"])
        #expect(test.store.counters.evicted.value == 1)
    }

    @Test func whatIsInMemoryStaysBelowItsLimit() async throws {
        for id in ["one", "two", "three"] {
            try folder.write("library/\(id).mp4", try folder.bytes("library/basic.mp4"))
        }
        let size = try await TestStore(folder).asset("basic").sizeBytes
        let test = TestStore(folder, memoryBytes: 2 * size + 1)
        for id in ["one", "two", "three", "basic"] {
            _ = try await test.asset(id)
            #expect(test.store.memoryBytes <= 2 * size + 1)
            test.advance(.seconds(1))
        }
        #expect(test.store.count == 2)
    }

    @Test func manifestsCountAsMemoryAndMakeRoom() async throws {
        try folder.write("library/two.mp4", try folder.bytes("library/basic.mp4"))
        let test = TestStore(folder, memoryBytes: 100_000, recheck: .hours(1))
        let first = try await test.asset("basic")
        test.advance(.seconds(1))
        _ = try await test.asset("two")
        _ = first.manifest(.dashManifest("")) { [UInt8](repeating: 0, count: 100_000) }
        test.store.makeRoom()
        #expect(test.store.contents.map(\.id) == ["two"])
    }
}

extension Result where Success == LoadedAsset, Failure == AssetFailure {
    fileprivate static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.failure(let left), .failure(let right)): left == right
        case (.success(let left), .success(let right)): left === right
        default: false
        }
    }
}

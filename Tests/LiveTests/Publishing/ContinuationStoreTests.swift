import Live
import Logging
import NIOPosix
import Segmenting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ContinuationStoreTests {
    private static let value = LiveContinuation(
        nextSegmentNumber: 12,
        discontinuitySequence: 3,
        partTargetMicroseconds: 333_334
    )

    private func with(
        _ body: (ContinuationStore, TemporaryFolder, NIOThreadPool) async throws -> Void
    )
        async throws
    {
        let folder = try TemporaryFolder()
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        let store = ContinuationStore(
            folder: folder.path("a/b"),
            threads: threads,
            logger: Logger(label: "test"),
            unixSeconds: { 1_795_000_000 }
        )
        try await body(store, folder, threads)
        try await threads.shutdownGracefully()
    }

    @Test func aPublishThatEndedInOrderIsGoneOnFromExactly() async throws {
        try await with { store, folder, threads in
            store.keep(Self.value, of: "s", isExact: true)
            try await threads.runIfActive {}
            #expect(store.load("s") == Self.value)
            #expect(store.load("other") == LiveContinuation())
            #expect(try folder.names() == ["a"])
        }
    }

    @Test func oneThatWasCutLeavesRoomForWhatWasNotWritten() async throws {
        try await with { store, _, threads in
            store.keep(Self.value, of: "s", isExact: false)
            try await threads.runIfActive {}
            let loaded = store.load("s")
            #expect(loaded.nextSegmentNumber == 14)
            #expect(loaded.discontinuitySequence == 4)
            #expect(loaded.partTargetMicroseconds == 333_334)
        }
    }

    @Test func aFileIsWrittenOverWhereItIsAsLong() async throws {
        try await with { store, folder, threads in
            // One of before files had all one length.
            try folder.write("a/b/s.live", Array("millrace-live-1 7 0 0 0\n".utf8))
            #expect(store.load("s").nextSegmentNumber == 9)
            for number: UInt64 in [9, 10, 1_000_000, 12] {
                let value = LiveContinuation(nextSegmentNumber: number)
                store.keep(value, of: "s", isExact: false)
                try await threads.runIfActive {}
                #expect(store.load("s").nextSegmentNumber == number + 2)
            }
        }
    }

    @Test func theNewestValueWins() async throws {
        try await with { store, _, threads in
            for number in 0..<100 {
                store.keep(
                    LiveContinuation(nextSegmentNumber: UInt64(number)),
                    of: "s",
                    isExact: true
                )
            }
            try await threads.runIfActive {}
            #expect(store.load("s").nextSegmentNumber == 99)
        }
    }

    @Test func aStreamIsGoneOnFromWhatIsBeingWritten() async throws {
        try await with { store, folder, threads in
            // A disk that takes nothing: a file stands where the folder should be.
            try folder.write("a/b", [])
            store.keep(Self.value, of: "s", isExact: true)
            try await threads.runIfActive {}
            #expect(store.load("s") == Self.value)
            // Any time between the queue and the file.
            for number in 100..<200 {
                let value = LiveContinuation(nextSegmentNumber: UInt64(number))
                store.keep(value, of: "s", isExact: true)
                #expect(store.load("s").nextSegmentNumber == UInt64(number))
            }
        }
    }

    @Test func aDiskWithoutRoomForASecondFileTakesTheNumbers() async throws {
        try await with { store, folder, threads in
            store.keep(Self.value, of: "s", isExact: false)
            try await threads.runIfActive {}
            // A folder stands where the new file should be: nothing can be renamed.
            try folder.write("a/b/s.live.new/x", [])
            var later = Self.value
            later.nextSegmentNumber = 9_000
            store.keep(later, of: "s", isExact: false)
            try await threads.runIfActive {}
            let next = ContinuationStore(
                folder: folder.path("a/b"),
                threads: threads,
                logger: Logger(label: "test"),
                unixSeconds: { 0 }
            )
            #expect(next.load("s").nextSegmentNumber == 9_002)
        }
    }

    @Test(arguments: [
        "", "x", "millrace-live-1 1 2 3 1", "millrace-live-1 1 2 -3 1\n",
        // A part target whose products do not fit, and one of no use.
        "millrace-live-1 1 2 4000000000000000000 1\n", "millrace-live-1 1 2 7 1\n",
    ])
    func aDamagedFileNeverSendsPlayersBack(text: String) async throws {
        try await with { store, folder, _ in
            try folder.write("a/b/s.live", text.utf8)
            #expect(store.load("s").nextSegmentNumber == 1_795_000_000)
        }
    }
}

import Foundation
import TestSupport
import Testing
import Transcoding

/// What the parent does when its child misbehaves, with shell scripts as children.
struct ImportJobTests {
    /// Runs an import whose child is a shell script.
    private static func run(
        _ script: String,
        library: TemporaryFolder,
        id: String = "video",
        stall: Duration = .seconds(30)
    ) async throws(TranscodingError) -> ImportResult {
        var limits = ImportLimits()
        limits.stall = stall
        return try await ImportJob.run(
            source: "/dev/null",
            library: library.path,
            id: id,
            executable: ["/bin/sh", "-c", script],
            limits: limits
        )
    }

    @Test func aCrashNamesTheSignal() async throws {
        let library = try TemporaryFolder()
        await #expect(throws: TranscodingError.crashed(signal: 11)) {
            try await Self.run("kill -SEGV $$", library: library)
        }
        #expect(try library.names() == [])
    }

    @Test func theCPULimitIsItsOwnError() async throws {
        let library = try TemporaryFolder()
        await #expect(throws: TranscodingError.tookTooLong) {
            try await Self.run("kill -XCPU $$", library: library)
        }
    }

    @Test func aSilentChildIsKilledAndItsFilesGo() async throws {
        let library = try TemporaryFolder()
        await #expect(throws: TranscodingError.stalled(seconds: 0)) {
            try await Self.run(
                "touch \"$2/half\"; exec sleep 600",
                library: library,
                stall: .milliseconds(300)
            )
        }
        #expect(try library.names() == [])
    }

    @Test func anExitCodeWithoutAWordIsAnError() async throws {
        let library = try TemporaryFolder()
        await #expect(throws: TranscodingError.childFailed(exitCode: 3)) {
            try await Self.run("exit 3", library: library)
        }
        await #expect(throws: TranscodingError.childFailed(exitCode: 0)) {
            try await Self.run("exit 0", library: library)
        }
        await #expect(throws: TranscodingError.childFailed(exitCode: 0)) {
            try await Self.run("echo gibberish", library: library)
        }
        #expect(try library.names() == [])
    }

    @Test func anExecutableThatIsNotThereIsNamed() async throws {
        let library = try TemporaryFolder()
        await #expect(
            throws: TranscodingError.cannotStart(executable: "/no/such", errno: ENOENT)
        ) {
            try await ImportJob.run(
                source: "/dev/null",
                library: library.path,
                executable: ["/no/such"]
            )
        }
        #expect(try library.names() == [])
    }

    @Test func cancellingTheTaskRemovesWhatWasWritten() async throws {
        let library = try TemporaryFolder()
        let path = library.path
        let job = Task {
            try await ImportJob.run(
                source: "/dev/null",
                library: path,
                id: "video",
                executable: [
                    "/bin/sh", "-c",
                    #"echo '{"progress":{"bytesRead":1}}'; touch "$2/half"; exec sleep 600"#,
                ]
            )
        }
        job.cancel()
        await #expect(throws: TranscodingError.cancelled) { try await job.value }
        #expect(try library.names() == [])
    }

    @Test func aTakenIDIsRefused() async throws {
        let library = try TemporaryFolder()
        _ = try library.write("talk.mp4", [1])
        await #expect(throws: TranscodingError.idTaken("talk")) {
            try await Self.run("exit 0", library: library, id: "talk")
        }
        try FileManager.default.createDirectory(
            atPath: library.path + "/other",
            withIntermediateDirectories: true
        )
        await #expect(throws: TranscodingError.idTaken("other")) {
            try await Self.run("exit 0", library: library, id: "other")
        }
    }

    @Test(arguments: ["", ".hidden", "a/b", "../x", "é", String(repeating: "a", count: 129)])
    func anImpossibleIDIsRefused(id: String) async throws {
        let library = try TemporaryFolder()
        await #expect(throws: TranscodingError.invalidID(id)) {
            try await Self.run("exit 0", library: library, id: id)
        }
    }

    @Test func aMissingLibraryIsNamed() async throws {
        await #expect(throws: TranscodingError.libraryMissing(path: "/no/library")) {
            try await ImportJob.run(source: "/dev/null", library: "/no/library", id: "x")
        }
    }

    @Test func whatAKilledImportLeftIsSweptAwayLater() async throws {
        let library = try TemporaryFolder()
        for name in [".import-old", ".import-new"] {
            try FileManager.default.createDirectory(
                atPath: "\(library.path)/\(name)",
                withIntermediateDirectories: true
            )
        }
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -3_600)],
            ofItemAtPath: library.path + "/.import-old"
        )
        _ = try? await Self.run("exit 0", library: library)
        #expect(try library.names() == [".import-new"])
    }
}

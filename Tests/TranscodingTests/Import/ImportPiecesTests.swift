import Foundation
import TestSupport
import Testing
import Transcoding

struct VideoIdentifierTests {
    @Test(arguments: [
        ("/a/talk.mkv", "talk"), ("Über alles.mkv", "Uber-alles"), ("a  &  b.mp4", "a-b"),
        (".hidden.mkv", "hidden"), ("???.mkv", "video"), ("v1.2_final.mov", "v1.2_final"),
    ])
    func anIDIsMadeFromTheFilesName(path: String, id: String) {
        #expect(VideoIdentifier.suggested(forPath: path) == id)
    }

    @Test func aSuggestedIDIsAlwaysPossible() throws {
        for name in ["日本語.mkv", String(repeating: "é", count: 400), "", "...", "--x--"] {
            try VideoIdentifier.check(VideoIdentifier.suggested(forPath: "/x/" + name))
        }
    }
}

struct ProgressBarTests {
    private static func progress(_ percent: UInt64) -> ImportProgress {
        ImportProgress(bytesRead: percent * 1_000_000, sizeBytes: 100_000_000)
    }

    @Test func aTerminalIsRedrawnInPlace() {
        var bar = ProgressBar(label: "importing talk.mkv", isTerminal: true, now: .zero)
        let text = bar.update(Self.progress(52), now: .seconds(2))
        let tooSoon = bar.update(Self.progress(53), now: .milliseconds(2_050))
        #expect(text == "\rimporting talk.mkv  [█████·····]   52 %  26 MB/s  2 s left")
        #expect(tooSoon == nil)
        let ends = [bar.end(), bar.end()]
        #expect(ends == ["\n", ""])
    }

    @Test func aShorterLineWipesTheLongerOne() throws {
        var bar = ProgressBar(label: "x", isTerminal: true, now: .zero)
        let long = bar.update(Self.progress(50), now: .seconds(1))
        let short = bar.update(Self.progress(100), now: .seconds(2))
        #expect(short?.count == long?.count)
        #expect(short?.hasSuffix(" ") == true)
    }

    @Test func aLogGetsALineForEachTenth() {
        var bar = ProgressBar(label: "x", isTerminal: false, now: .zero)
        let lines = (1...100).compactMap { bar.update(Self.progress($0), now: .seconds(1)) }
        #expect(lines.count == 10)
        #expect(lines.allSatisfy { $0.hasSuffix("\n") && !$0.contains("\r") })
        let end = bar.end()
        #expect(end == "")
    }
}

struct ImportConversationTests {
    private static func lines(_ messages: [ImportMessage]) -> [UInt8] {
        messages.flatMap { [UInt8]($0.line) }
    }

    private static let description = MediaDescription(
        container: "x",
        containerName: "X",
        durationSeconds: 1,
        sizeBytes: 10,
        streams: []
    )

    @Test func linesMayArriveInPieces() throws {
        var conversation = ImportConversation()
        let bytes = Self.lines([
            .described(Self.description), .warning("w"), .progress(bytesRead: 7),
            .finished(files: ["a"]),
        ])
        let heard = try bytes.compactMap { try conversation.receive([$0]) }
        #expect(heard == [7])
        #expect(conversation.warnings == ["w"])
        let (description, files) = try conversation.conclude(.exited(0))
        #expect(description == Self.description)
        #expect(files == ["a"])
    }

    @Test func theChildsErrorWinsOverItsExitCode() throws {
        var conversation = ImportConversation()
        _ = try conversation.receive(Self.lines([.failed(.encrypted)]))
        #expect(throws: TranscodingError.encrypted) { try conversation.conclude(.exited(1)) }
    }

    @Test func aLineWithoutEndIsRefused() {
        var conversation = ImportConversation()
        #expect(throws: TranscodingError.childFailed(exitCode: 0)) {
            _ = try conversation.receive(
                Array(repeating: 65, count: ImportLimits.messageBytes + 1)
            )
        }
    }

    @Test func warningsAreKeptToALimit() throws {
        var conversation = ImportConversation()
        for _ in 0..<ImportLimits.warnings + 5 {
            _ = try conversation.receive(Self.lines([.warning("w")]))
        }
        #expect(conversation.warnings.count == ImportLimits.warnings)
    }

    @Test func everyErrorSurvivesTheJourneyAndSpeaksToAPerson() throws {
        let errors: [TranscodingError] = [
            .notFound(path: "p"), .notAFile(path: "p"), .emptyFile(path: "path"),
            .unreadable(path: "p", errno: EIO), .notMedia(path: "p"),
            .refusedContainer(format: "hls"), .damaged(detail: "d"), .damaged(detail: ""),
            .missingIndex, .truncated(declaredSeconds: 2, foundSeconds: 1), .encrypted,
            .nothingToImport, .unsupportedVideo(codec: "c"), .unsupportedAudio(codec: "c"),
            .timestampsMissing(codec: "c"), .timestampsBroken(streamIndex: 1, seconds: 2),
            .configurationChanges(streamIndex: 1), .tooMany(what: "w", limit: 1),
            .libraryMissing(path: "p"), .invalidID("i"), .idTaken("i"), .diskFull(path: "p"),
            .writeFailed(path: "p", errno: EFBIG), .cannotMux(codec: "c", detail: "d"),
            .cannotStart(executable: "e", errno: ENOENT), .stalled(seconds: 1), .tookTooLong,
            .crashed(signal: 11), .childFailed(exitCode: 1), .cancelled,
        ]
        for error in errors {
            let line = [UInt8](ImportMessage.failed(error).line)
            #expect(ImportMessage(line: line.dropLast()) == .failed(error))
            #expect("\(error)".count > 10)
        }
        #expect(Set(errors.map(\.description)).count == errors.count)
    }
}

struct OutputBytesTests {
    @Test func aFullDiskIsSaidToBeFull() throws {
        let descriptor = unsafe open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        let output = try OutputBytes(path: "/dev/full", descriptor: descriptor)
        #expect(throws: TranscodingError.diskFull(path: "/dev/full")) {
            try output.write(Array(repeating: 0, count: 1 << 20))
            try output.synchronise()
        }
    }

    @Test func anExistingFileIsNotOverwritten() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("x", [1])
        #expect(throws: TranscodingError.writeFailed(path: path, errno: EEXIST)) {
            _ = try OutputBytes(creating: path)
        }
    }
}

struct WatchdogTests {
    @Test func itExpiresWithoutProgressOnly() {
        nonisolated(unsafe) var now = ContinuousClock.now
        let watchdog = Watchdog(limit: .seconds(10)) { unsafe now }
        unsafe now += .seconds(9)
        #expect(!watchdog.isExpired)
        watchdog.progressed()
        unsafe now += .seconds(9)
        #expect(!watchdog.isExpired)
        unsafe now += .seconds(2)
        #expect(watchdog.isExpired)
    }
}

import Foundation
import Platform
import Testing

/// The program as an operator meets it.
@Suite(.timeLimit(.minutes(2)))
struct ProgramTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func run(_ arguments: String...) async throws -> Program.End {
        try await Program(try Program.origin, arguments).end()
    }

    private func file(_ text: String) throws -> String {
        try folder.write("origin.yaml", Array(text.utf8))
    }

    /// Starts to serve on free ports, and waits until it does.
    ///
    /// - Parameters:
    ///   - configuration: the file's text.
    ///   - preparation: a script that runs first, where it may mount what nobody else sees; `$0` is
    ///     the data folder.
    /// - Returns: the program, its listeners open.
    /// - Throws: what starting throws, and `Program.Failed` where it ends instead.
    private func serve(
        _ configuration: String,
        after preparation: String = ""
    ) async throws -> Program {
        let data = folder.path + "/data"
        let command = [
            try Program.origin,
            "serve", "--config", try file(configuration), "--data", data,
            "--api", "127.0.0.1:0", "--media-listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
            "--rtmp", "127.0.0.1:0",
        ]
        let shell = ["--map-root-user", "--mount", "sh", "-c", preparation + "; exec \"$@\"", data]
        let program =
            preparation.isEmpty
            ? try Program(command[0], Array(command.dropFirst()))
            : try Program("/usr/bin/unshare", shell + command)
        try await program.until { $0.output.contains("library ") }
        return program
    }

    @Test func checkIsContentWithAGoodConfiguration() async throws {
        let end = try await run("check", "--config", try file("media: {connections: 100}"))
        #expect(end.status == 0)
        #expect(end.error.isEmpty)
    }

    @Test(arguments: [
        ("media: {connections: many}", "media.connections: \"many\" is not a whole number"),
        ("media: {lsten: \"127.0.0.1:1\"}", "media.lsten: there is no such option"),
        ("media: [", "is not valid YAML"),
    ])
    func checkNamesWhatIsWrong(yaml: String, message: String) async throws {
        let end = try await run("check", "--config", try file(yaml))
        #expect(end.status == 64)
        #expect(end.error.contains(message), "\(end.error)")
    }

    @Test(arguments: ["check", "serve"])
    func aConfigurationThatCannotBeReadIsNamedWithTheReason(command: String) async throws {
        let missing = folder.path + "/missing.yaml"
        var end = try await run(command, "--config", missing)
        #expect(end.status == 64)
        #expect(end.error.contains("\(missing): there is no such file"), "\(end.error)")
        end = try await run(command, "--config", folder.path)
        #expect(end.error.contains("\(folder.path): it is a folder"), "\(end.error)")
        let bytes = try folder.write("bytes.yaml", [0xFF, 0xFE, 0x00])
        end = try await run(command, "--config", bytes)
        #expect(end.error.contains("\(bytes): it is not UTF-8"), "\(end.error)")
    }

    @Test func aFileInTheDataFoldersPlaceIsAnErrorAtTheStart() async throws {
        let path = try folder.write("data")
        let end = try await run("serve", "--data", path)
        #expect(end.status == 1)
        #expect(end.error.contains("\(path): Not a directory"), "\(end.error)")
    }

    @Test func termDrainsAndSaysSuccess() async throws {
        let program = try await serve("")
        program.signal(SIGTERM)
        #expect(await program.end().status == 0)
    }

    /// The media listener, as it is told to a person.
    private func media(_ program: Program) throws -> ListenAddress {
        let line = try #require(program.output.firstMatch(of: #/media +http://([^/]+)\//#))
        return try #require(ListenAddress(text: String(line.1)))
    }

    @Test func aFullDiskCostsNoAnswerAndIsToldOnce() async throws {
        try await folder.copy("basic", to: "library/a.mp4")
        try await folder.copy("basic", to: "library/b.mp4")
        try folder.write("data/mounted-over")
        let program = try await serve(
            "library: \(folder.path)/library",
            after: """
                mount -t tmpfs -o size=64k tmpfs "$0" && mkdir "$0/indexes"
                cat /dev/zero > "$0/full" 2> /dev/null
                """
        )
        let address = try media(program)
        for video in ["a", "b"] {
            let path = "/videos/\(video)/hls/master.m3u8"
            #expect(try await Client.get(address, path).status == 200)
        }
        try await program.until { $0.error.contains("an index could not be kept") }
        program.signal(SIGTERM)
        let end = await program.end()
        #expect(end.status == 0)
        #expect(end.error.contains("No space left on device"), "\(end.error)")
        #expect(end.error.split(separator: "could not be kept").count == 2, "\(end.error)")
    }

    @Test func whatAKilledOriginWasWritingIsGoneAtTheNextStart() async throws {
        try await folder.copy("basic", to: "library/a.mp4")
        let library = "library: \(folder.path)/library"
        let killed = try await serve(library)
        _ = try await Client.get(try media(killed), "/videos/a/hls/master.m3u8")
        killed.signal(SIGKILL)
        #expect(await killed.end().status == SIGKILL)
        // As it is when the end comes before the rename.
        let half = try folder.write("data/indexes/a.index.\(killed.processID)-7.tmp", [0, 1, 2])
        let next = try await serve(library)
        #expect(!FileManager.default.fileExists(atPath: half))
        let answer = try await Client.get(try media(next), "/videos/a/hls/master.m3u8")
        #expect(answer.status == 200)
        next.signal(SIGTERM)
        #expect(await next.end().status == 0)
    }

    @Test func hangUpReadsTheConfigurationAgainAndKeepsTheOldOneIfItIsBad() async throws {
        let program = try await serve("log: {level: notice}")
        _ = try file("log: {level: loud}")
        program.signal(SIGHUP)
        try await program.until { $0.error.contains("the old one stays") }
        #expect(program.error.contains("log.level"))
        _ = try file("log: {level: notice}\nmedia: {connections: 7}")
        program.signal(SIGHUP)
        try await program.until { $0.error.contains("take effect at the next start") }
        #expect(program.error.contains("the configuration was read again"))
        #expect(program.error.contains("options=media"))
        program.signal(SIGTERM)
        #expect(await program.end().status == 0)
    }
}

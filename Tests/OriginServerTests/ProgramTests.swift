import Foundation
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
    private func serve(_ configuration: String) async throws -> Program {
        let program = try Program(
            try Program.origin,
            [
                "serve", "--config", try file(configuration), "--data", folder.path + "/data",
                "--api", "127.0.0.1:0", "--media-listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                "--rtmp", "127.0.0.1:0",
            ]
        )
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

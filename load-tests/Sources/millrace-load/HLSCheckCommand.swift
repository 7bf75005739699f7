import ArgumentParser
import LoadTests

/// Walks live playlists and asserts the rules of low-latency HLS.
struct HLSCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hls-check",
        abstract: "Walks a live stream's playlists and holds them to the rules of HLS."
    )

    @Argument(help: "The multivariant playlist, http://HOST[:PORT]/….")
    var address: String

    @Option(help: "How long to follow the stream.")
    var seconds = Seconds(value: 60)

    @Flag(help: "Print the findings as JSON.")
    var json = false

    func run() async throws {
        let target: CheckTarget
        do {
            target = try CheckTarget(address)
        } catch {
            throw ValidationError(error.description)
        }
        let findings = await HLSCheck(target).run(seconds: seconds.value)
        Output.write(json ? findings.json : findings.table)
        guard !findings.hasFailed else { throw ExitCode(1) }
    }
}

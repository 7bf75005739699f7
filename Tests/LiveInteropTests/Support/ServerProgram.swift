import Foundation
import TestSupport
import Testing

/// `PROGRAM serve` with a data folder of its own.
final class ServerProgram: Sendable {
    private let program: RunningProgram
    private let folder: TemporaryFolder
    /// What it printed when it was ready.
    private let announcement: String

    /// Longer than all tests take: what outlives a run that was killed ends then.
    private static let lifeLimit = Duration.seconds(300)

    /// Starts it; returns when it has said that it listens, or has ended.
    ///
    /// - Parameters:
    ///   - path: the program.
    ///   - arguments: behind `serve --data`.
    ///   - environment: options, beside the tests' own.
    ///   - line: how the last line that it prints then begins.
    /// - Throws: `Tool.Failed` when it cannot be started.
    init(
        _ path: String,
        _ arguments: [String],
        _ environment: [String: String],
        readyAt line: String
    ) async throws {
        folder = try TemporaryFolder()
        program = try RunningProgram(
            path,
            ["serve", "--data", folder.path("data")] + arguments,
            environment: environment,
            limit: Self.lifeLimit
        )
        announcement = await program.output { text in
            text.split(separator: "\n").contains { $0.drop { $0 == " " }.hasPrefix(line) }
        }
    }

    /// Where it listens by a scheme, as it said under a name; no slash at the end.
    ///
    /// - Throws: `Tool.Failed` with all that it said, where it did not.
    func address(_ name: String, _ scheme: String) throws -> String {
        let lines = announcement.split(separator: "\n")
            .filter { $0.drop { $0 == " " }.hasPrefix(name + " ") }
        for line in lines {
            guard let start = line.range(of: " \(scheme)://") else { continue }
            return "\(scheme)://" + line[start.upperBound...].prefix { $0 != "/" }
        }
        throw Tool.Failed(description: "no \(name) in: \(announcement) \(program.errorText)")
    }

    /// Ends it, as an operator would; it must drain and say that all went well.
    func stop() async {
        program.terminate()
        let end = await program.end()
        #expect(end.status == 0, "status after SIGTERM; \(program.errorText.suffix(500))")
    }
}

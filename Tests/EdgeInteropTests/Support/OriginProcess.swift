import Foundation
import TestSupport
import Testing

/// A running `origin serve` over fixtures, each under its own name.
final class OriginProcess {
    /// Base addresses, without a slash at the end.
    let api: String
    let media: String
    private let program: RunningProgram
    private let folder: TemporaryFolder

    /// Starts it; returns when it listens.
    ///
    /// - Parameters:
    ///   - fixtures: its videos.
    ///   - page: where its pages tell players to fetch media.
    /// - Throws: `Tool.Failed` with what it says where it does not start.
    init(fixtures: [String], page: String) async throws {
        let files = FileManager.default
        folder = try TemporaryFolder()
        let library = folder.path("library")
        try files.createDirectory(atPath: library, withIntermediateDirectories: true)
        for (name, path) in zip(fixtures, try await Fixture.paths(fixtures)) {
            let end = path.hasSuffix(".mp4") ? ".mp4" : ""
            try files.createSymbolicLink(
                atPath: "\(library)/\(name)\(end)",
                withDestinationPath: path
            )
        }
        program = try RunningProgram(
            try Checkout.origin(),
            [
                "serve", "--data", folder.path("data"), "--media", library,
                "--api", "127.0.0.1:0", "--media-listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                "--rtmp", "127.0.0.1:0",
            ],
            environment: ["MILLRACE_PAGE_MEDIA_BASE": page],
            limit: .seconds(300)
        )
        let text = await program.output { $0.contains("library ") }
        func address(_ name: String) throws -> String {
            let line = text.split(separator: "\n").first {
                $0.trimmingCharacters(in: .whitespaces).hasPrefix(name)
            }
            guard let line, let start = line.range(of: "http://") else {
                throw Tool.Failed(description: "no address of \(name) in: \(text)")
            }
            return "http://" + line[start.upperBound...].prefix { $0 != "/" }
        }
        api = try address("watch")
        media = try address("media")
    }

    func stop() async {
        program.terminate()
        let end = await program.end()
        #expect(end.status == 0, "the origin's status after SIGTERM")
    }
}

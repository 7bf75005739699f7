import Foundation
import TestSupport
import Testing

/// The process of an `Origin`, with a library and data folder of its own.
final class OriginProcess {
    let addresses: Origin
    private let process: RunningProgram
    private let folder: TemporaryFolder

    init(fixtures: [String], configuration: String) async throws {
        // On the file system of the fixtures, so that those can be linked into it.
        folder = try TemporaryFolder(in: Fixture.cache)
        let library = folder.path("library")
        try Self.fill(library, with: fixtures, from: try await Fixture.paths(fixtures))
        try configuration.write(
            toFile: folder.path("origin.yaml"),
            atomically: true,
            encoding: .utf8
        )
        // Ends what does not drain in time, and what outlives a test run that was killed.
        process = try RunningProgram(
            "timeout",
            [
                "--kill-after=\(Self.drainLimitSeconds)", "\(Self.lifeLimitSeconds)",
                try Checkout.origin(), "serve", "--config", folder.path("origin.yaml"),
                "--data", folder.path("data"), "--media", library, "--api", "127.0.0.1:0",
                "--media-listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                "--rtmp", "127.0.0.1:0",
            ],
            limit: .seconds(Self.lifeLimitSeconds + Self.drainLimitSeconds)
        )
        let text = await process.output { $0.contains("library ") }
        addresses = try Self.announced(text, library: library)
    }

    /// Ends it as an operator would; it must drain and say that all went well.
    func stop() async {
        process.terminate()
        let end = await process.end()
        #expect(end.status == 0, "the origin's status after SIGTERM")
    }

    private static let drainLimitSeconds = 30
    private static let lifeLimitSeconds = 900

    /// Links each fixture, file or folder, under its name.
    private static func fill(
        _ library: String,
        with names: [String],
        from paths: [String]
    ) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: library, withIntermediateDirectories: true)
        for (name, path) in zip(names, paths) {
            var isFolder: ObjCBool = false
            _ = unsafe files.fileExists(atPath: path, isDirectory: &isFolder)
            guard isFolder.boolValue else {
                try files.linkItem(atPath: path, toPath: "\(library)/\(name).mp4")
                continue
            }
            try files.createDirectory(
                atPath: "\(library)/\(name)",
                withIntermediateDirectories: true
            )
            for file in try files.contentsOfDirectory(atPath: path) {
                try files.linkItem(atPath: "\(path)/\(file)", toPath: "\(library)/\(name)/\(file)")
            }
        }
    }

    /// The addresses of the three listeners, from the lines that the origin prints when it is
    /// ready; the end of its output before that is a failed start.
    private static func announced(_ text: String, library: String) throws -> Origin {
        func address(_ name: String) throws -> String {
            let line = text.split(separator: "\n").first {
                $0.trimmingCharacters(in: .whitespaces).hasPrefix(name)
            }
            guard let line, let start = line.range(of: "http://") else {
                throw Tool.Failed(description: "no address of \(name) in: \(text)")
            }
            return "http://" + line[start.upperBound...].prefix { $0 != "/" }
        }
        return Origin(
            api: try address("watch"),
            media: try address("media"),
            admin: try address("admin"),
            library: library
        )
    }
}

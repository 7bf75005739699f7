import Foundation

/// Media files for tests, made once by `Tests/Fixtures/make-fixture`.
enum Fixture {
    static func path(_ name: String) throws -> String {
        let script = Checkout.root + "/Tests/Fixtures/make-fixture"
        return try Command.run(["/usr/bin/python3", script, name])
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// Where things lie.
enum Checkout {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// The command that leads to the importing child; `origin` is built beside the tests.
    static func importChild() throws -> [String] {
        [try origin(), "import-child"]
    }

    static func origin() throws -> String {
        if let chosen = ProcessInfo.processInfo.environment["MILLRACE_ORIGIN"] { return chosen }
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let beside = URL(fileURLWithPath: own).deletingLastPathComponent().path + "/origin"
        guard !FileManager.default.isExecutableFile(atPath: beside) else { return beside }
        let bundles = CommandLine.arguments.filter { $0.hasSuffix(".xctest") }
        for bundle in bundles {
            let path = URL(fileURLWithPath: bundle).deletingLastPathComponent().path + "/origin"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw Missing(what: "the origin executable: build it, or name it in MILLRACE_ORIGIN")
    }

    struct Missing: Error {
        var what: String
    }
}

/// A program that a test runs.
enum Command {
    struct Failure: Error {
        var command: [String]
        var code: Int32
    }

    /// Its standard output.
    @discardableResult
    static func run(_ command: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(command: command, code: process.terminationStatus)
        }
        return String(decoding: data, as: UTF8.self)
    }

    static func ffmpeg(_ arguments: [String]) throws {
        try run(["/usr/bin/ffmpeg", "-v", "error", "-nostdin", "-y"] + arguments)
    }
}

/// A folder for one test, gone with it.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "millrace-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Names of everything in it, hidden ones too.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    func write(_ name: String, _ bytes: some DataProtocol) throws -> String {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }
}

import Foundation
import Testing

/// Media files that a script makes once and keeps, and the programs that look at them.
enum Fixture {
    /// The path of a fixture, made first where it is missing.
    static func path(_ name: String) throws -> String {
        let script = URL(fileURLWithPath: #filePath)
            .resolvingSymlinksInPath()
            .deletingLastPathComponent()
            .appendingPathComponent("../../Fixtures/make-fixture")
            .standardized
        return try #require(try run(script.path, [name]).last)
    }

    /// Runs a program, which must succeed, and gives the lines that it prints.
    static func run(_ program: String, _ arguments: [String]) throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(program) failed")
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

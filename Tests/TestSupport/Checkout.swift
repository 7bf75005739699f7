import Foundation

/// Where things lie.
package enum Checkout {
    /// The top of the repository.
    package static let root = URL(fileURLWithPath: #filePath)
        .resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The program under test: as `MILLRACE_ORIGIN` says, else the one built beside these tests.
    package static func origin() throws -> String {
        try program("origin", variable: "MILLRACE_ORIGIN")
    }

    /// The same for the edge, by `MILLRACE_EDGE`.
    package static func edge() throws -> String {
        try program("edge", variable: "MILLRACE_EDGE")
    }

    /// The load tests' program, by `MILLRACE_LOAD`; a package of its own, built before these tests.
    package static func load() throws -> String {
        let path = root + "/load-tests/.build/release/millrace-load"
        let chosen = ProcessInfo.processInfo.environment["MILLRACE_LOAD"] ?? path
        guard FileManager.default.isExecutableFile(atPath: chosen) else {
            throw Tool.Failed(description: "no \(chosen): build it, or name it in MILLRACE_LOAD")
        }
        return chosen
    }

    private static func program(_ name: String, variable: String) throws -> String {
        if let chosen = ProcessInfo.processInfo.environment[variable] { return chosen }
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(fileURLWithPath: tests).deletingLastPathComponent().path + "/" + name
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Tool.Failed(description: "no \(path): build it, or name it in \(variable)")
        }
        return path
    }
}

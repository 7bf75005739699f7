import Foundation

/// Where things lie.
package enum Checkout {
    /// The top of the repository.
    package static let root = URL(fileURLWithPath: #filePath)
        .resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The program under test: as `MILLRACE_ORIGIN` says, else the one built beside these tests.
    package static func origin() throws -> String {
        if let chosen = ProcessInfo.processInfo.environment["MILLRACE_ORIGIN"] { return chosen }
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(fileURLWithPath: tests).deletingLastPathComponent().path + "/origin"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Tool.Failed(description: "no \(path): build it, or name it in MILLRACE_ORIGIN")
        }
        return path
    }
}

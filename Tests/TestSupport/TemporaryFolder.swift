import Foundation

/// A folder that is gone when its last owner is.
package final class TemporaryFolder: Sendable {
    package let path: String

    /// - Parameter parent: the folder to make it in, made too where it is missing.
    /// - Throws: what making folders throws.
    package init(in parent: String = NSTemporaryDirectory()) throws {
        path = URL(fileURLWithPath: parent).path + "/.millrace-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a name in it.
    package func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Names of everything in it, hidden ones too.
    package func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    /// Writes a file, and the folders above it.
    @discardableResult
    package func write(_ name: String, _ bytes: some Sequence<UInt8> = [1]) throws -> String {
        let file = URL(fileURLWithPath: path(name))
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: file)
        return file.path
    }
}

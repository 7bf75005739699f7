import Foundation

/// A folder that is gone when its last owner is.
///
/// It lies beside the fixtures, on the same file system, so that those can be linked into it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = Fixture.cache + "/.tmp-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

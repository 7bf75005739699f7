import Foundation

/// Media that `Tests/Fixtures/make-fixture` makes.
struct Fixture {
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../..").standardizedFileURL.path

    /// Where made files are kept between runs.
    static let cache =
        ProcessInfo.processInfo.environment["MILLRACE_FIXTURES"] ?? repository + "/.build/fixtures"

    /// The path of a fixture, made where it is missing.
    static func path(_ name: String) async throws -> String {
        try await paths([name])[0]
    }

    /// The paths of fixtures in the order of their names.
    static func paths(_ names: [String]) async throws -> [String] {
        let output = try await Tool.run(repository + "/Tests/Fixtures/make-fixture", names)
        return output.text.split(separator: "\n").map(String.init)
    }
}

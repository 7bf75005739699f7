import Foundation

/// Media that `Tests/Fixtures/make-fixture` makes.
package enum Fixture {
    /// Where made files are kept between runs.
    package static let cache =
        ProcessInfo.processInfo.environment["MILLRACE_FIXTURES"]
        ?? Checkout.root + "/.build/fixtures"

    /// Making those of a whole suite for the first time takes a minute on two processors.
    private static let limit = Duration.seconds(900)

    /// The path of a fixture, made where it is missing.
    package static func path(_ name: String) async throws -> String {
        try await paths([name])[0]
    }

    /// The paths of fixtures in the order of their names.
    package static func paths(_ names: [String]) async throws -> [String] {
        guard !names.isEmpty else { return [] }
        let script = Checkout.root + "/Tests/Fixtures/make-fixture"
        let paths = try await Tool.run(script, names, limit: limit).lines
        guard paths.count == names.count else {
            throw Tool.Failed(description: "\(script) made \(paths) of \(names)")
        }
        return paths
    }

    /// The bytes of a fixture.
    package static func bytes(_ name: String) async throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: try await path(name))))
    }
}

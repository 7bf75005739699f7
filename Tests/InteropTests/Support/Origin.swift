import Foundation
import TestSupport
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A running `origin serve` over a library of fixtures, for the suites that ask for one by
/// `@Suite(.origin)`: started before a suite's first test, stopped after its last.
struct Origin: Sendable {
    @TaskLocal static var current: Origin?

    /// Base addresses, without a slash at the end.
    let api: String
    let media: String
    let admin: String
    /// The folder it serves.
    let library: String

    struct Missing: Error {}

    /// The origin of the suite that runs.
    static var running: Origin {
        get throws {
            guard let current else { throw Missing() }
            return current
        }
    }

    struct Response {
        var status: Int
        var body: Data

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// What a listener answers.
    func get(_ address: String) async throws -> Response {
        guard let url = URL(string: address) else { throw URLError(.badURL) }
        let (body, response) = try await URLSession.shared.data(from: url)
        guard let response = response as? HTTPURLResponse else {
            throw URLError(.badServerResponse)
        }
        return Response(status: response.statusCode, body: body)
    }

    /// The body at a path of the media listener; any status but 200 throws.
    func body(_ path: String) async throws -> Data {
        let response = try await get(media + path)
        guard response.status == 200 else {
            throw Tool.Failed(
                description: "\(path): \(response.status): \(response.text.prefix(300))"
            )
        }
        return response.body
    }
}

/// Runs a suite against an origin of its own.
struct OriginTrait: SuiteTrait, TestScoping {
    var fixtures: [String]
    var configuration: @Sendable () async throws -> String

    var isRecursive: Bool { false }

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        let process = try await OriginProcess(fixtures: fixtures, configuration: configuration())
        do {
            try await Origin.$current.withValue(process.addresses) { try await function() }
        } catch {
            await process.stop()
            throw error
        }
        await process.stop()
    }
}

extension Trait where Self == OriginTrait {
    /// An origin whose library holds the fixtures, each under its own name.
    static func origin(
        _ fixtures: [String],
        configuration: @escaping @Sendable () async throws -> String = { "" }
    ) -> OriginTrait {
        OriginTrait(fixtures: fixtures, configuration: configuration)
    }
}

import Foundation
import TestSupport
import Testing

/// An origin that takes any stream key, or those it is told.
final class LiveOrigin: Sendable {
    /// Base addresses, without a slash at the end.
    let media: String
    let api: String
    /// Where encoders push to: this, a slash and the stream's key.
    let ingest: String
    /// The same over TLS, where it has a certificate.
    let secureIngest: String?
    private let program: ServerProgram

    /// Starts it; returns when it listens.
    ///
    /// - Parameter environment: options, beside the tests' own.
    /// - Throws: `Tool.Failed` with what it says where it does not start.
    init(_ environment: [String: String] = [:]) async throws {
        program = try await ServerProgram(
            try Checkout.origin(),
            [
                "--api", "127.0.0.1:0", "--media-listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                "--rtmp", "127.0.0.1:0",
            ],
            environment,
            readyAt: "library "
        )
        media = try program.address("media", "http")
        api = try program.address("watch", "http")
        ingest = try program.address("live", "rtmp") + "/live"
        secureIngest = (try? program.address("live", "rtmps")).map { $0 + "/live" }
    }

    func stop() async { await program.stop() }
}

/// An edge before an origin.
final class LiveEdge: Sendable {
    /// Base addresses, without a slash at the end.
    let base: String
    let admin: String
    private let program: ServerProgram

    /// Starts it; returns when it listens.
    ///
    /// - Throws: `Tool.Failed` with what it says where it does not start.
    init(before origin: LiveOrigin) async throws {
        program = try await ServerProgram(
            try Checkout.edge(),
            [
                "--listen", "127.0.0.1:0", "--tls", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                "--origin-media", origin.media, "--origin-api", origin.api,
            ],
            ["MILLRACE_MEMCACHED_ON": "false"],
            readyAt: "admin "
        )
        base = try program.address("players", "http")
        admin = try program.address("admin", "http")
    }

    func stop() async { await program.stop() }
}

/// Runs a test against an origin and an edge, which are ended afterwards in every case.
func withLive(
    _ environment: [String: String] = [:],
    _ body: (_ origin: LiveOrigin, _ edge: LiveEdge) async throws -> Void
) async throws {
    let origin = try await LiveOrigin(environment)
    do {
        try await withEdge(before: origin) { edge in try await body(origin, edge) }
    } catch {
        await origin.stop()
        throw error
    }
    await origin.stop()
}

/// Runs a test with an edge of its own before an origin that others use too.
func withEdge(
    before origin: LiveOrigin,
    _ body: (_ edge: LiveEdge) async throws -> Void
) async throws {
    let edge = try await LiveEdge(before: origin)
    do {
        try await body(edge)
    } catch {
        await edge.stop()
        throw error
    }
    await edge.stop()
}

import Foundation
import Glibc
import TestSupport
import Testing

/// A running `edge serve` with a folder and ports of its own.
final class EdgeProcess {
    /// Options by their full names, such as `memcached.on`; values as in YAML.
    typealias Options = [String: String]

    /// What is so for a process beside its configuration.
    struct Surroundings {
        /// The file or pipe that its standard error goes to; nothing: the test reads it.
        var errors: String?
        var environment: [String: String] = [:]
    }

    private let program: RunningProgram
    let folder: TemporaryFolder
    /// Where its listeners came to listen.
    let port: Int
    let tlsPort: Int
    let adminPort: Int
    private var options: Options

    /// Health checks come often, so that what they find is found in a test's time.
    private static let defaults: Options = [
        "listen": "127.0.0.1:0", "tls.listen": "127.0.0.1:0", "admin.listen": "127.0.0.1:0",
        "memcached.on": "false", "origin.health_interval": "200ms",
        "connections.drain_timeout": "5s",
    ]

    /// Starts it; returns when it listens.
    ///
    /// - Parameters:
    ///   - origins: addresses of media listeners, the first one the API's too.
    ///   - options: what differs from the tests' defaults.
    ///   - folder: one that an earlier edge has left.
    ///   - surroundings: what else is so for its process.
    /// - Throws: `Tool.Failed` with what it says where it does not start.
    init(
        _ origins: [String],
        _ options: Options = [:],
        in folder: TemporaryFolder? = nil,
        _ surroundings: Surroundings = Surroundings()
    ) async throws {
        let list = "[" + origins.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
        let first = origins[0].split(separator: " ")[0]
        self.options = Self.defaults
            .merging(["origin.media": list, "origin.api": "[\(first)]"]) { $1 }
            .merging(options) { $1 }
        self.folder = try folder ?? TemporaryFolder()
        try Self.write(self.options, to: self.folder)
        let words = [
            try Checkout.edge(), "serve", "--config", self.folder.path("edge.yaml"),
            "--data", self.folder.path("data"),
        ]
        program = try RunningProgram(
            surroundings.errors == nil ? words[0] : "/bin/sh",
            surroundings.errors.map { ["-c", "exec \"$0\" \"$@\" 2<>'\($0)'"] + words }
                ?? Array(words[1...]),
            environment: surroundings.environment,
            limit: .seconds(300)
        )
        let text = await program.output { $0.contains("admin ") }
        let ports = Self.ports(text)
        guard let first = ports.first, let last = ports.last, ports.count > 1 else {
            throw Tool.Failed(description: "the edge does not start: \(text) \(program.errorText)")
        }
        (port, adminPort) = (first, last)
        tlsPort = ports.count > 2 ? ports[1] : 0
    }

    /// The ports in the lines that it prints when it is ready: players, with TLS, admin.
    private static func ports(_ text: String) -> [Int] {
        text.split(separator: "\n").filter { !$0.contains("origin") }.compactMap { line in
            guard let start = line.range(of: "://") else { return nil }
            let address = line[start.upperBound...].prefix { $0 != "/" }
            return address.lastIndex(of: ":").flatMap { Int(address[address.index(after: $0)...]) }
        }
    }

    private static func write(_ options: Options, to folder: TemporaryFolder) throws {
        var sections: [String: [String]] = [:]
        for (name, value) in options {
            let parts = name.split(separator: ".", maxSplits: 1)
            guard parts.count == 2 else {
                sections[name] = [": \(value)"]
                continue
            }
            sections[String(parts[0]), default: [":"]].append("\n  \(parts[1]): \(value)")
        }
        let text = sections.map { $0.key + $0.value.joined() + "\n" }.joined()
        try folder.write("edge.yaml", text.utf8)
    }

    // MARK: - As an operator

    var log: String { program.errorText }

    /// Changes options of its file, and has it read again.
    func reload(_ changes: Options = [:]) throws {
        options.merge(changes) { $1 }
        try Self.write(options, to: folder)
        program.signal(SIGHUP)
    }

    /// How often a text stands in its log.
    func logged(_ text: String) -> Int {
        log.ranges(of: text).count
    }

    func signal(_ number: Int32) {
        program.signal(number)
    }

    /// Ends it; it must drain and say that all went well.
    ///
    /// - Parameter forGood: whether its private memcached ends too.
    func stop(forGood: Bool = true) async {
        program.signal(forGood ? SIGINT : SIGTERM)
        await finish()
    }

    /// Returns when it has ended, as it must after such a signal.
    func finish() async {
        let end = await program.end()
        #expect(end.status == 0, "the edge's status after a signal to end")
    }

    /// `edge COMMAND`, with its configuration.
    func command(_ words: [String]) async throws -> String {
        var words = words + ["--config", folder.path("edge.yaml")]
        if words[0] == "purge" { words += ["--admin", "127.0.0.1:\(adminPort)"] }
        return try await Tool.run(try Checkout.edge(), words).text
    }

    /// Adds up the samples of a metric whose labels hold all of these.
    func metric(_ name: String, _ labels: String...) async throws -> Int {
        let text = try await admin("/metrics").text
        var sum = 0
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            let next = line.dropFirst(name.count).first
            guard next == "{" || next == " ", labels.allSatisfy({ line.contains($0) }) else {
                continue
            }
            sum += line.split(separator: " ").last.flatMap { Double($0) }.map { Int($0) } ?? 0
        }
        return sum
    }

    func admin(_ path: String) async throws -> HTTPReply {
        try await Self.get(adminPort, path, [:])
    }

    // MARK: - As a viewer

    /// One request on a connection of its own.
    func get(_ target: String, fields: [String: String] = [:]) async throws -> HTTPReply {
        try await Self.get(port, target, fields)
    }

    func viewer() async throws -> Viewer {
        try await Viewer.connect(to: port)
    }

    private static func get(
        _ port: Int,
        _ target: String,
        _ fields: [String: String]
    ) async throws -> HTTPReply {
        let viewer = try await Viewer.connect(to: port)
        do {
            let reply = try await viewer.get(target, fields: fields)
            await viewer.close()
            return reply
        } catch {
            await viewer.close()
            throw error
        }
    }
}

/// Runs a test against an edge, which is ended afterwards in every case.
func withEdge(
    _ origins: [String],
    _ options: EdgeProcess.Options = [:],
    in folder: TemporaryFolder? = nil,
    _ surroundings: EdgeProcess.Surroundings = EdgeProcess.Surroundings(),
    _ body: (EdgeProcess) async throws -> Void
) async throws {
    let edge = try await EdgeProcess(origins, options, in: folder, surroundings)
    do {
        try await body(edge)
    } catch {
        await edge.stop()
        throw error
    }
    await edge.stop()
}

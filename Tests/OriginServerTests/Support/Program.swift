import Foundation
import Synchronization

/// A program outside, its outputs read as they come.
final class Program: Sendable {
    struct End: Sendable {
        var status: Int32
        var output: String
        var error: String
    }

    struct Failed: Error {
        var reason: String
    }

    private struct State {
        var output: [UInt8] = []
        var error: [UInt8] = []
        var openOutputs = 2
        var status: Int32?
    }

    private let process = Process()
    private let state = Mutex(State())
    /// An element whenever the state changes.
    private let changes = AsyncStream.makeStream(of: Void.self)

    /// Starts it; it does not outlive this object.
    init(_ path: String, _ arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe { $0.output += $1 }
        process.standardError = pipe { $0.error += $1 }
        process.terminationHandler = { [weak self] process in
            self?.change { $0.status = process.terminationStatus }
        }
        try Self.withAllSignals { try process.run() }
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    var output: String { state.withLock { String(decoding: $0.output, as: UTF8.self) } }
    var error: String { state.withLock { String(decoding: $0.error, as: UTF8.self) } }

    var processID: pid_t { process.processIdentifier }

    func signal(_ number: Int32) {
        kill(process.processIdentifier, number)
    }

    /// Waits until what it has written is enough; throws where it ends before.
    func until(_ isEnough: @Sendable (Program) -> Bool) async throws {
        var events = changes.stream.makeAsyncIterator()
        while !isEnough(self) {
            guard !hasEnded, await events.next() != nil else {
                throw Failed(reason: output + error)
            }
        }
    }

    func end() async -> End {
        var events = changes.stream.makeAsyncIterator()
        while !hasEnded, await events.next() != nil {}
        let status = state.withLock { $0.status } ?? -1
        return End(status: status, output: output, error: error)
    }

    private var hasEnded: Bool {
        state.withLock { $0.status != nil && $0.openOutputs == 0 }
    }

    private func change(_ apply: (inout State) -> Void) {
        state.withLock { apply(&$0) }
        changes.continuation.yield()
    }

    private func pipe(_ take: @escaping @Sendable (inout State, [UInt8]) -> Void) -> Pipe {
        let pipe = Pipe()
        Thread.detachNewThread { [weak self] in
            while case let data = pipe.fileHandleForReading.availableData, !data.isEmpty {
                self?.change { take(&$0, [UInt8](data)) }
            }
            self?.change { $0.openOutputs -= 1 }
        }
        return pipe
    }

    /// Runs a program to its end; its standard output, where it says success.
    static func output(of path: String, _ arguments: [String]) async throws -> String {
        let end = await (try Program(path, arguments)).end()
        guard end.status == 0 else { throw Failed(reason: "\(path): \(end.error)") }
        return end.output
    }

    /// The program under test: as `MILLRACE_ORIGIN` says, else the one built beside these tests.
    static var origin: String {
        get throws {
            if let chosen = ProcessInfo.processInfo.environment["MILLRACE_ORIGIN"] { return chosen }
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return (tests as NSString).deletingLastPathComponent + "/origin"
        }
    }

    /// A child inherits what its parent's thread blocks, and threads of the concurrency runtime
    /// block most signals: SIGTERM would never reach it.
    private static func withAllSignals(_ start: () throws -> Void) throws {
        var (none, before) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try start()
    }
}

/// Media that `Tests/Fixtures/make-fixture` makes.
enum Media {
    /// The path of a fixture, made where it is missing.
    static func path(_ name: String) async throws -> String {
        let script = #filePath.replacingOccurrences(
            of: "OriginServerTests/Support/Program.swift",
            with: "Fixtures/make-fixture"
        )
        let output = try await Program.output(of: script, [name])
        return output.trimmingCharacters(in: .newlines)
    }
}

extension TemporaryFolder {
    /// Copies a fixture, file or folder, to a place in this folder.
    func copy(_ fixture: String, to name: String) async throws {
        let target = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (target as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true
        )
        try FileManager.default.copyItem(atPath: try await Media.path(fixture), toPath: target)
    }

    /// Puts a fixture in the place of a file in one step, as a careful operator does.
    func replace(_ name: String, with fixture: String) async throws {
        try await copy(fixture, to: "next")
        guard unsafe rename(path + "/next", path + "/" + name) == 0 else {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path + "/" + name)
    }

    func move(_ name: String, to other: String) throws {
        try FileManager.default.moveItem(atPath: path + "/" + name, toPath: path + "/" + other)
    }
}

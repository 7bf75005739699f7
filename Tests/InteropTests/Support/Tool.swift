import Foundation
import Glibc

/// A program outside, run to its end with its output kept.
struct Tool {
    struct Output {
        var status: Int32
        var standardOutput: Data
        var standardError: String

        var text: String { String(decoding: standardOutput, as: UTF8.self) }
    }

    struct Failed: Error, CustomStringConvertible {
        var description: String
    }

    /// Each run is ended after this long; the slowest takes a tenth of it.
    static let limitSeconds = 120

    /// Runs a program; one that fails, is missing or takes too long throws.
    @discardableResult
    static func run(_ program: String, _ arguments: [String]) async throws -> Output {
        let output = try await runUnchecked(program, arguments)
        guard output.status == 0 else {
            let command = ([program] + arguments).joined(separator: " ")
            throw Failed(
                description:
                    "\(command): status \(output.status): \(output.standardError.suffix(2000))"
            )
        }
        return output
    }

    private static func runUnchecked(
        _ program: String,
        _ arguments: [String]
    ) async throws -> Output {
        let folder = try TemporaryFolder()
        let (output, error) = (folder.path("output"), folder.path("error"))
        for path in [output, error] {
            try Data().write(to: URL(fileURLWithPath: path))
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
        process.arguments = ["--kill-after=5", "\(limitSeconds)", program] + arguments
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: nobody has to read while the program writes.
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: error)
        let ended = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { ended.continuation.yield($0.terminationStatus) }

        await Turnstile.shared.enter()
        let started = Result { try process.runWithAllSignals() }
        var status: Int32?
        if case .success = started { status = await ended.stream.first { _ in true } }
        await Turnstile.shared.leave()
        try started.get()
        return Output(
            status: status ?? -1,
            standardOutput: try Data(contentsOf: URL(fileURLWithPath: output)),
            standardError: String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: error)),
                as: UTF8.self
            )
        )
    }
}

extension Process {
    /// Starts a process that can be signalled.
    ///
    /// Threads of the concurrency runtime block most signals, and a child inherits what its
    /// parent's thread blocks: SIGTERM would never reach it.
    func runWithAllSignals() throws {
        var (none, before) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try run()
    }
}

/// Lets as many programs run at once as there are processors, not as there are tests.
private actor Turnstile {
    static let shared = Turnstile()
    private var free = ProcessInfo.processInfo.activeProcessorCount
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
        if free > 0 {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}

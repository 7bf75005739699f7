import Foundation

/// A program outside, run to its end with its output kept.
package enum Tool {
    package struct Output: Sendable {
        package var standardOutput: [UInt8]
        package var standardError: [UInt8]

        /// Standard output.
        package var text: String { String(decoding: standardOutput, as: UTF8.self) }

        package var lines: [String] { text.split(separator: "\n").map(String.init) }

        package var errorText: String { String(decoding: standardError, as: UTF8.self) }
    }

    package struct Failed: Error, CustomStringConvertible {
        package var description: String
        /// It was ended because it took too long; it may have been about to succeed.
        package var wasTooSlow: Bool

        package init(description: String, wasTooSlow: Bool = false) {
            self.description = description
            self.wasTooSlow = wasTooSlow
        }
    }

    /// Each run is ended after this long unless told; the slowest takes a tenth of it.
    package static let limit = Duration.seconds(120)

    /// Runs a program without taking a thread of the concurrency runtime; as many run at once as
    /// there are processors.
    ///
    /// - Parameters:
    ///   - program: its path, or its name on the PATH.
    ///   - arguments: what it is given, word by word.
    ///   - environment: what is set beside the tests' own.
    ///   - limit: how long it may take, from its start on; it is killed then.
    /// - Returns: its outputs.
    /// - Throws: `Failed` when it cannot be started, says no success or takes too long.
    @discardableResult
    package static func run(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        limit: Duration = limit
    ) async throws -> Output {
        await Turnstile.shared.enter()
        let result: Result<RunningProgram.End, any Error>
        do {
            let running = try RunningProgram(
                program,
                arguments,
                environment: environment,
                limit: limit
            )
            result = .success(await running.end())
        } catch {
            result = .failure(error)
        }
        await Turnstile.shared.leave()
        try Task.checkCancellation()
        let end = try result.get()
        let output = Output(standardOutput: end.standardOutput, standardError: end.standardError)
        guard end.status == 0, !end.wasTooSlow else {
            let command = ([program] + arguments).joined(separator: " ")
            let reason = end.wasTooSlow ? "takes more than \(limit)" : "status \(end.status)"
            throw Failed(
                description: "\(command): \(reason): \(output.errorText.suffix(2000))",
                wasTooSlow: end.wasTooSlow
            )
        }
        return output
    }

    /// `ffmpeg`, which overwrites its output and says nothing but errors.
    package static func ffmpeg(_ arguments: [String]) async throws {
        try await run("ffmpeg", ["-v", "error", "-nostdin", "-y"] + arguments)
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

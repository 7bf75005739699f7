import Foundation
import Glibc
import Synchronization

/// A program that runs beside a test, watched by a thread of its own.
///
/// Its outputs are always read, so that it never stands before a full pipe.
package final class RunningProgram: Sendable {
    /// What it left behind.
    package struct End: Sendable {
        /// Its exit status, or 128 and the signal that ended it.
        package var status: Int32
        package var standardOutput: [UInt8]
        package var standardError: [UInt8]
        /// Whether its time was up.
        package var wasTooSlow: Bool
    }

    private struct Waiter {
        var isMet: @Sendable (String) -> Bool
        var continuation: CheckedContinuation<String, Never>
    }

    private struct State {
        var output: [UInt8] = []
        var error: [UInt8] = []
        var end: End?
        /// Whether it is to be killed.
        var isCut = false
        /// Whether its process is no more.
        var isGone = false
        var waiters: [Waiter] = []
        var endWaiters: [CheckedContinuation<End, Never>] = []
    }

    private let pid: pid_t
    /// Its number in `/proc`, while it runs.
    package var processID: Int32 { pid }
    private let state = Mutex(State())

    /// Starts it; it and what it started are killed after `limit`.
    ///
    /// - Throws: `Tool.Failed` when it cannot be started.
    package init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        limit: Duration
    ) throws {
        let values = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let process = try SpawnedProcess(
            program,
            arguments,
            environment: values.map { "\($0)=\($1)" }
        )
        pid = process.pid
        Thread.detachNewThread { self.watch(process, until: .now + limit) }
    }

    /// What it has printed to standard output once that is enough, or all of it when it has ended.
    ///
    /// Cancelling the task kills it.
    package func output(until isEnough: @escaping @Sendable (String) -> Bool) async -> String {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let text: String? = state.withLock { state in
                    let text = String(decoding: state.output, as: UTF8.self)
                    if state.end != nil || isEnough(text) { return text }
                    state.waiters.append(Waiter(isMet: isEnough, continuation: continuation))
                    return nil
                }
                if let text { continuation.resume(returning: text) }
            }
        } onCancel: {
            state.withLock { $0.isCut = true }
        }
    }

    /// Returns when it has ended; cancelling the task kills it.
    package func end() async -> End {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let end: End? = state.withLock { state in
                    if state.end == nil { state.endWaiters.append(continuation) }
                    return state.end
                }
                if let end { continuation.resume(returning: end) }
            }
        } onCancel: {
            state.withLock { $0.isCut = true }
        }
    }

    /// What it has said to standard error so far.
    package var errorText: String {
        state.withLock { String(decoding: $0.error, as: UTF8.self) }
    }

    /// Asks it to end.
    package func terminate() {
        signal(SIGTERM)
    }

    /// Sends it a signal; nothing where it has ended.
    package func signal(_ number: Int32) {
        state.withLock { state in
            if !state.isGone { kill(pid, number) }
        }
    }

    /// How soon its end, a cancellation and the end of its time are seen.
    private static let pollMilliseconds: CInt = 50
    /// The same once it has closed its outputs, when it is about to end.
    private static let endingPollMilliseconds: CInt = 2

    private func watch(_ started: SpawnedProcess, until deadline: ContinuousClock.Instant) {
        var process = started
        var (isKilled, wasTooSlow) = (false, false)
        var status: Int32?
        while status == nil {
            let pause = process.hasOutput ? Self.pollMilliseconds : Self.endingPollMilliseconds
            process.read(milliseconds: pause, take)
            wasTooSlow = wasTooSlow || ContinuousClock.now > deadline
            if !isKilled, wasTooSlow || state.withLock({ $0.isCut }) {
                isKilled = true
                kill(-process.pid, SIGKILL)
            }
            // Asked under the lock: `terminate` must not signal a number that is free again.
            status = state.withLock { state in
                let status = process.end()
                state.isGone = status != nil
                return status
            }
        }
        // What it wrote last is in the pipes; what it started may hold them open for ever.
        var hadMore = true
        while process.hasOutput && hadMore {
            hadMore = false
            process.read(milliseconds: 0) { source, bytes in
                hadMore = true
                take(source, bytes)
            }
        }
        process.closeOutputs()
        finish(status: status ?? -1, wasTooSlow: wasTooSlow)
    }

    private func finish(status: Int32, wasTooSlow: Bool) {
        let (end, waiters, endWaiters) = state.withLock { state in
            let end = End(
                status: status,
                standardOutput: state.output,
                standardError: state.error,
                wasTooSlow: wasTooSlow
            )
            state.end = end
            defer { (state.waiters, state.endWaiters) = ([], []) }
            return (end, state.waiters, state.endWaiters)
        }
        let text = String(decoding: end.standardOutput, as: UTF8.self)
        for waiter in waiters { waiter.continuation.resume(returning: text) }
        for waiter in endWaiters { waiter.resume(returning: end) }
    }

    private func take(_ source: SpawnedProcess.Source, _ bytes: [UInt8]) {
        let (text, ready) = state.withLock { state in
            switch source {
            case .standardOutput: state.output += bytes
            case .standardError: state.error += bytes
            }
            guard !state.waiters.isEmpty else { return ("", [Waiter]()) }
            let text = String(decoding: state.output, as: UTF8.self)
            let ready = state.waiters.filter { $0.isMet(text) }
            state.waiters.removeAll { $0.isMet(text) }
            return (text, ready)
        }
        for waiter in ready { waiter.continuation.resume(returning: text) }
    }
}

package import NIOCore
import Synchronization

/// Writes a sample of the requests as JSON lines, and every answer from 500 on within a rate.
///
/// On the event loop a record costs one comparison, and if it is taken one lock and one append;
/// text is made by a task of its own. The queue has an end: what comes when it is full is counted,
/// and the count is logged with the next batch.
package final class AccessLog: MediaObserver {
    /// What the log is started with.
    package struct Configuration: Sendable {
        /// Of the answers below 500, this part is logged: 0 none, 1 all.
        package var sampleRate: Double
        /// Answers from 500 on that are logged in any one second; the rest is counted.
        package var errorsPerSecond: Int
        /// Records that wait to be written; beyond it they are dropped and counted.
        package var queueCount: Int
        /// How long records are gathered before they are written in one go.
        package var interval: Duration

        package init(
            sampleRate: Double = 0.01,
            errorsPerSecond: Int = 100,
            queueCount: Int = 4096,
            interval: Duration = .milliseconds(500)
        ) {
            self.sampleRate = sampleRate
            self.errorsPerSecond = errorsPerSecond
            self.queueCount = queueCount
            self.interval = interval
        }
    }

    private struct Entry {
        var record: RequestRecord
        var unixSeconds: Int64
    }

    private struct State {
        var entries: [Entry] = []
        var dropped: UInt64 = 0
        var errorSecond = Int64.min
        var errorsInSecond = 0
    }

    private let configuration: Configuration
    private let threshold: UInt64
    private let wallClock: @Sendable () -> Int64
    private let state = Mutex(State())

    /// - Parameters:
    ///   - configuration: what is taken.
    ///   - wallClock: Unix seconds.
    package init(configuration: Configuration, wallClock: @escaping @Sendable () -> Int64) {
        self.configuration = configuration
        let rate = min(max(configuration.sampleRate, 0), 1)
        self.threshold = rate >= 1 ? .max : UInt64(rate * 0x1p64)
        self.wallClock = wallClock
    }

    package func connectionOpened() {}
    package func connectionClosed() {}
    package func connectionRefused(_ reason: RefusalReason) {}

    package func finished(_ record: RequestRecord) {
        let isError = record.status >= 500
        guard isError || isSampled(record.requestID) else { return }
        let now = wallClock()
        state.withLock { state in
            if isError {
                if state.errorSecond != now {
                    state.errorSecond = now
                    state.errorsInSecond = 0
                }
                state.errorsInSecond += 1
                guard state.errorsInSecond <= configuration.errorsPerSecond else {
                    return state.dropped += 1
                }
            }
            guard state.entries.count < configuration.queueCount else {
                return state.dropped += 1
            }
            state.entries.append(Entry(record: record, unixSeconds: now))
        }
    }

    /// By the request's name, so that the same one is in every server's log or in none.
    private func isSampled(_ requestID: RequestID) -> Bool {
        threshold == .max || requestID.sampleValue < threshold
    }

    /// Writes what is gathered, again and again, until the task is cancelled; then once more.
    ///
    /// - Parameters:
    ///   - write: gets whole lines; may block, as nothing waits for it but this task.
    ///   - sleep: the clock's, between two batches.
    package func run(
        writing write: @Sendable (ByteBuffer) async -> Void,
        sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) async {
        while !Task.isCancelled {
            try? await sleep(configuration.interval)
            await writeBatch(write)
        }
        await writeBatch(write)
    }

    private func writeBatch(_ write: @Sendable (ByteBuffer) async -> Void) async {
        let (entries, dropped) = state.withLock { state in
            defer {
                state.entries = []
                state.dropped = 0
            }
            return (state.entries, state.dropped)
        }
        guard !entries.isEmpty || dropped > 0 else { return }
        var lines = JSONBuffer()
        for entry in entries { lines.appendLine(entry.record, unixSeconds: entry.unixSeconds) }
        if dropped > 0 {
            lines.append(#"{"dropped_records":"#)
            lines.appendNumber(dropped)
            lines.append("}\n")
        }
        await write(lines.buffer)
    }
}

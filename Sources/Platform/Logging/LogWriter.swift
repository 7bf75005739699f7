// Unsafe: writes to a descriptor through libc.

import Dispatch
internal import Glibc
import Logging
import Synchronization

/// Writes log lines to standard error, so that whoever logs never waits and never fails.
///
/// Where logs go to may be full, slow or gone. Lines are gathered and written on a queue of their own;
/// what finds no room, or is not taken, is lost, and a line says how many were as soon as there is
/// room again. From any thread.
package final class LogWriter: Sendable {
    /// Bytes that wait: some thousands of lines.
    package static let capacityBytes = 1 << 20

    private struct State {
        var waiting: [UInt8] = []
        var lostCount = 0
        var isWriting = false
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "log")
    private let descriptor: Int32
    private let format: LogFormat

    /// - Parameters:
    ///   - format: of the line about lost ones.
    ///   - descriptor: what is written to; stays the caller's.
    package init(format: LogFormat, descriptor: Int32 = STDERR_FILENO) {
        self.format = format
        self.descriptor = descriptor
    }

    /// Takes one line, without its line feed.
    package func write(line: String) {
        write(lines: Array(line.utf8) + [Self.lineFeed])
    }

    /// Takes whole lines, each with its line feed: all of them, or none.
    package func write(lines: [UInt8]) {
        let starts = state.withLock { state in
            guard state.waiting.count + lines.count <= Self.capacityBytes else {
                state.lostCount += Self.count(lines[...])
                return false
            }
            state.waiting += lines
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if starts { queue.async { self.drain() } }
    }

    /// Waits until all that was taken is written, for this long at most: at a process' end.
    package func flush(milliseconds: Int = 1000) {
        let written = DispatchSemaphore(value: 0)
        queue.async { written.signal() }
        _ = written.wait(timeout: .now() + .milliseconds(milliseconds))
    }

    private func drain() {
        while true {
            let (lines, lostCount) = state.withLock { state in
                defer { (state.waiting, state.lostCount) = ([], 0) }
                state.isWriting = !state.waiting.isEmpty
                return (state.waiting, state.lostCount)
            }
            guard !lines.isEmpty else {
                // Told with the next line: to somebody who lost some there is nothing to tell yet.
                return state.withLock { $0.lostCount += lostCount }
            }
            let rest = write((lostCount > 0 ? note(lostCount) : []) + lines)
            guard !rest.isEmpty else { continue }
            // Of the note and the lines, what was not taken: the note as all that it stands for.
            let lost = min(Self.count(rest), Self.count(lines[...]))
            let isNoteLost = Self.count(rest) > lost
            state.withLock { $0.lostCount += lost + (isNoteLost ? lostCount : 0) }
        }
    }

    private func note(_ count: Int) -> [UInt8] {
        let line = format.line(
            level: .warning,
            label: "log",
            message: "log lines were lost",
            pairs: [("count", "\(count)")]
        )
        return Array(line.utf8) + [Self.lineFeed]
    }

    /// What is left of them.
    private func write(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return rest }
            rest = rest.dropFirst(count)
        }
        return rest
    }

    private static let lineFeed = UInt8(ascii: "\n")

    private static func count(_ lines: ArraySlice<UInt8>) -> Int { lines.count { $0 == lineFeed } }
}

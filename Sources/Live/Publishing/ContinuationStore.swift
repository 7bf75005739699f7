package import Logging
package import NIOPosix
package import Segmenting
import Synchronization

/// Keeps on disk where each stream has to go on, so that numbers never go back, whatever becomes of
/// this process.
///
/// One small file for each stream, written at each segment's begin by a thread of `threads`; a
/// publisher's thread never waits for it. A stream's newest value alone is written, so that a slow
/// disk makes no queue. What was written last may be one segment old when the process is killed:
/// unless a publish ended in order, reading adds a few numbers, and a discontinuity.
package final class ContinuationStore: Sendable {
    /// Segments that may have begun behind the one that was written last.
    private static let reservedSegmentCount: UInt64 = 2
    private static let fileSizeLimitBytes = 4096
    /// More than the longest numbers need, less than a sector of any disk.
    private static let sizeBytes = 128
    /// In microseconds: what is derived from any wish, with room.
    private static let possiblePartTargets: ClosedRange<UInt64> =
        1000...UInt64(2 * PartTarget.longestWishMicroseconds)

    private struct Value: Sendable {
        var continuation: LiveContinuation
        var isExact: Bool
    }

    private let folder: String
    private let threads: NIOThreadPool
    private let logger: Logger
    private let unixSeconds: @Sendable () -> Int64
    /// By stream: what the files do not have yet.
    private struct Unwritten {
        /// Waits for the thread.
        var queued: [String: Value] = [:]
        /// Is being written, or could not be.
        var inHand: [String: Value] = [:]
    }

    private let unwritten = Mutex(Unwritten())
    /// Values of so many streams are remembered where the disk does not take them.
    private static let failedCount = 10_000

    /// - Parameters:
    ///   - folder: for the files; made where it is missing.
    ///   - threads: one thread, running, so that a stream's files come in order.
    ///   - logger: for what cannot be written.
    ///   - unixSeconds: the wall clock.
    package init(
        folder: String,
        threads: NIOThreadPool,
        logger: Logger,
        unixSeconds: @escaping @Sendable () -> Int64
    ) {
        self.folder = folder
        self.threads = threads
        self.logger = logger
        self.unixSeconds = unixSeconds
    }

    /// Where a stream goes on; blocks on the disk.
    ///
    /// A file that cannot be read must not send players back: the clock's seconds are a larger
    /// number than any that segments have got to.
    package func load(_ streamID: String) -> LiveContinuation {
        let newest = unwritten.withLock { $0.queued[streamID] ?? $0.inHand[streamID] }
        if let newest { return newest.continuation }
        do {
            guard
                let bytes = try SmallFile.read(path(streamID), limitBytes: Self.fileSizeLimitBytes)
            else { return LiveContinuation() }
            if let continuation = Self.parse(bytes) { return continuation }
            logger.warning("live continuation is damaged", metadata: ["stream": "\(streamID)"])
        } catch {
            logger.warning(
                "live continuation cannot be read",
                metadata: ["stream": "\(streamID)", "errno": "\(error.errorNumber)"]
            )
        }
        let number = UInt64(max(0, unixSeconds()))
        return LiveContinuation(nextSegmentNumber: number, discontinuitySequence: number)
    }

    /// Keeps a value; from any thread, without waiting.
    package func keep(_ continuation: LiveContinuation, of streamID: String, isExact: Bool) {
        let value = Value(continuation: continuation, isExact: isExact)
        let isQueued = unwritten.withLock {
            $0.queued.updateValue(value, forKey: streamID) != nil
        }
        if !isQueued { threads.submit { _ in self.write(streamID) } }
    }

    private func write(_ streamID: String) {
        let taken = unwritten.withLock { state -> Value? in
            guard let value = state.queued.removeValue(forKey: streamID) else { return nil }
            if state.inHand.count < Self.failedCount { state.inHand[streamID] = value }
            return value
        }
        guard let value = taken else { return }
        do {
            try write(value, to: path(streamID))
            unwritten.withLock { $0.inHand[streamID] = nil }
        } catch {
            logger.error(
                "live continuation cannot be written",
                metadata: [
                    "stream": "\(streamID)", "call": "\(error.call)",
                    "errno": "\(error.errorNumber)",
                ]
            )
        }
    }

    /// Replacing a file takes a new one each time, which costs a file system fifty times as much as
    /// writing over an old one; so that is left for the end of a publish and the first time.
    private func write(_ value: Value, to path: String) throws(SmallFile.Failure) {
        let text = Self.text(value)
        if !value.isExact, try SmallFile.overwrite(path, with: text) { return }
        try SmallFile.makeFolder(folder)
        try SmallFile.replace(path, with: text, isDurable: value.isExact)
    }

    private func path(_ streamID: String) -> String { "\(folder)/\(streamID).live" }

    // MARK: - The file

    private static func text(_ value: Value) -> [UInt8] {
        let continuation = value.continuation
        let numbers = [
            continuation.nextSegmentNumber, continuation.discontinuitySequence,
            UInt64(max(0, continuation.partTargetMicroseconds ?? 0)), value.isExact ? 1 : 0,
        ]
        var text = Array(
            (["millrace-live-1"] + numbers.map(String.init)).joined(separator: " ").utf8
        )
        // All are as long as each other, so that one may be written over another.
        text += [UInt8](repeating: UInt8(ascii: " "), count: max(0, sizeBytes - 1 - text.count))
        return text + [UInt8(ascii: "\n")]
    }

    private static func parse(_ bytes: [UInt8]) -> LiveContinuation? {
        guard bytes.last == UInt8(ascii: "\n") else { return nil }
        let words = String(decoding: bytes.dropLast(), as: UTF8.self).split(separator: " ")
        let numbers = words.dropFirst().compactMap { UInt64($0) }
        // Numbers that are to grow need room.
        guard words.first == "millrace-live-1", numbers.count == 4, words.count == 5,
            numbers.allSatisfy({ $0 < .max / 4 }),
            numbers[2] == 0 || possiblePartTargets.contains(numbers[2])
        else { return nil }
        let isExact = numbers[3] == 1
        return LiveContinuation(
            nextSegmentNumber: numbers[0] + (isExact ? 0 : reservedSegmentCount),
            discontinuitySequence: numbers[1] + (isExact ? 0 : 1),
            partTargetMicroseconds: numbers[2] == 0 ? nil : Int64(numbers[2])
        )
    }
}

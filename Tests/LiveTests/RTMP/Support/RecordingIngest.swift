import Foundation
import Live
import Synchronization

/// Lets one key in, and keeps what its publishers send.
final class RecordingIngest: PublishAuthority, LiveIngest {
    struct Message: Sendable {
        var kind: RTMPMediaKind
        var timestamp: UInt32
        var body: [UInt8]
    }

    struct Record: Sendable {
        var attempts: [PublishAttempt] = []
        var messages: [Message] = []
        var ends: [PublishEnd] = []

        func count(_ kind: RTMPMediaKind) -> Int { messages.count { $0.kind == kind } }
    }

    struct NotInTime: Error, CustomStringConvertible {
        var description: String
    }

    struct Unwanted: Error {}

    let key = "right-key"
    private let record = Mutex(Record())
    private let connections = Mutex<[any PublisherConnection]>([])
    private let refusesMessages: Bool

    init(refusesMessages: Bool = false) {
        self.refusesMessages = refusesMessages
    }

    func decide(_ attempt: PublishAttempt) -> Result<PublishGrant, PublishRefusal> {
        record.withLock { $0.attempts.append(attempt) }
        return attempt.key == key
            ? .success(PublishGrant(streamID: "stream")) : .failure(.unknownKey)
    }

    func begin(
        _ attempt: PublishAttempt,
        grant: PublishGrant,
        connection: any PublisherConnection
    ) -> Result<any Publication, PublishRefusal> {
        connections.withLock { $0.append(connection) }
        return .success(Recorder(ingest: self))
    }

    /// Ends what publishes, as a takeover does.
    func takeOver() {
        for connection in connections.withLock({ $0 }) { connection.close(reason: "taken over") }
    }

    var current: Record { record.withLock { $0 } }

    /// What was recorded once it is enough.
    ///
    /// - Throws: `NotInTime` where that takes more than `limit`.
    func record(
        within limit: Duration = .seconds(60),
        until isEnough: @escaping @Sendable (Record) -> Bool
    ) async throws -> Record {
        guard await holds(within: limit, { isEnough(self.current) }) else {
            let record = current
            throw NotInTime(
                description: "\(record.messages.count) messages, \(record.attempts), \(record.ends)"
            )
        }
        return current
    }

    private final class Recorder: Publication {
        let ingest: RecordingIngest

        init(ingest: RecordingIngest) {
            self.ingest = ingest
        }

        func receive(_ kind: RTMPMediaKind, timestamp: UInt32, body: Span<UInt8>) throws {
            if ingest.refusesMessages { throw Unwanted() }
            let bytes = body.indices.map { body[$0] }
            ingest.record.withLock {
                $0.messages.append(Message(kind: kind, timestamp: timestamp, body: bytes))
            }
        }

        func end(_ end: PublishEnd) {
            ingest.record.withLock { $0.ends.append(end) }
        }
    }
}

/// Runs on a thread of its own, so that no thread of the concurrency runtime is held.
func onThread<Value: Sendable>(_ run: @escaping @Sendable () throws -> Value) async throws -> Value
{
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try run() }) }
    }
}

/// Whether a condition comes true in time.
func holds(
    within limit: Duration = .seconds(20),
    _ condition: @escaping @Sendable () -> Bool
) async -> Bool {
    let result = try? await onThread {
        let end = ContinuousClock.now + limit
        while !condition() {
            if ContinuousClock.now > end { return condition() }
            _ = poll(nil, 0, 2)
        }
        return true
    }
    return result ?? false
}

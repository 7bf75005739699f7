import Live
import Synchronization

/// Moves a clock by the timestamps of the messages that pass to a hub, on the publisher's thread.
final class TimedIngest: LiveIngest, PublishAuthority {
    let hub: LiveHub
    let clock: StreamClock
    /// Told each hour of stream time, on the publisher's thread.
    private let onHour: @Sendable (Int) -> Void
    private let lastAudio = Mutex<Int64>(0)
    /// How publishes ended, as they do.
    let ends: AsyncStream<PublishEnd>
    private let ended: AsyncStream<PublishEnd>.Continuation

    /// Milliseconds of the newest message of sound.
    var lastAudioMilliseconds: Int64 { lastAudio.withLock { $0 } }

    init(_ hub: LiveHub, _ clock: StreamClock, onHour: @escaping @Sendable (Int) -> Void) {
        self.hub = hub
        self.clock = clock
        self.onHour = onHour
        (ends, ended) = AsyncStream.makeStream()
    }

    func decide(_ attempt: PublishAttempt) -> Result<PublishGrant, PublishRefusal> {
        .success(PublishGrant(streamID: attempt.key))
    }

    func begin(
        _ attempt: PublishAttempt,
        grant: PublishGrant,
        connection: any PublisherConnection
    ) -> Result<any Publication, PublishRefusal> {
        hub.begin(attempt, grant: grant, connection: connection)
            .map { Timed(inner: $0, owner: self) }
    }

    private final class Timed: Publication {
        private let inner: any Publication
        private let owner: TimedIngest
        private let hours = Mutex(0)

        init(inner: any Publication, owner: TimedIngest) {
            self.inner = inner
            self.owner = owner
        }

        func receive(_ kind: RTMPMediaKind, timestamp: UInt32, body: Span<UInt8>) throws {
            let milliseconds = Int64(timestamp)
            owner.clock.advance(to: milliseconds * 1000)
            try inner.receive(kind, timestamp: timestamp, body: body)
            if kind == .audio { owner.lastAudio.withLock { $0 = max($0, milliseconds) } }
            let hour = Int(milliseconds / 3_600_000)
            if hour > hours.withLock({ $0 }) {
                hours.withLock { $0 = hour }
                owner.onHour(hour)
            }
        }

        func end(_ end: PublishEnd) {
            inner.end(end)
            owner.ended.yield(end)
        }
    }
}

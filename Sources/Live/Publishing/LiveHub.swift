package import Logging
import Platform
import Segmenting
import Synchronization

/// Something that happened to a stream, for logs and webhooks.
package enum LiveHubEvent: Hashable, Sendable {
    case began(streamID: String, LivePublisher)
    /// Nobody publishes; the grace period runs.
    case lost(streamID: String, PublishEnd)
    case ended(streamID: String)
    /// Nothing of it is in memory any more.
    case gone(streamID: String)
}

/// All live streams of this origin, by id.
///
/// From any thread. A stream comes with its first publisher and goes a while after the last one.
package final class LiveHub: LiveIngest {
    /// What the hub is made of.
    package struct Parts: Sendable {
        package var rendering: any LiveRendering
        package var stages: PublishStages
        package var clock: any LiveClock
        /// Where streams' numbers outlive the process; nil: nowhere.
        package var continuations: ContinuationStore?
        /// Which origin has which stream; nil: there is one origin.
        package var registry: (any LiveRegistry)?
        /// Keeps a stream's media on disk; may block, on a publisher's thread.
        package var makeArchive: @Sendable (String) -> (any LiveArchive)?
        /// Told on whichever thread it happens; must not block.
        package var onEvent: @Sendable (LiveHubEvent) -> Void

        package init(
            rendering: any LiveRendering,
            stages: PublishStages,
            clock: any LiveClock,
            continuations: ContinuationStore? = nil,
            registry: (any LiveRegistry)? = nil,
            makeArchive: @escaping @Sendable (String) -> (any LiveArchive)? = { _ in nil },
            onEvent: @escaping @Sendable (LiveHubEvent) -> Void = { _ in }
        ) {
            self.rendering = rendering
            self.stages = stages
            self.clock = clock
            self.continuations = continuations
            self.registry = registry
            self.makeArchive = makeArchive
            self.onEvent = onEvent
        }
    }

    private let configuration: LiveHubConfiguration
    private let parts: Parts
    private let logger: Logger
    private let entries = Mutex<[String: LiveHubEntry]>([:])
    /// One stream is made at a time, so that none is made twice; requests never wait for it.
    private let making = Mutex<Void>(())
    private let publishers = Counter()

    package init(configuration: LiveHubConfiguration, parts: Parts, logger: Logger) {
        self.configuration = configuration
        self.parts = parts
        self.logger = logger
    }

    package func stream(_ id: String) -> LiveStream? {
        entries.withLock { $0[id]?.stream }
    }

    /// All streams, in no order.
    package var streams: [LiveStream] {
        entries.withLock { $0.values.map(\.stream) }
    }

    /// All streams, by id.
    package var snapshots: [LiveSnapshot] {
        let entries = entries.withLock { Array($0.values) }
        return entries.map(\.stream.snapshot).sorted { $0.id < $1.id }
    }

    /// Sends a stream's publishers away.
    package func close(_ id: String, reason: String) {
        entries.withLock { $0[id] }?.close(reason: reason)
    }

    /// Tells other origins that the streams are here no longer: this one is about to stop.
    package func releaseClaims() {
        guard let registry = parts.registry else { return }
        for id in entries.withLock({ Array($0.keys) }) { registry.release(id) }
    }

    /// Brings back a stream of an earlier life of this origin, so that viewers of its rewind window
    /// are answered while its encoder is on its way back; before anybody publishes, and blocks.
    ///
    /// - Parameters:
    ///   - id: the stream's.
    ///   - newestMicroseconds: wall time of its newest media; one that nobody would know any more
    ///     had the origin not stopped stays away.
    package func restore(_ id: String, newestMicroseconds: Int64) {
        let age = parts.clock.wallMicroseconds - newestMicroseconds
        guard LiveAddress.isStreamID(id), age < configuration.endedTime.microseconds else { return }
        let entry = self.entry(id)
        entry?.stream.restore()
        entry?.expectReturn()
    }

    // MARK: - Publishers

    package func begin(
        _ attempt: PublishAttempt,
        grant: PublishGrant,
        connection: any PublisherConnection
    ) -> Result<any Publication, PublishRefusal> {
        guard LiveAddress.isStreamID(grant.streamID) else {
            return .failure(.unavailable("no stream can have this name"))
        }
        let id = publishers.next()
        while true {
            guard let entry = entry(grant.streamID) else {
                return .failure(.unavailable("too many streams"))
            }
            switch entry.arrive(id, grant.role, connection) {
            // It was about to be forgotten.
            case nil: remove(entry)
            case .refused: return .failure(.alreadyPublished)
            case .accepted, .acceptedInPlaceOf:
                return .success(publication(id, attempt, grant, entry))
            }
        }
    }

    private func publication(
        _ id: PublisherStateMachine.ID,
        _ attempt: PublishAttempt,
        _ grant: PublishGrant,
        _ entry: LiveHubEntry
    ) -> LivePublication {
        LivePublication(
            id: id,
            publisher: LivePublisher(
                clientAddress: attempt.clientAddress,
                encoder: attempt.encoder,
                role: grant.role,
                isSecure: attempt.isSecure,
                sinceMicroseconds: parts.clock.wallMicroseconds
            ),
            entry: entry,
            stages: parts.stages,
            limitBytes: configuration.publishBytes,
            clock: parts.clock
        )
    }

    private func entry(_ id: String) -> LiveHubEntry? {
        making.withLock { _ in
            let (present, count) = entries.withLock { ($0[id], $0.count) }
            if let present { return present }
            guard count < configuration.streamCount else { return nil }
            let entry = makeEntry(id)
            entries.withLock { $0[id] = entry }
            parts.registry?.claim(id)
            return entry
        }
    }

    private func makeEntry(_ id: String) -> LiveHubEntry {
        let continuations = parts.continuations
        let stream = LiveStream(
            id: id,
            continuation: continuations?.load(id) ?? LiveContinuation(),
            targetDurationSeconds: configuration.targetDurationSeconds,
            rendering: parts.rendering,
            archive: parts.makeArchive(id),
            limits: configuration.limits,
            clock: parts.clock,
            keep: { continuations?.keep($0, of: id, isExact: $1) }
        )
        return LiveHubEntry(
            stream: stream,
            configuration: configuration,
            clock: parts.clock,
            onPhase: { [weak self] entry, change in self?.changed(entry, change) }
        )
    }

    private func changed(_ entry: LiveHubEntry, _ change: LiveHubEntry.Change) {
        let id = entry.stream.id
        switch change {
        case .began(let publisher):
            logger.info(
                "live stream is published",
                metadata: ["stream": "\(id)", "client": "\(publisher.clientAddress)"]
            )
            parts.onEvent(.began(streamID: id, publisher))
        case .lost(let end):
            logger.info("live publisher gone", metadata: ["stream": "\(id)", "end": "\(end)"])
            parts.onEvent(.lost(streamID: id, end))
        case .ended:
            logger.info("live stream ended", metadata: ["stream": "\(id)"])
            parts.onEvent(.ended(streamID: id))
        case .gone:
            remove(entry)
            parts.onEvent(.gone(streamID: id))
        }
    }

    private func remove(_ entry: LiveHubEntry) {
        let isRemoved = entries.withLock { entries in
            guard entries[entry.stream.id] === entry else { return false }
            entries[entry.stream.id] = nil
            return true
        }
        if isRemoved { parts.registry?.release(entry.stream.id) }
    }
}

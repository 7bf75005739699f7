internal import Logging
internal import Platform
internal import Synchronization

/// What all connections of a server share; from any thread.
final class RTMPService: Sendable {
    let application: String
    let limits: RTMPLimits
    let authority: any PublishAuthority
    let ingest: any LiveIngest
    let logger: Logger
    let counters = RTMPCounters()
    private let publisherCount = Atomic<Int>(0)

    init(
        _ configuration: RTMPConfiguration,
        authority: any PublishAuthority,
        ingest: any LiveIngest,
        logger: Logger
    ) {
        application = configuration.application
        limits = configuration.limits
        self.authority = authority
        self.ingest = ingest
        self.logger = logger
    }

    /// Asks for a publisher's place, its key and its stream; blocks as the authority does.
    ///
    /// - Returns: where its messages go; its place is then to be given back with `leave`.
    func begin(
        _ attempt: PublishAttempt,
        _ connection: RTMPConnection
    ) -> Result<any Publication, PublishRefusal> {
        guard publisherCount.wrappingAdd(1, ordering: .relaxed).newValue <= limits.publisherCount
        else {
            publisherCount.wrappingSubtract(1, ordering: .relaxed)
            counters.refuse(.publisherLimit)
            return .failure(.unavailable("Too many publishers, try again later"))
        }
        let result = authority.decide(attempt).flatMap { grant in
            ingest.begin(attempt, grant: grant, connection: connection)
        }
        switch result {
        case .success:
            counters.publishes.add()
            counters.publishers.add(1)
        case .failure:
            publisherCount.wrappingSubtract(1, ordering: .relaxed)
        }
        return result
    }

    /// A publish is over.
    func leave() {
        publisherCount.wrappingSubtract(1, ordering: .relaxed)
        counters.publishers.add(-1)
    }
}

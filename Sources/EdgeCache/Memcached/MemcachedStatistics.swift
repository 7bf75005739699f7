internal import Platform

/// What the tier has done since it was made, and where it stands.
package struct MemcachedStatistics: Hashable, Sendable {
    package enum BreakerState: Hashable, Sendable {
        case closed
        case open
        /// One look-up at a time is let through, to see.
        case trial
    }

    package var hits: UInt64 = 0
    package var misses: UInt64 = 0
    /// Look-ups that were not answered in time; some of them were hits that nobody waited for.
    package var deadlineMisses: UInt64 = 0
    /// Look-ups that a breaker kept from the servers.
    package var skippedLookups: UInt64 = 0
    /// Look-ups that found the queue full.
    package var refusedLookups: UInt64 = 0
    package var timeouts: UInt64 = 0
    package var connectionFailures: UInt64 = 0
    /// Answers that break the protocol or this tier's format, or whose checksum is wrong.
    package var malformedAnswers: UInt64 = 0
    /// Objects with slices missing or of another store, and other objects under the same hash.
    package var incompleteObjects: UInt64 = 0
    /// Handed to a server, which may still have refused it.
    package var stores: UInt64 = 0
    /// The queue was full.
    package var droppedStores: UInt64 = 0
    /// A server was out of reach, or a breaker open.
    package var failedStores: UInt64 = 0
    package var removals: UInt64 = 0
    package var failedRemovals: UInt64 = 0
    /// Of bodies, out of memcached.
    package var readBytes: UInt64 = 0
    /// Of bodies, into memcached.
    package var writtenBytes: UInt64 = 0
    package var queuedLookups = 0
    package var queuedStores = 0
    package var breaker = BreakerState.closed
    /// By place in the configuration.
    package var serverBreakers: [BreakerState] = []
}

/// The numbers behind the statistics that only grow.
struct MemcachedCounters: Sendable {
    let hits = Counter()
    let misses = Counter()
    let deadlineMisses = Counter()
    let skippedLookups = Counter()
    let refusedLookups = Counter()
    let timeouts = Counter()
    let connectionFailures = Counter()
    let malformedAnswers = Counter()
    let incompleteObjects = Counter()
    let stores = Counter()
    let droppedStores = Counter()
    let failedStores = Counter()
    let removals = Counter()
    let failedRemovals = Counter()
    let readBytes = Counter()
    let writtenBytes = Counter()

    var statistics: MemcachedStatistics {
        var now = MemcachedStatistics()
        now.hits = hits.value
        now.misses = misses.value
        now.deadlineMisses = deadlineMisses.value
        now.skippedLookups = skippedLookups.value
        now.refusedLookups = refusedLookups.value
        now.timeouts = timeouts.value
        now.connectionFailures = connectionFailures.value
        now.malformedAnswers = malformedAnswers.value
        now.incompleteObjects = incompleteObjects.value
        now.stores = stores.value
        now.droppedStores = droppedStores.value
        now.failedStores = failedStores.value
        now.removals = removals.value
        now.failedRemovals = failedRemovals.value
        now.readBytes = readBytes.value
        now.writtenBytes = writtenBytes.value
        return now
    }

    func count(_ failure: MemcachedFailure) {
        switch failure {
        case .timedOut: timeouts.add()
        case .unreachable: connectionFailures.add()
        case .malformed: malformedAnswers.add()
        }
    }
}

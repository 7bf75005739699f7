package import EdgeCache
import MediaHTTP

/// Removes what an operator or an origin names from both tiers.
///
/// The log decides; what it names goes from memory at once, and from memcached when it is met there.
package final class Purging: Sendable {
    private let log: PurgeLog
    private let memory: MemoryTier
    private let shared: (any SharedTier)?
    private let clock: @Sendable () -> Int64
    private let save: @Sendable (PurgeLog) -> Void

    package init(
        log: PurgeLog,
        memory: MemoryTier,
        shared: (any SharedTier)?,
        clock: @escaping @Sendable () -> Int64,
        save: @escaping @Sendable (PurgeLog) -> Void
    ) {
        self.log = log
        self.memory = memory
        self.shared = shared
        self.clock = clock
        self.save = save
    }

    /// - Returns: how many objects went from memory.
    package func purge(_ target: PurgeTarget) -> Int {
        log.record(target, at: clock())
        if case .address(let address) = target { shared?.remove(CacheKey(address)) }
        let removed = memory.removeDead()
        save(log)
        return removed
    }
}

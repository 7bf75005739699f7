import Synchronization

/// The edge's first tier: whole answers in this process's memory, bounded by what they cost.
///
/// Locks: the index is in shards, each behind a lock that a look-up holds for some tens of
/// nanoseconds. The queues that decide who stays are behind one lock that look-ups never take, so
/// that large objects find room whatever their shard; it is held while shards are locked, never the
/// other way round. The sum of costs is at most the capacity whenever the queues' lock is free.
/// What is evicted ends after both locks are let go of.
///
/// Purges: whoever records one in the log and then calls `removeDead` is sure that nothing of it
/// is left or comes back, as an insert looks into the log after its object can be found. Look-ups
/// therefore look into no log. From any thread.
package final class MemoryTier: Sendable {
    private struct State {
        var queues: EvictionQueues
        var insertions: UInt64 = 0
        var evictions: UInt64 = 0
        var refusals: UInt64 = 0
    }

    private let state: Mutex<State>
    private let shards: [MemoryShard]
    private let shardMask: Int
    private let purges: PurgeLog

    /// Makes an empty tier.
    ///
    /// - Parameters:
    ///   - capacityBytes: the most that all objects may cost together, by `costBytes`.
    ///   - shardCount: of the index; the next power of two is taken.
    ///   - purges: what no object may be older than.
    package init(
        capacityBytes: Int,
        shardCount: Int = MemoryTier.defaultShardCount,
        purges: PurgeLog = PurgeLog()
    ) {
        var count = 1
        while count < shardCount { count *= 2 }
        self.shards = (0..<count).map { _ in MemoryShard() }
        self.shardMask = count - 1
        self.state = Mutex(State(queues: EvictionQueues(capacityBytes: max(0, capacityBytes))))
        self.purges = purges
    }

    package static let defaultShardCount = MemoryLimits.shardCount

    /// The object under a key, whatever its age.
    package func object(for key: CacheKey) -> CachedObject? {
        shards[shardIndex(of: key)].object(for: key)
    }

    /// Keeps an object in place of what was under its key before.
    ///
    /// - Returns: whether it was taken in. Where it was not, nothing is under the key any more.
    @discardableResult
    package func insert(_ object: CachedObject, for key: CacheKey) -> Bool {
        let shard = shards[shardIndex(of: key)]
        let costBytes = object.costBytes
        let (entry, gone) = state.withLock { state in
            let old = shard.entry(for: key)
            var evicted: [CacheEntry] = []
            let entry = state.queues.insert(
                object,
                for: key,
                costBytes: costBytes,
                replacing: old,
                evicted: &evicted
            )
            for victim in evicted { shards[shardIndex(of: victim.key)].remove(victim) }
            state.evictions &+= UInt64(evicted.count)
            if let entry {
                shard.put(entry)
                state.insertions &+= 1
            } else {
                if let old { shard.remove(old) }
                state.refusals &+= 1
            }
            if let old { evicted.append(old) }
            return (entry, evicted)
        }
        withExtendedLifetime(gone) {}
        guard let entry else { return false }
        if purges.isDead(object, for: key) {
            remove(entry)
            return false
        }
        return true
    }

    /// Removes what is under a key; whether anything was.
    @discardableResult
    package func remove(_ key: CacheKey) -> Bool {
        guard let entry = shards[shardIndex(of: key)].entry(for: key) else { return false }
        return remove(entry)
    }

    package func removeAll() {
        let gone = state.withLock { state in
            let capacityBytes = state.queues.capacityBytes
            let old = state.queues
            state.queues = EvictionQueues(capacityBytes: capacityBytes)
            return (shards.map { $0.takeAll() }, old)
        }
        withExtendedLifetime(gone) {}
    }

    /// Changes the capacity; the tier is under it when the call returns.
    package func resize(capacityBytes: Int) {
        state.withLock { $0.queues.resize(capacityBytes: max(0, capacityBytes)) }
        var isUnder = false
        while !isUnder {
            let gone = state.withLock { state in
                var evicted: [CacheEntry] = []
                state.queues.evict(atMost: MemoryLimits.batchCount, &evicted)
                for victim in evicted { shards[shardIndex(of: victim.key)].remove(victim) }
                state.evictions &+= UInt64(evicted.count)
                return evicted
            }
            isUnder = gone.isEmpty
        }
    }

    package var statistics: MemoryStatistics {
        var statistics = state.withLock { state in
            MemoryStatistics(
                objects: state.queues.count,
                bytes: state.queues.costBytes,
                capacityBytes: state.queues.capacityBytes,
                insertions: state.insertions,
                evictions: state.evictions,
                refusals: state.refusals
            )
        }
        for shard in shards {
            let counts = shard.counts
            statistics.hits &+= counts.hits
            statistics.misses &+= counts.misses
        }
        return statistics
    }

    /// Which part of the index a key is in.
    package func shardIndex(of key: CacheKey) -> Int { key.hash & shardMask }
}

// MARK: - Purging

extension MemoryTier {
    /// Removes every object that the purge log calls dead.
    ///
    /// Walks the queues' table in batches, so that neither look-ups nor inserts wait for the whole
    /// of it.
    ///
    /// - Returns: how many objects went.
    @discardableResult
    package func removeDead() -> Int {
        var removed = 0
        var start = 0
        var end = 0
        repeat {
            let batch = state.withLock { state in
                end = state.queues.placeCount
                return (start..<min(end, start + MemoryLimits.batchCount)).compactMap {
                    state.queues.entry(at: $0)
                }
            }
            for entry in batch where purges.isDead(entry.object, for: entry.key) {
                if remove(entry) { removed += 1 }
            }
            start += MemoryLimits.batchCount
        } while start < end
        return removed
    }

    /// Removes an entry where it still is what is under its key.
    @discardableResult
    private func remove(_ entry: CacheEntry) -> Bool {
        let shard = shards[shardIndex(of: entry.key)]
        return state.withLock { state in
            guard shard.entry(for: entry.key) === entry else { return false }
            state.queues.remove(entry)
            shard.remove(entry)
            return true
        }
    }
}

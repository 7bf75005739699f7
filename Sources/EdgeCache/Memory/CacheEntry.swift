import Synchronization

/// An object in the memory tier: what the index finds, and what the queues hold.
package final class CacheEntry: Sendable {
    package let key: CacheKey
    package let object: CachedObject
    package let costBytes: Int
    /// Its place in the queues' table for as long as it is in the tier.
    let slot: Int32
    private let visits: Atomic<UInt8>

    init(key: CacheKey, object: CachedObject, costBytes: Int, slot: Int32, visits: UInt8) {
        self.key = key
        self.object = object
        self.costBytes = costBytes
        self.slot = slot
        self.visits = Atomic(visits)
    }

    /// Notes a hit; from any thread.
    ///
    /// Two at once may count as one. That costs nothing, while an addition that loses none would
    /// make the line of a popular entry travel between cores.
    package func visit() {
        let count = visits.load(ordering: .relaxed)
        if count < MemoryLimits.mostVisits { visits.store(count + 1, ordering: .relaxed) }
    }

    var visitCount: UInt8 { visits.load(ordering: .relaxed) }

    func setVisits(_ count: UInt8) { visits.store(count, ordering: .relaxed) }
}

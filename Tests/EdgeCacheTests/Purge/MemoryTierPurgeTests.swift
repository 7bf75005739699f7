import EdgeCache
import Foundation
import Synchronization
import TestSupport
import Testing

/// Purges in the memory tier.
@Suite(.timeLimit(.minutes(1)))
struct MemoryTierPurgeTests {
    private let purges = PurgeLog()

    @Test func aTagLeavesTheRest() {
        let tier = MemoryTier(capacityBytes: 10_000_000, purges: purges)
        for number in 0..<2000 {
            let object = CachedObject.sample(bornAt: 10, tags: ["video:\(number % 4)"])
            tier.insert(object, for: CacheKey("/\(number)"))
        }
        purges.record(.tag("video:1"), at: 20)
        #expect(tier.removeDead() == 500)
        #expect(tier.statistics.objects == 1500)
        #expect(tier.object(for: CacheKey("/1")) == nil)
        #expect(tier.object(for: CacheKey("/2")) != nil)
        #expect(tier.removeDead() == 0)
        #expect(tier.statistics.evictions == 0)
    }

    @Test func whatWasUnderWayAtThePurgeIsNotTakenIn() {
        let tier = MemoryTier(capacityBytes: 1_000_000, purges: purges)
        purges.record(.tag("video:1"), at: 20)
        tier.removeDead()
        let key = CacheKey("/a")
        #expect(!tier.insert(.sample(bornAt: 20, tags: ["video:1"]), for: key))
        #expect(tier.object(for: key) == nil)
        #expect(tier.statistics.bytes == 0)
        #expect(tier.insert(.sample(bornAt: 21, tags: ["video:1"]), for: key))
    }

    @Test func purgesAndInsertsAtOnceLeaveNothingDead() {
        let tier = MemoryTier(capacityBytes: 4_000_000, purges: purges)
        let time = Atomic<Int64>(1)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            var random = SplitMix(state: UInt64(thread))
            for turn in 0..<2000 {
                if thread == 0, turn % 20 == 0 {
                    let now = time.add(1, ordering: .relaxed).newValue
                    purges.record(.tag("t"), at: now)
                    tier.removeDead()
                }
                let born = time.load(ordering: .relaxed)
                let key = CacheKey("/\(Int.random(in: 0..<100, using: &random))")
                tier.insert(.sample(bornAt: born, tags: ["t"]), for: key)
            }
        }
        let left = (0..<100).compactMap { number in
            let key = CacheKey("/\(number)")
            return tier.object(for: key).map { (key, $0) }
        }
        #expect(left.allSatisfy { !purges.isDead($0.1, for: $0.0) })
        #expect(tier.statistics.objects == left.count)
        purges.record(.everything, at: .max)
        #expect(tier.removeDead() == left.count)
        #expect(tier.statistics.bytes == 0)
    }
}

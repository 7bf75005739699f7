import EdgeCache
import Foundation
import NIOCore
import Synchronization
import TestSupport
import Testing

/// Many threads at one tier, and keys that all fall into one shard.
@Suite(.timeLimit(.minutes(1)))
struct MemoryTierConcurrencyTests {
    @Test func threadsThatInsertLookUpAndRemoveKeepTheBound() {
        let tier = MemoryTier(capacityBytes: 400_000)
        let faults = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            var random = SplitMix(state: UInt64(thread))
            for _ in 0..<8000 {
                let number = Int.random(in: 0..<600, using: &random)
                let key = CacheKey("/\(number)")
                let fill = UInt8(truncatingIfNeeded: number)
                switch Int.random(in: 0..<20, using: &random) {
                case 0: tier.remove(key)
                case 1: tier.removeDead()
                case 2...9:
                    let size = Int.random(in: 0..<8000, using: &random)
                    tier.insert(.sample(sizeBytes: size, fill: fill), for: key)
                default:
                    let bytes = tier.object(for: key)?.body.bytes?.readableBytesView
                    if bytes?.first ?? fill != fill { faults.add(1, ordering: .relaxed) }
                }
                if tier.statistics.bytes > 400_000 { faults.add(1, ordering: .relaxed) }
            }
        }
        #expect(faults.load(ordering: .relaxed) == 0)
        let found = (0..<600).compactMap { tier.object(for: CacheKey("/\($0)")) }
        #expect(tier.statistics.objects == found.count)
        #expect(tier.statistics.bytes == found.reduce(0) { $0 + $1.costBytes })
        tier.resize(capacityBytes: 0)
        #expect(tier.statistics.objects == 0)
        #expect(tier.statistics.bytes == 0)
    }

    @Test func resizingAndEmptyingUnderLoadLosesNoCount() {
        let tier = MemoryTier(capacityBytes: 300_000, shardCount: 3)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for number in 0..<3000 {
                if thread == 0, number % 100 == 0 {
                    tier.resize(capacityBytes: number % 200 == 0 ? 100_000 : 300_000)
                }
                if thread == 1, number % 500 == 0 { tier.removeAll() }
                tier.insert(.sample(sizeBytes: 2000), for: CacheKey("/\(thread)/\(number % 200)"))
            }
        }
        let found = (0..<800).compactMap {
            tier.object(for: CacheKey("/\($0 / 200)/\($0 % 200)"))
        }
        #expect(tier.statistics.objects == found.count)
        #expect(tier.statistics.bytes == found.reduce(0) { $0 + $1.costBytes })
        #expect(tier.statistics.bytes <= tier.statistics.capacityBytes)
    }

    @Test func keysOfOneShardHaveTheWholeCapacity() {
        let tier = MemoryTier(capacityBytes: 1_000_000)
        let keys = (0...).lazy.map { CacheKey("/aimed/\($0)") }
            .filter { tier.shardIndex(of: $0) == 0 }.prefix(1000)
        for key in keys { tier.insert(.costing(1000), for: key) }
        #expect(tier.statistics.objects == 1000)
        #expect(keys.allSatisfy { tier.object(for: $0) != nil })
        for key in keys { tier.insert(.costing(2000), for: key) }
        #expect(tier.statistics.bytes <= 1_000_000)
        #expect(tier.statistics.objects >= 499)
    }
}

import EdgeCache
import NIOCore
import TestSupport
import Testing

/// What the memory tier keeps, and what it costs.
struct MemoryTierTests {
    private let tier = MemoryTier(capacityBytes: 1_000_000)

    @Test func findsWhatWasInserted() {
        let object = CachedObject.sample()
        #expect(tier.object(for: CacheKey("/a")) == nil)
        #expect(tier.insert(object, for: CacheKey("/a")))
        #expect(tier.object(for: CacheKey("/a")) === object)
        #expect(tier.object(for: CacheKey("/b")) == nil)
        #expect(tier.statistics.hits == 1)
        #expect(tier.statistics.misses == 2)
        #expect(tier.statistics.insertions == 1)
        #expect(tier.statistics.bytes == object.costBytes)
    }

    @Test func anInsertReplacesWhatHasTheSameKey() {
        let key = CacheKey("/a")
        tier.insert(.sample(sizeBytes: 5000), for: key)
        let newer = CachedObject.sample(sizeBytes: 300)
        tier.insert(newer, for: key)
        #expect(tier.object(for: key) === newer)
        #expect(tier.statistics.objects == 1)
        #expect(tier.statistics.bytes == newer.costBytes)
        #expect(tier.statistics.evictions == 0)
    }

    @Test func keysThatAreEqualToUnicodeOnlyAreTwo() {
        tier.insert(.sample(), for: CacheKey("/caf\u{E9}"))
        #expect(tier.object(for: CacheKey("/cafe\u{301}")) == nil)
        #expect(tier.object(for: CacheKey("/caf\u{E9}")) != nil)
    }

    @Test func isNeverAboveItsCapacityAfterAnInsert() {
        var sizes = [1, 700, 20_000, 99_000, 300_000, 480_000]
        for number in 0..<3000 {
            sizes.swapAt(number % 6, number * 7 % 6)
            tier.insert(.sample(sizeBytes: sizes[number % 6]), for: CacheKey("/\(number % 500)"))
            let statistics = tier.statistics
            guard statistics.bytes <= 1_000_000 else {
                Issue.record("\(statistics.bytes) after insert \(number)")
                return
            }
        }
        #expect(tier.statistics.evictions > 0)
    }

    @Test func fillsItsCapacityToTheLastByte() {
        for number in 0..<10 { tier.insert(.costing(100_000), for: CacheKey("/\(number)")) }
        #expect(tier.statistics.objects == 10)
        #expect(tier.statistics.bytes == 1_000_000)
        #expect(tier.statistics.evictions == 0)
        tier.insert(.costing(100_000), for: CacheKey("/one more"))
        #expect(tier.statistics.bytes == 1_000_000)
        #expect(tier.statistics.evictions == 1)
    }

    @Test func whatCountsForMoreThanHalfIsNotKept() {
        let key = CacheKey("/large")
        tier.insert(.sample(), for: key)
        #expect(!tier.insert(.costing(500_001), for: key))
        // An older answer must not stand in for the newer one either.
        #expect(tier.object(for: key) == nil)
        #expect(tier.statistics.bytes == 0)
        #expect(tier.statistics.refusals == 1)
        #expect(tier.insert(.costing(500_000), for: key))
    }

    @Test func aLargeObjectMovesOthersOnlyWhenAskedForTwice() {
        for number in 0..<50 { tier.insert(.costing(20_000), for: CacheKey("/\(number)")) }
        let key = CacheKey("/large")
        #expect(!tier.insert(.costing(250_000), for: key))
        #expect(tier.statistics.objects == 50)
        #expect(tier.insert(.costing(250_000), for: key))
        #expect(tier.object(for: key) != nil)
        #expect(tier.statistics.bytes <= 1_000_000)
    }

    @Test func theDefaultCapacityHoldsThreeObjectsOf64MB() {
        let tier = MemoryTier(capacityBytes: 256 << 20)
        let body = ByteBuffer(repeating: 0, count: 64 << 20)
        for number in 0..<3 {
            let sample = CachedObject.sample()
            let object = CachedObject(
                head: sample.head,
                body: .bytes(body),
                freshness: sample.freshness,
                kind: 0
            )
            #expect(tier.insert(object, for: CacheKey("/\(number)")))
        }
        #expect(tier.statistics.objects == 3)
    }

    @Test func agreesWithADictionary() {
        let tier = MemoryTier(capacityBytes: 1 << 30, shardCount: 1)
        let objects = (0..<8).map { _ in CachedObject.sample(sizeBytes: 10) }
        var model: [CacheKey: CachedObject] = [:]
        var random = SplitMix(state: 5)
        for turn in 0..<60_000 {
            // Grows to some thousands of keys, then shrinks.
            let key = CacheKey("/\(Int.random(in: 0..<6000, using: &random))")
            if Int.random(in: 0..<60_000, using: &random) > turn {
                let object = objects[turn % 8]
                tier.insert(object, for: key)
                model[key] = object
            } else {
                #expect(tier.remove(key) == (model.removeValue(forKey: key) != nil))
            }
            if turn % 10_000 == 9999 {
                let keys = (0..<6000).map { CacheKey("/\($0)") }
                #expect(keys.allSatisfy { tier.object(for: $0) === model[$0] })
                #expect(tier.statistics.objects == model.count)
            }
        }
    }

    @Test func removesOneAndAll() {
        for number in 0..<10 { tier.insert(.sample(), for: CacheKey("/\(number)")) }
        #expect(tier.remove(CacheKey("/3")))
        #expect(!tier.remove(CacheKey("/3")))
        #expect(tier.object(for: CacheKey("/3")) == nil)
        #expect(tier.statistics.objects == 9)
        tier.removeAll()
        #expect(tier.statistics.objects == 0)
        #expect(tier.statistics.bytes == 0)
        #expect(tier.object(for: CacheKey("/4")) == nil)
        #expect(tier.statistics.evictions == 0)
        #expect(tier.insert(.sample(), for: CacheKey("/4")))
    }

    @Test func aSmallerCapacityHoldsAtOnce() {
        for number in 0..<900 { tier.insert(.costing(1000), for: CacheKey("/\(number)")) }
        tier.resize(capacityBytes: 50_000)
        #expect(tier.statistics.bytes <= 50_000)
        #expect(tier.statistics.objects == 50)
        #expect((0..<900).count { tier.object(for: CacheKey("/\($0)")) != nil } == 50)
        tier.resize(capacityBytes: 0)
        #expect(tier.statistics.objects == 0)
        #expect(!tier.insert(.sample(), for: CacheKey("/none")))
        tier.resize(capacityBytes: 100_000)
        #expect(tier.insert(.costing(10_000), for: CacheKey("/again")))
    }

    @Test func whatWentIsFreed() {
        weak var first: CachedObject?
        do {
            let object = CachedObject.costing(90_000)
            first = object
            tier.insert(object, for: CacheKey("/first"))
        }
        #expect(first != nil)
        for number in 0..<40 { tier.insert(.costing(90_000), for: CacheKey("/\(number)")) }
        #expect(first == nil)
    }

    @Test func whatIsWantedOutlivesAScan() {
        let wanted = (0..<200).map { CacheKey("/wanted/\($0)") }
        for key in wanted { tier.insert(.costing(1000), for: key) }
        for _ in 0..<3 { for key in wanted { _ = tier.object(for: key) } }
        for number in 0..<20_000 { tier.insert(.costing(1000), for: CacheKey("/scan/\(number)")) }
        #expect(wanted.count { tier.object(for: $0) != nil } == 200)
    }

    @Test func whatCannotBeUsedAnyMoreGetsNoFurtherRound() {
        let parts = (0..<200).map { CacheKey("/live/part\($0)") }
        for key in parts { tier.insert(.sample(sizeBytes: 1000, lastUse: 12_000), for: key) }
        for _ in 0..<3 { for key in parts { _ = tier.object(for: key) } }
        for number in 0..<600 {
            let object = CachedObject.costing(2000, bornAt: 20_000)
            tier.insert(object, for: CacheKey("/later/\(number)"))
        }
        #expect(parts.count { tier.object(for: $0) != nil } == 0)
    }

    @Test func whatComesBackSoonStays() {
        let key = CacheKey("/back")
        tier.insert(.costing(1000), for: key)
        func pass(_ name: String) {
            for number in 0..<1100 {
                tier.insert(.costing(1000), for: CacheKey("/\(name)/\(number)"))
            }
        }
        pass("one")
        #expect(tier.object(for: key) == nil)
        tier.insert(.costing(1000), for: key)
        pass("two")
        #expect(tier.object(for: key) != nil)
    }

    @Test func keysRememberedAreBounded() {
        var queues = EvictionQueues(capacityBytes: .max / 2)
        #expect(queues.ghostCount == 0)
        queues = EvictionQueues(capacityBytes: 1_000_000)
        let object = CachedObject.sample()
        var evicted: [CacheEntry] = []
        for number in 0..<10_000 {
            _ = queues.insert(
                object,
                for: CacheKey("/\(number)"),
                costBytes: 1000,
                replacing: nil,
                evicted: &evicted
            )
            evicted.removeAll()
        }
        #expect(queues.ghostCount == 1000)
        #expect(queues.costBytes == 1_000_000)
    }
}

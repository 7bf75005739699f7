// GCRA, the leaky bucket that needs one number for a key: the time at which its bucket would be empty.
// A key whose time has come is as one never seen, so its place is free without anyone clearing it.
//
// Memory is taken once. A key has one set of eight places, found by a hash with the process' own seed;
// when more keys share a set than it has places, the one closest to being free gives way. So a flood
// of addresses can make the table forget clients with little debt, never those over their limit before
// all others. Two keys that share all 64 bits of their hash share a bucket.
//
// ITU-T I.371 annex A

import Synchronization

/// The rates of many keys against one limit; from any thread.
package final class RateTable: Sendable {
    private static let shardCount = 16
    private static let ways = 8

    private struct Sets {
        var keys: [UInt64]
        /// Nanoseconds of the caller's clock.
        var emptyAt: [UInt64]
    }

    private final class Shard: Sendable {
        let sets: Mutex<Sets>

        init(count: Int) {
            let zeros = [UInt64](repeating: 0, count: count)
            sets = Mutex(Sets(keys: zeros, emptyAt: zeros))
        }
    }

    package let limit: RateLimit
    private let shards: [Shard]
    private let setsPerShard: Int
    /// What one unit adds, and how far ahead of now a bucket may be.
    private let unitNanoseconds: UInt64
    private let toleranceNanoseconds: UInt64

    package init(limit: RateLimit, capacity: Int = AccessLimits.ratedKeys) {
        self.limit = limit
        setsPerShard = max(1, capacity / (Self.shardCount * Self.ways))
        let count = setsPerShard * Self.ways
        shards = (0..<Self.shardCount).map { _ in Shard(count: count) }
        unitNanoseconds = limit.nanoseconds(of: 1)
        toleranceNanoseconds = limit.nanoseconds(of: limit.burst - 1)
    }

    /// Takes one unit.
    ///
    /// - Returns: nil where it may; else the nanoseconds after which it may be tried again.
    package func take(_ key: UInt64, now: UInt64) -> UInt64? {
        withBucket(key, now: now) { emptyAt in
            let level = emptyAt > now ? emptyAt - now : 0
            guard level <= toleranceNanoseconds else { return level - toleranceNanoseconds }
            emptyAt = now + level + unitNanoseconds
            return nil
        }
    }

    /// Whether a key may go on, without taking anything; as `take`.
    package func wait(_ key: UInt64, now: UInt64) -> UInt64? {
        withBucket(key, now: now) { emptyAt in
            let level = emptyAt > now ? emptyAt - now : 0
            return level <= toleranceNanoseconds ? nil : level - toleranceNanoseconds
        }
    }

    /// Takes units that were used already, over the limit if need be.
    package func charge(_ key: UInt64, units: Double, now: UInt64) {
        withBucket(key, now: now) { emptyAt in
            let level = emptyAt > now ? emptyAt - now : 0
            let most = toleranceNanoseconds + AccessLimits.debtNanoseconds
            emptyAt = now + min(level + limit.nanoseconds(of: units), most)
        }
    }

    /// Keys with anything in their bucket at a time; looks at all places.
    package func count(now: UInt64) -> Int {
        shards.reduce(0) { sum, shard in
            sum + shard.sets.withLock { sets in sets.emptyAt.count { $0 > now } }
        }
    }

    package var capacity: Int { Self.shardCount * setsPerShard * Self.ways }

    private func withBucket<Result: Sendable>(
        _ key: UInt64,
        now: UInt64,
        _ body: (inout UInt64) -> Result
    ) -> Result {
        let set = Int(key / UInt64(Self.shardCount) % UInt64(setsPerShard))
        let places = set * Self.ways..<(set + 1) * Self.ways
        return shards[Int(key % UInt64(Self.shardCount))].sets.withLock { sets in
            var place = places.lowerBound
            for candidate in places {
                if sets.keys[candidate] == key {
                    return body(&sets.emptyAt[candidate])
                }
                if sets.emptyAt[candidate] < sets.emptyAt[place] { place = candidate }
            }
            var emptyAt: UInt64 = 0
            let result = body(&emptyAt)
            if emptyAt > now {
                sets.keys[place] = key
                sets.emptyAt[place] = emptyAt
            }
            return result
        }
    }
}

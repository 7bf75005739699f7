// Unsafe: hashes a token's bytes in place.
//
// Only tokens whose code was right come in, so a flood of forged ones puts nothing out. Memory is
// taken once. A token has one set of eight places, found by a hash with the process' own seed; when
// all are taken, one that expired goes first, then the one that was unused for longest. A lock is held
// for a few comparisons, and there are as many locks as shards.

import Cryptography
import Synchronization

/// Remembers verified tokens, so that a token is computed for its first request only; from any thread.
final class VerifiedTokens: Sendable {
    private static let shardCount = 16
    private static let ways = 8

    private struct Sets {
        var hashes: [UInt64]
        var tokens: [VerifiedToken?]
        /// When a place was used last, by the shard's own count of uses.
        var usedAt: [UInt32]
        var uses: UInt32 = 0
    }

    private final class Shard: Sendable {
        let sets: Mutex<Sets>

        init(count: Int) {
            sets = Mutex(
                Sets(
                    hashes: Array(repeating: 0, count: count),
                    tokens: Array(repeating: nil, count: count),
                    usedAt: Array(repeating: 0, count: count)
                )
            )
        }
    }

    private let shards: [Shard]
    private let setsPerShard: Int

    /// - Parameter capacity: tokens; at least one set of places for each shard is made.
    init(capacity: Int) {
        setsPerShard = max(1, capacity / (Self.shardCount * Self.ways))
        let count = setsPerShard * Self.ways
        shards = (0..<Self.shardCount).map { _ in Shard(count: count) }
    }

    var capacity: Int { Self.shardCount * setsPerShard * Self.ways }

    /// Tokens that are remembered; looks at all places.
    var count: Int {
        shards.reduce(0) { sum, shard in
            sum + shard.sets.withLock { sets in sets.tokens.count { $0 != nil } }
        }
    }

    static func hash(_ text: Span<UInt8>) -> UInt64 {
        var hasher = Hasher()
        unsafe text.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// The token of this text, if it was verified before.
    func find(_ text: Span<UInt8>, hash: UInt64) -> VerifiedToken? {
        let (shard, places) = place(of: hash)
        let found: VerifiedToken? = shard.sets.withLock { sets in
            for place in places where sets.hashes[place] == hash {
                sets.uses &+= 1
                sets.usedAt[place] = sets.uses
                return sets.tokens[place]
            }
            return nil
        }
        guard let found else { return nil }
        let known = found.text
        return ConstantTime.isEqual(known.span, text) ? found : nil
    }

    func remember(_ token: VerifiedToken, hash: UInt64, now: Int64) {
        let (shard, places) = place(of: hash)
        // Let go of outside of the lock.
        let former: VerifiedToken? = shard.sets.withLock { sets in
            let place = Self.choose(sets, places, hash: hash, now: now)
            sets.uses &+= 1
            sets.usedAt[place] = sets.uses
            sets.hashes[place] = hash
            let former = sets.tokens[place]
            sets.tokens[place] = token
            return former
        }
        _ = former
    }

    private func place(of hash: UInt64) -> (Shard, Range<Int>) {
        let shard = shards[Int(hash % UInt64(Self.shardCount))]
        let set = Int(hash / UInt64(Self.shardCount) % UInt64(setsPerShard))
        return (shard, set * Self.ways..<(set + 1) * Self.ways)
    }

    private static func choose(
        _ sets: Sets,
        _ places: Range<Int>,
        hash: UInt64,
        now: Int64
    ) -> Int {
        var oldest = places.lowerBound
        var oldestAge: UInt32 = 0
        for place in places {
            guard let token = sets.tokens[place] else { return place }
            if sets.hashes[place] == hash || token.expiresAt < now { return place }
            // Ages by wrapping subtraction, so that the count may run over.
            let age = sets.uses &- sets.usedAt[place]
            if age >= oldestAge { (oldest, oldestAge) = (place, age) }
        }
        return oldest
    }
}

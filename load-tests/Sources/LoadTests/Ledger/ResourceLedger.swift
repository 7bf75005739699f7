package import NIOCore
import Synchronization

/// What the bytes under each address are, as the first viewer to get them saw them.
///
/// Shared by all loops: sharded, each shard under its lock for one look-up.
package final class ResourceLedger: Sendable {
    package struct Entry: Sendable {
        package var hash: UInt64
        package var sizeBytes: Int
        /// When the first viewer had it.
        package var firstAt: NIODeadline
    }

    package enum Finding: Sendable {
        case first
        case same(since: NIODeadline)
        case different(Entry)
        /// The ledger is full.
        case unknown
    }

    private let shards: [Shard]

    package init() {
        shards = (0..<16).map { _ in Shard() }
    }

    /// Compares a body with what is known of its address, or notes it as the first.
    package func note(
        _ address: String,
        hash: UInt64,
        sizeBytes: Int,
        at now: NIODeadline
    ) -> Finding {
        var hasher = Hasher()
        hasher.combine(address)
        let shard = shards[Int(UInt(bitPattern: hasher.finalize()) % UInt(shards.count))]
        return shard.entries.withLock { entries in
            if let entry = entries[address] {
                let isSame = entry.hash == hash && entry.sizeBytes == sizeBytes
                return isSame ? .same(since: entry.firstAt) : .different(entry)
            }
            guard entries.count < CrowdLimits.ledgerEntries / 16 else { return .unknown }
            entries[address] = Entry(hash: hash, sizeBytes: sizeBytes, firstAt: now)
            return .first
        }
    }

    package var count: Int {
        shards.reduce(0) { $0 + $1.entries.withLock { $0.count } }
    }

    private final class Shard: Sendable {
        let entries = Mutex<[String: Entry]>([:])
    }
}

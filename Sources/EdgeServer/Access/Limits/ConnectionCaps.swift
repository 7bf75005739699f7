package import Platform
import Synchronization

/// Counts the connections of each client, and says whether it may have another; from any thread.
///
/// It holds an entry for each client that is connected, so the listener's own limit bounds it. It
/// outlives reloads: connections leave what they entered.
package final class ConnectionCaps: Sendable {
    private static let shardCount = 16

    private final class Shard: Sendable {
        let counts = Mutex<[IPAddress: Int]>([:])
    }

    private let shards = (0..<shardCount).map { _ in Shard() }
    private let limit: Atomic<Int>

    /// - Parameter limit: connections of one client; 0: as many as the listener takes.
    package init(limit: Int = 0) {
        self.limit = Atomic(limit)
    }

    /// Sets another limit; connections that are open stay.
    package func setLimit(_ limit: Int) {
        self.limit.store(limit, ordering: .relaxed)
    }

    /// Counts a connection, unless its client has as many as it may.
    ///
    /// - Parameters:
    ///   - address: the client's.
    ///   - isExempt: whether it is counted only.
    /// - Returns: whether it may stay, and then `leave` must be called once.
    package func enter(_ address: IPAddress, isExempt: Bool = false) -> Bool {
        let limit = limit.load(ordering: .relaxed)
        let client = address.client
        return shard(of: client).counts.withLock { counts in
            let count = counts[client, default: 0]
            guard isExempt || limit <= 0 || count < limit else { return false }
            counts[client] = count + 1
            return true
        }
    }

    package func leave(_ address: IPAddress) {
        let client = address.client
        shard(of: client).counts.withLock { counts in
            guard let count = counts[client] else { return }
            counts[client] = count > 1 ? count - 1 : nil
        }
    }

    /// Clients with a connection.
    package var clientCount: Int {
        shards.reduce(0) { sum, shard in sum + shard.counts.withLock { $0.count } }
    }

    private func shard(of client: IPAddress) -> Shard {
        shards[Int(truncatingIfNeeded: client.clientKey % UInt64(Self.shardCount))]
    }
}

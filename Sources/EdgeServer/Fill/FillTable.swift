package import EdgeCache
package import NIOCore
import Synchronization

/// The fills under way, by key: whoever comes second joins the first.
package final class FillTable: Sendable {
    private let shards: [ShardBox]
    private let services: FillServices

    private final class ShardBox: Sendable {
        let fills = Mutex<[CacheKey: Fill]>([:])
    }

    package init(services: FillServices) {
        self.services = services
        self.shards = (0..<Self.shardCount).map { _ in ShardBox() }
    }

    private static let shardCount = 16

    /// The fill of a key, begun if there is none.
    ///
    /// - Returns: the fill, and whether it is a new one, which `run` has to be called of, on its
    ///   event loop.
    package func fill(
        _ request: FillRequest,
        on eventLoop: any EventLoop
    ) -> (fill: Fill, isNew: Bool) {
        let key = request.target.key
        let shard = shard(key)
        return shard.fills.withLock { fills in
            if let fill = fills[key] { return (fill, false) }
            let fill = Fill(request, services: services, on: eventLoop) { ended in
                shard.fills.withLock { fills in
                    if fills[key] === ended { fills[key] = nil }
                }
            }
            fills[key] = fill
            return (fill, true)
        }
    }

    /// A fill that nobody joins.
    package func solo(_ request: FillRequest, on eventLoop: any EventLoop) -> Fill {
        Fill(request, services: services, on: eventLoop) { _ in }
    }

    package func contains(_ key: CacheKey) -> Bool {
        shard(key).fills.withLock { $0[key] != nil }
    }

    package var count: Int { shards.reduce(0) { $0 + $1.fills.withLock { $0.count } } }

    private func shard(_ key: CacheKey) -> ShardBox {
        shards[Int(UInt(bitPattern: key.hashValue) % UInt(shards.count))]
    }
}

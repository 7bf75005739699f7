import NIOCore
import Synchronization

/// How many connections an origin has and how many calls wait for one, over all event loops.
///
/// A loop whose calls wait may find every slot with other loops, some of them on idle connections.
/// So whoever begins to wait, and whoever gives a slot up, tells the other pools.
final class ConnectionSlots: Sendable {
    private struct State {
        var openCount = 0
        var waitingCount = 0
        var pools: [ObjectIdentifier: NIOLoopBound<OriginPool>] = [:]
    }

    private let state = Mutex(State())

    var waitingCount: Int { state.withLock { $0.waitingCount } }

    func take(limit: Int) -> Bool {
        state.withLock { state in
            guard state.openCount < limit else { return false }
            state.openCount += 1
            return true
        }
    }

    /// Gives a slot up, for a pool to whom it may be of use.
    func giveBack() {
        let pools = state.withLock { state in
            state.openCount -= 1
            return state.waitingCount > 0 ? Array(state.pools.values) : []
        }
        Self.tell(pools)
    }

    func beginWaiting(limit: Int) -> Bool {
        let pools: [NIOLoopBound<OriginPool>]? = state.withLock { state in
            guard state.waitingCount < limit else { return nil }
            state.waitingCount += 1
            return Array(state.pools.values)
        }
        guard let pools else { return false }
        Self.tell(pools)
        return true
    }

    func endWaiting() {
        state.withLock { $0.waitingCount -= 1 }
    }

    func join(_ pool: OriginPool, on eventLoop: any EventLoop) {
        let bound = NIOLoopBound(pool, eventLoop: eventLoop)
        state.withLock { $0.pools[ObjectIdentifier(pool)] = bound }
    }

    /// A pool is not used any more; pools and origins hold each other until then.
    func leave(_ pool: OriginPool) {
        state.withLock { $0.pools[ObjectIdentifier(pool)] = nil }
    }

    var pools: [NIOLoopBound<OriginPool>] { state.withLock { Array($0.pools.values) } }

    private static func tell(_ pools: [NIOLoopBound<OriginPool>]) {
        for pool in pools { pool.execute { $0.balance() } }
    }
}

extension NIOLoopBound {
    /// Runs something with the value, on its event loop, later.
    func execute(_ body: @escaping @Sendable (Value) -> Void) {
        eventLoop.execute { body(self.value) }
    }
}

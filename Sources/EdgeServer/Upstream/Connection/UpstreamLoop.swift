import NIOCore

/// The pools of one event loop and the one timer from which all limits of time are checked.
///
/// Used on that event loop only.
final class UpstreamLoop {
    let eventLoop: any EventLoop
    let limits: UpstreamLimits
    private var pools: [ObjectIdentifier: OriginPool] = [:]
    private var exchanges: [ObjectIdentifier: UpstreamExchange] = [:]
    private var isTicking = false

    init(eventLoop: any EventLoop, limits: UpstreamLimits) {
        self.eventLoop = eventLoop
        self.limits = limits
    }

    func pool(_ origin: Origin) -> OriginPool {
        if let pool = pools[ObjectIdentifier(origin)] { return pool }
        let pool = OriginPool(origin: origin, loop: self)
        pools[ObjectIdentifier(origin)] = pool
        origin.slots.join(pool, on: eventLoop)
        return pool
    }

    func add(_ exchange: UpstreamExchange) {
        exchanges[ObjectIdentifier(exchange)] = exchange
        startTicking()
    }

    func remove(_ exchange: UpstreamExchange) {
        exchanges[ObjectIdentifier(exchange)] = nil
    }

    /// Ends every call and closes every connection.
    func stop() {
        for exchange in Array(exchanges.values) { exchange.fail(.closed, blamesOrigin: false) }
        for pool in pools.values {
            pool.closeIdle()
            pool.origin.slots.leave(pool)
        }
        pools = [:]
    }

    /// There are calls, or idle connections that get old.
    func startTicking() {
        guard !isTicking else { return }
        isTicking = true
        scheduleTick()
    }

    private func scheduleTick() {
        eventLoop.assumeIsolated().scheduleTask(in: limits.tick) { self.tick() }
    }

    private func tick() {
        let now = NIODeadline.now()
        for exchange in Array(exchanges.values) { exchange.checkTime(now) }
        var hasIdle = false
        for (key, pool) in pools {
            pool.closeOld(now)
            hasIdle = hasIdle || pool.hasIdle
            if pool.isUnused, pool.origin.isRetired {
                pool.origin.slots.leave(pool)
                pools[key] = nil
            }
        }
        isTicking = hasIdle || !exchanges.isEmpty
        if isTicking { scheduleTick() }
    }
}

import NIOCore
import Platform

/// The connections of one event loop to one origin, and its calls that wait for one.
///
/// Used on that event loop only. The connection used last is used next, so that those which are not
/// needed get old.
final class OriginPool {
    let origin: Origin
    let loop: UpstreamLoop
    private var idle: [UpstreamConnection] = []
    private var waiting: CircularBuffer<UpstreamExchange> = []
    private var attemptCount = 0
    private var openCount = 0

    init(origin: Origin, loop: UpstreamLoop) {
        self.origin = origin
        self.loop = loop
    }

    var hasIdle: Bool { !idle.isEmpty }

    var isUnused: Bool { openCount == 0 && attemptCount == 0 && waiting.isEmpty }

    private var configuration: PoolConfiguration { origin.settings.configuration.pool }

    // MARK: - Calls

    /// Sends a call on an idle connection, on a new one, or lets it wait.
    func start(_ exchange: UpstreamExchange) {
        let now = NIODeadline.now()
        while let connection = popIdle() {
            guard isFresh(connection, now), connection.isOpen else {
                connection.close()
                continue
            }
            connection.run(exchange)
            return
        }
        startOnNewConnection(exchange)
    }

    func startOnNewConnection(_ exchange: UpstreamExchange) {
        let configuration = configuration
        if waiting.isEmpty, origin.slots.take(limit: configuration.connectionCount) {
            connect(exchange, hasSlot: true)
        } else if origin.slots.beginWaiting(limit: configuration.waitingCount) {
            exchange.wait(until: .now() + TimeAmount(configuration.waitingTime))
            waiting.append(exchange)
        } else {
            exchange.fail(.tooManyCalls)
        }
    }

    /// A check has a connection of its own beside the limit: a busy origin is not a dead one.
    func startCheck(_ exchange: UpstreamExchange) {
        connect(exchange, hasSlot: false)
    }

    func stopWaiting(_ exchange: UpstreamExchange) {
        guard let index = waiting.firstIndex(where: { $0 === exchange }) else { return }
        waiting.remove(at: index)
        origin.slots.endWaiting()
    }

    private func connect(_ exchange: UpstreamExchange, hasSlot: Bool) {
        attemptCount += 1
        let attempt = ConnectAttempt(pool: self, exchange: exchange, hasSlot: hasSlot)
        exchange.connect(attempt)
        attempt.start()
    }

    private func popWaiting() -> UpstreamExchange? {
        guard let exchange = waiting.popFirst() else { return nil }
        origin.slots.endWaiting()
        return exchange
    }

    // MARK: - Connections

    func attemptEnded(connection: UpstreamConnection?, hadSlot: Bool) {
        attemptCount -= 1
        if let connection {
            connection.enterPool()
            openCount += 1
            origin.statistics.connectionsOpened.add()
            origin.statistics.openConnections.add(1)
        } else if hadSlot {
            origin.slots.giveBack()
        }
    }

    /// A connection that may be used again.
    func giveBack(_ connection: UpstreamConnection) {
        let now = NIODeadline.now()
        guard !origin.isRetired, now < connection.openedAt + TimeAmount(configuration.age) else {
            return connection.close()
        }
        if let exchange = popWaiting() { return connection.run(exchange) }
        // Calls of another event loop wait for this slot.
        guard origin.slots.waitingCount == 0, idle.count < configuration.idleCount else {
            return connection.close()
        }
        connection.idleSince = now
        idle.append(connection)
        origin.statistics.idleConnections.add(1)
        loop.startTicking()
    }

    func closed(_ connection: UpstreamConnection) {
        openCount -= 1
        origin.statistics.openConnections.add(-1)
        if let index = idle.firstIndex(where: { $0 === connection }) {
            idle.remove(at: index)
            origin.statistics.idleConnections.add(-1)
        }
        if connection.hasSlot { origin.slots.giveBack() }
    }

    /// Slots may have come free, or be wanted elsewhere.
    func balance() {
        let limit = configuration.connectionCount
        while !waiting.isEmpty, origin.slots.take(limit: limit) {
            guard let exchange = popWaiting() else { return origin.slots.giveBack() }
            connect(exchange, hasSlot: true)
        }
        if waiting.isEmpty, origin.slots.waitingCount > 0 { popIdle()?.close() }
    }

    func closeOld(_ now: NIODeadline) {
        // The oldest stand first.
        while let connection = idle.first, !isFresh(connection, now) {
            idle.removeFirst()
            origin.statistics.idleConnections.add(-1)
            connection.close()
        }
    }

    func closeIdle() {
        while let connection = popIdle() { connection.close() }
    }

    private func popIdle() -> UpstreamConnection? {
        guard let connection = idle.popLast() else { return nil }
        origin.statistics.idleConnections.add(-1)
        return connection
    }

    private func isFresh(_ connection: UpstreamConnection, _ now: NIODeadline) -> Bool {
        let configuration = configuration
        return now < connection.idleSince + TimeAmount(configuration.idleTime)
            && now < connection.openedAt + TimeAmount(configuration.age)
    }
}

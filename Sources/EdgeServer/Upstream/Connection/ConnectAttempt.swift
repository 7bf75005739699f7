import NIOCore
import NIOPosix
import NIOSSL

/// Opens a connection for one call: an origin's addresses, one after another.
///
/// Used on the pool's event loop only. It ends once, with a connection or without, also where the
/// call is over before.
final class ConnectAttempt {
    private let pool: OriginPool
    private let hasSlot: Bool
    private var exchange: UpstreamExchange?
    private var addresses: ArraySlice<SocketAddress> = []
    private let deadline: NIODeadline

    init(pool: OriginPool, exchange: UpstreamExchange, hasSlot: Bool) {
        self.pool = pool
        self.exchange = exchange
        self.hasSlot = hasSlot
        deadline = .now() + TimeAmount(exchange.request.timeLimits.connect)
    }

    func start() {
        pool.origin.addresses.current(on: pool.loop.eventLoop).assumeIsolated().whenComplete {
            switch $0 {
            case .success(let found):
                self.addresses = found[...]
                self.tryNext()
            case .failure:
                self.end(nil)
            }
        }
    }

    /// The call is over; what is still on its way is closed when it arrives.
    func cancel() {
        exchange = nil
    }

    private func tryNext() {
        let left = deadline - .now()
        guard exchange != nil, left > .zero, let address = addresses.popFirst() else {
            return end(nil)
        }
        let share = TimeAmount.nanoseconds(left.nanoseconds / Int64(addresses.count + 1))
        let time = min(left, max(share, pool.loop.limits.shortestAttempt))
        let connection = UpstreamConnection(pool: pool, hasSlot: hasSlot)
        bootstrap(connection, time).connect(to: address).assumeIsolated().whenComplete {
            switch $0 {
            case .success:
                self.pool.origin.addresses.prefer(address)
                self.end(connection)
            case .failure:
                self.tryNext()
            }
        }
    }

    private func end(_ connection: UpstreamConnection?) {
        pool.attemptEnded(connection: connection, hadSlot: hasSlot)
        guard let exchange else {
            connection?.close()
            return
        }
        self.exchange = nil
        guard let connection else { return exchange.fail(.cannotConnect) }
        connection.run(exchange)
    }

    private func bootstrap(
        _ connection: UpstreamConnection,
        _ time: TimeAmount
    ) -> ClientBootstrap {
        let origin = pool.origin
        let limits = pool.loop.limits
        let settings = origin.settings
        let secured = origin.url.scheme == .https ? settings.tlsContext : nil
        let serverName = origin.serverName(settings)
        let bound = NIOLoopBound(connection, eventLoop: pool.loop.eventLoop)
        let bootstrap = ClientBootstrap(group: pool.loop.eventLoop)
            .connectTimeout(time)
            .channelOption(.autoRead, value: false)
            // One read at a time, so that a receiver which stops gets no more than that.
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(capacity: limits.smallReadSizeBytes)
            )
            .channelOption(
                .writeBufferWaterMark,
                value: .init(low: limits.unsentSizeBytes / 2, high: limits.unsentSizeBytes)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let secured {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: secured, serverHostname: serverName)
                        )
                    }
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
        guard origin.url.scheme != .unix else { return bootstrap }
        return bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
    }
}

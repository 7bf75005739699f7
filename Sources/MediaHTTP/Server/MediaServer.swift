package import Logging
package import NIOCore
import NIOPosix
internal import NIOSSL
import Synchronization

/// The media lane: an HTTP/1.1 and HTTP/2 server for ready bytes, by SwiftNIO's channels.
///
/// It knows nothing of packaging: a `MediaHandler` says what a request gets.
package final class MediaServer: Sendable {
    /// Where it listens, in the order of the configuration, with the ports that the system chose.
    package let boundAddresses: [SocketAddress]

    private let channels: [any Channel]
    private let loops: [NIOLoopBound<ConnectionLoop>]
    private let gate: ConnectionGate
    private let blockingReads: BlockingReads
    private let logger: Logger

    private init(
        channels: [any Channel],
        loops: [NIOLoopBound<ConnectionLoop>],
        gate: ConnectionGate,
        blockingReads: BlockingReads,
        logger: Logger
    ) {
        self.channels = channels
        self.boundAddresses = channels.compactMap(\.localAddress)
        self.loops = loops
        self.gate = gate
        self.blockingReads = blockingReads
        self.logger = logger
    }

    /// Binds every address and starts to answer.
    ///
    /// - Throws: what binding throws, after what was bound is closed again.
    package static func start(
        configuration: MediaServerConfiguration,
        handler: any MediaHandler,
        observer: any MediaObserver,
        logger: Logger,
        group: any EventLoopGroup
    ) async throws -> MediaServer {
        let blockingReads = BlockingReads(limits: configuration.limits)
        var loops: [NIOLoopBound<ConnectionLoop>] = []
        for eventLoop in group.makeIterator() {
            let seed = UInt64.random(in: .min ... .max)
            let loop = try await eventLoop.submit {
                let loop = ConnectionLoop(
                    eventLoop: eventLoop,
                    configuration: configuration,
                    handler: handler,
                    observer: observer,
                    blockingReads: blockingReads,
                    idSeed: seed
                )
                loop.start()
                return NIOLoopBound(loop, eventLoop: eventLoop)
            }.get()
            loops.append(loop)
        }
        let gate = ConnectionGate(limits: configuration.limits)
        var channels: [any Channel] = []
        do {
            for listener in configuration.listeners {
                let bootstrap = bootstrap(configuration, listener.tls, loops, gate, group)
                channels.append(try await bind(bootstrap, listener.address))
            }
        } catch {
            for channel in channels { try? await channel.close() }
            for loop in loops { loop.eventLoop.execute { loop.value.stop() } }
            try? await blockingReads.stop()
            throw error
        }
        return MediaServer(
            channels: channels,
            loops: loops,
            gate: gate,
            blockingReads: blockingReads,
            logger: logger
        )
    }

    /// Connections open now.
    package var connectionCount: Int { gate.connectionCount }

    /// Stops: accepts nobody, closes idle connections, lets running answers end with
    /// `Connection: close`, and after `timeLimit` cuts what is left.
    package func drain(within timeLimit: Duration) async {
        gate.startDraining()
        for channel in channels { try? await channel.close() }
        let cutting = loops.first?.eventLoop.scheduleTask(in: TimeAmount(timeLimit)) {
            [loops, logger, gate] in
            logger.warning(
                "connections cut at the end of draining",
                metadata: ["connections": "\(gate.connectionCount)"]
            )
            for loop in loops { loop.eventLoop.execute { loop.value.stop() } }
        }
        // All are told before any is waited for.
        let drained = loops.map { loop in loop.eventLoop.flatSubmit { loop.value.drain() } }
        for future in drained { try? await future.get() }
        cutting?.cancel()
        for loop in loops { loop.eventLoop.execute { loop.value.stop() } }
        try? await blockingReads.stop()
    }

    // MARK: - Binding

    private static func bootstrap(
        _ configuration: MediaServerConfiguration,
        _ tls: TLSReloading?,
        _ loops: [NIOLoopBound<ConnectionLoop>],
        _ gate: ConnectionGate,
        _ group: any EventLoopGroup
    ) -> ServerBootstrap {
        let loopOf = Dictionary(
            uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) }
        )
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: configuration.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: TLSGroup.waterMark)
            .childChannelOption(.recvAllocator, value: readBuffers)
            .childChannelInitializer { channel in
                guard let loop = loopOf[ObjectIdentifier(channel.eventLoop)] else {
                    return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
                }
                return channel.eventLoop.makeCompletedFuture {
                    let entry = gate.enter()
                    guard entry != .closed else { throw ChannelError.operationUnsupported }
                    let pipeline = channel.pipeline.syncOperations
                    if configuration.proxyProtocol {
                        try pipeline.addHandler(ProxyProtocolHandler(limits: configuration.limits))
                    }
                    if let admission = configuration.admission {
                        try pipeline.addHandler(
                            AdmissionHandler(
                                admission,
                                waitsForProxy: configuration.proxyProtocol
                            )
                        )
                    }
                    if let tls {
                        let handshake = TLSHandshake(
                            loop: loop.value,
                            refusal: entry.refusal,
                            onClose: { gate.leave(entry) }
                        )
                        try pipeline.addHandler(NIOSSLServerHandler(context: tls.context))
                        return try pipeline.addHandler(handshake)
                    }
                    let connection = MediaConnection(
                        loop: loop.value,
                        refusal: entry.refusal,
                        onClose: { gate.leave(entry) }
                    )
                    try pipeline.addHandler(connection)
                }
            }
    }

    /// A connection keeps its buffer while it is idle: one for a head at first, larger ones only
    /// where bodies come.
    private static var readBuffers: AdaptiveRecvByteBufferAllocator {
        AdaptiveRecvByteBufferAllocator(minimum: 256, initial: 512, maximum: 64 * 1024)
    }

    private static func bind(
        _ bootstrap: ServerBootstrap,
        _ address: MediaServerConfiguration.Address
    ) async throws -> any Channel {
        let target = try SocketAddress.makeAddressResolvingHost(address.host, port: address.port)
        guard case .v6 = target else { return try await bootstrap.bind(to: target).get() }
        return
            try await bootstrap
            .serverChannelOption(
                ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only),
                value: 1
            )
            .bind(to: target).get()
    }
}

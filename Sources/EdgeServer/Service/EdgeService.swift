import EdgeCache
package import Logging
import MediaHTTP
package import NIOCore
import NIOPosix
package import Platform
import Synchronization

/// A running edge: its public listeners and the operator's, over the tiers and the origins.
package final class EdgeService: Sendable {
    private let configuration: EdgeConfiguration
    private let logger: Logger
    private let logThreshold: LogThreshold
    private let group: MultiThreadedEventLoopGroup
    private let parts: EdgeParts
    private let lane: LaneMetrics
    private let accessLog: AccessLog
    private let servers: Servers
    private let accepted: Mutex<EdgeConfiguration>

    private struct Servers: Sendable {
        var edge: MediaServer
        var admin: MediaServer
    }

    /// Where the listeners came to listen; ports that were asked as 0 are real here.
    package struct Addresses: Hashable, Sendable {
        package var edge: ListenAddress
        package var tls: ListenAddress?
        package var admin: ListenAddress
    }

    package let addresses: Addresses

    /// Starts all of it, and returns when it listens.
    ///
    /// - Throws: what keeps it from starting, in the words of the configuration.
    package static func start(
        _ configuration: EdgeConfiguration,
        logThreshold: LogThreshold,
        logger: Logger
    ) async throws -> EdgeService {
        try DataFolder.make(configuration.dataFolder)
        let loops = configuration.connections.eventLoops
        let group = MultiThreadedEventLoopGroup(
            numberOfThreads: loops == 0 ? System.coreCount : loops
        )
        do {
            return try await EdgeService(
                configuration,
                logThreshold: logThreshold,
                logger: logger,
                group: group
            )
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private init(
        _ configuration: EdgeConfiguration,
        logThreshold: LogThreshold,
        logger: Logger,
        group: MultiThreadedEventLoopGroup
    ) async throws {
        self.configuration = configuration
        self.logger = logger
        self.logThreshold = logThreshold
        self.group = group
        accepted = Mutex(configuration)
        lane = LaneMetrics()
        accessLog = AccessLog(
            configuration: .init(sampleRate: configuration.log.accessSample),
            wallClock: { MemcachedSurroundings.wallClock() / 1000 }
        )
        parts = try EdgeParts.make(
            configuration,
            group: group,
            lane: lane,
            loopCount: group.makeIterator().reduce(0) { count, _ in count + 1 },
            logger: logger
        )
        parts.shared?.start()
        parts.polling?.start()
        servers = try await Self.listen(
            configuration,
            parts,
            lane,
            MediaObservers([lane, accessLog]),
            logger,
            group
        )
        addresses = Self.addresses(configuration, servers)
    }

    private static func listen(
        _ configuration: EdgeConfiguration,
        _ parts: EdgeParts,
        _ lane: LaneMetrics,
        _ observer: some MediaObserver,
        _ logger: Logger,
        _ group: MultiThreadedEventLoopGroup
    ) async throws -> Servers {
        let handler = EdgeHandler(
            core: parts.core,
            gate: parts.gate,
            api: parts.apiOrigins,
            steering: parts.steering,
            cmcd: parts.cmcd,
            options: try configuration.handlerOptions(),
            wallClock: { WallClock.unixSeconds() }
        )
        let edge: MediaServer
        do {
            edge = try await MediaServer.start(
                configuration: configuration.server(
                    tls: parts.tls,
                    admission: ClientAdmission(parts.caps, parts.gate, parts.counters),
                    logger: logger
                ),
                handler: handler,
                observer: observer,
                logger: logger,
                group: group
            )
        } catch {
            throw EdgeError.cannotListen(option: "listen", configuration.listen, "\(error)")
        }
        let status = EdgeStatus(parts: parts, lane: lane, startedAt: .now())
        do {
            let admin = try await MediaServer.start(
                configuration: MediaServerConfiguration(
                    addresses: [
                        .init(host: configuration.admin.host, port: configuration.admin.port)
                    ],
                    limits: .admin
                ),
                handler: AdminHandler(status: status, purging: parts.purging),
                observer: NoObserver(),
                logger: logger,
                group: group
            )
            return Servers(edge: edge, admin: admin)
        } catch {
            await edge.drain(within: .zero)
            throw EdgeError.cannotListen(option: "admin.listen", configuration.admin, "\(error)")
        }
    }

    private static func addresses(
        _ configuration: EdgeConfiguration,
        _ servers: Servers
    ) -> Addresses {
        let bound = servers.edge.boundAddresses.map {
            ListenAddress(host: $0.ipAddress ?? "-", port: $0.port ?? 0)
        }
        let admin = servers.admin.boundAddresses.first
        return Addresses(
            edge: bound.first ?? configuration.listen,
            tls: bound.count > 1 ? bound.last : nil,
            admin: ListenAddress(
                host: admin?.ipAddress ?? configuration.admin.host,
                port: admin?.port ?? configuration.admin.port
            )
        )
    }

    // MARK: - Running

    /// Writes the access log until cancelled.
    package func writeAccessLog(_ write: @escaping @Sendable (ByteBuffer) -> Void) async {
        await accessLog.run(writing: write)
    }

    /// Takes over what can change while it runs.
    ///
    /// - Returns: the options that differ and wait for the next start.
    /// - Throws: what is wrong with the new configuration; nothing has changed then.
    package func reload(_ new: EdgeConfiguration) throws -> [String] {
        let gate = try new.access.gate(counters: parts.counters, logger: logger)
        let media = try new.upstream(new.origin.media, key: "origin.media")
        let api = try new.upstream(new.origin.api, key: "origin.api")
        if let tls = parts.tls, let options = new.tls {
            try tls.reload(options.files, now: MemcachedSurroundings.wallClock() / 1000)
        }
        try parts.mediaOrigins.reconfigure(media)
        try parts.apiOrigins.reconfigure(api)
        parts.gate.gate = gate
        parts.core.setSecret(new.origin.secret)
        parts.caps.setLimit(new.connections.perClient)
        parts.memory.resize(capacityBytes: new.cache.memoryBytes)
        logThreshold.level = new.log.level
        let old = accepted.withLock { current in
            defer { current = new }
            return current
        }
        return new.waitingForRestart(since: old)
    }

    /// Drains: nobody new is let in, answers under way end, then all ends.
    ///
    /// - Parameter forGood: whether the private memcached ends too.
    package func stop(forGood: Bool) async {
        parts.ownHealth.drain()
        await servers.edge.drain(within: configuration.connections.drainTimeout)
        await servers.admin.drain(within: .seconds(1))
        await parts.mediaOrigins.stop()
        await parts.apiOrigins.stop()
        await parts.polling?.stop()
        await parts.purging.stop()
        if let shared = parts.shared { try? await shared.stop(on: group.next()).get() }
        if forGood, let own = parts.privateMemcached {
            do {
                _ = try own.stopForGood()
            } catch {
                logger.warning(
                    "the private memcached does not end",
                    metadata: ["error": "\(error)"]
                )
            }
        }
        try? await group.shutdownGracefully()
    }
}

/// What keeps an edge from running.
package enum EdgeError: Error, Hashable, Sendable, CustomStringConvertible {
    case cannotListen(option: String, ListenAddress, String)
    case dataFolder(String, errno: Int32)

    package var description: String {
        switch self {
        case .cannotListen(let option, let address, let reason):
            "\(option): cannot listen on \(address): \(reason)"
        case .dataFolder(let path, let number):
            "data: cannot make the folder \(path): \(SystemError.text(number))"
        }
    }
}

private struct NoObserver: MediaObserver {
    func connectionOpened() {}
    func connectionClosed() {}
    func connectionRefused(_ reason: RefusalReason) {}
    func finished(_ record: RequestRecord) {}
}

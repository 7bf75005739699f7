import Foundation
import Hummingbird
import HummingbirdCore
import Live
package import Logging
import MediaHTTP
import NIOCore
import NIOPosix
package import Platform
import ServiceLifecycle
import Synchronization

/// A running origin: its media, API and admin listeners over one asset store.
package struct OriginService: Service {
    private let configuration: OriginConfiguration
    private let reloadable: ReloadableOptions
    private let logger: Logger
    private let log: LogWriter
    private let makeThumbnailMaker: (@Sendable () -> any ThumbnailMaker)?
    private let onReady: @Sendable (Addresses) -> Void

    /// Where the listeners came to listen; ports that were asked as 0 are real here.
    package struct Addresses: Hashable, Sendable {
        package var media: ListenAddress
        package var api: ListenAddress
        package var admin: ListenAddress
        /// nil where live is off.
        package var rtmp: ListenAddress?
        package var rtmps: ListenAddress?
    }

    /// - Parameters:
    ///   - configuration: the options, as they were at the start.
    ///   - reloadable: what may change while the origin runs.
    ///   - logger: for all that the origin says.
    ///   - log: where the access log goes.
    ///   - onReady: called once, when all listeners listen.
    ///   - makeThumbnailMaker: makes what decodes key frames of live streams; nil: nothing does.
    package init(
        configuration: OriginConfiguration,
        reloadable: ReloadableOptions,
        logger: Logger,
        log: LogWriter,
        onReady: @escaping @Sendable (Addresses) -> Void = { _ in },
        makeThumbnailMaker: (@Sendable () -> any ThumbnailMaker)? = nil
    ) {
        self.configuration = configuration
        self.reloadable = reloadable
        self.logger = logger
        self.log = log
        self.makeThumbnailMaker = makeThumbnailMaker
        self.onReady = onReady
    }

    /// Runs until a graceful shutdown is asked for, then drains.
    package func run() async throws {
        try FileBytes.makeFolders(configuration.dataFolder)
        try FileBytes.makeFolders(configuration.mediaFolder)
        let loops = configuration.media.eventLoops
        let group = MultiThreadedEventLoopGroup(
            numberOfThreads: loops == 0 ? System.coreCount : loops
        )
        let threads = NIOThreadPool(numberOfThreads: configuration.media.readThreads)
        threads.start()
        let result: Result<Void, any Error>
        do {
            result = .success(try await serve(group: group, threads: threads))
        } catch {
            result = .failure(error)
        }
        try await group.shutdownGracefully()
        try await threads.shutdownGracefully()
        try result.get()
    }

    private func serve(group: MultiThreadedEventLoopGroup, threads: NIOThreadPool) async throws {
        let metrics = LaneMetrics()
        let accessLog = AccessLog(
            configuration: .init(sampleRate: configuration.log.accessSample),
            wallClock: { Int64(Date().timeIntervalSince1970) }
        )
        let store = makeStore(threads: threads)
        let live = try await makeLive(group: group, threads: threads)
        let observers = MediaObservers([metrics, accessLog])
        let (media, rtmp) = try await startMedia(store, live, observers, group, threads)
        let mediaAddress = media.boundAddresses.first?.listenAddress ?? configuration.media.listen
        let ready = ReadyCount(media: mediaAddress, rtmp: rtmp, onReady: onReady)
        let catalog = VideoCatalog(store: store)
        let status = OriginStatus(
            store: store,
            live: live,
            requests: metrics,
            startedAt: .now()
        )
        let publicRouter = Router(context: BasicRequestContext.self)
        publicRouter.add(middleware: APIErrors())
        APIRoutes(catalog: catalog).add(to: publicRouter)
        PageRoutes(
            catalog: catalog,
            liveStreams: { live?.liveStreams ?? [] },
            options: reloadable,
            mediaPort: mediaAddress.port
        )
        .add(to: publicRouter)
        let adminRouter = Router(context: BasicRequestContext.self)
        AdminRoutes(status: status).add(to: adminRouter)
        var services: [any Service] = [
            Listener(
                option: "api.listen",
                address: configuration.api,
                isListening: { ready.hasAPI },
                application: application(publicRouter, configuration.api) {
                    ready.api($0)
                }
            ),
            Listener(
                option: "admin.listen",
                address: configuration.admin,
                isListening: { ready.hasAdmin },
                application: application(adminRouter, configuration.admin) {
                    ready.admin($0)
                }
            ),
            AccessLogService(log: accessLog, writer: log),
            DrainService(server: media, timeout: configuration.media.drainTimeout),
        ]
        if let thumbnails = thumbnails(of: live) { services.append(thumbnails) }
        // The last one is the first to be told of a shutdown: no encoder outlives the viewers.
        if let live { services.append(LiveKeeper(live: live, threads: threads)) }
        try await ServiceGroup(services: services, logger: logger).run()
    }

    private func makeLive(
        group: MultiThreadedEventLoopGroup,
        threads: NIOThreadPool
    ) async throws -> LiveService? {
        guard configuration.live.isOn else { return nil }
        let (configuration, logger) = (configuration, logger)
        let live = try await threads.runIfActive {
            try LiveService(configuration: configuration, group: group, logger: logger)
        }
        reloadable.onStreamKeys { live.replaceKeys($0) }
        return live
    }

    private func thumbnails(of live: LiveService?) -> Thumbnails? {
        let interval = configuration.live.thumbnails
        guard let live, let makeThumbnailMaker, interval > .zero else { return nil }
        return Thumbnails(
            hub: live.hub,
            interval: interval,
            logger: logger,
            makeMaker: makeThumbnailMaker
        )
    }

    /// Encoders and viewers may come from here on, or neither.
    private func startMedia(
        _ store: AssetStore,
        _ live: LiveService?,
        _ observer: some MediaObserver,
        _ group: MultiThreadedEventLoopGroup,
        _ threads: NIOThreadPool
    ) async throws -> (MediaServer, RTMPAddresses?) {
        do {
            let addresses = try live?.start()
            return (try await startMedia(store, live?.routes, observer, group), addresses)
        } catch {
            try? await threads.runIfActive { live?.stopPublishers() }
            await live?.stop()
            throw error
        }
    }

    private func startMedia(
        _ store: AssetStore,
        _ live: LiveRoutes?,
        _ observer: some MediaObserver,
        _ group: MultiThreadedEventLoopGroup
    ) async throws -> MediaServer {
        do {
            return try await MediaServer.start(
                configuration: mediaConfiguration,
                handler: MediaRoutes(
                    store: store,
                    live: live,
                    packaging: configuration.packaging,
                    edgeSecret: configuration.media.edgeSecret
                ),
                observer: observer,
                logger: logger,
                group: group
            )
        } catch {
            throw ListenError(option: "media.listen", address: configuration.media.listen, error)
        }
    }

    private func application(
        _ router: Router<BasicRequestContext>,
        _ address: ListenAddress,
        onRunning: @escaping @Sendable (ListenAddress?) -> Void
    ) -> some ApplicationProtocol {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .notice)
        return Application(
            router: router,
            server: .http1(configuration: .init(idleTimeout: Self.connectionIdleTime)),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                serverName: "millrace",
                availableConnectionsDelegate: MaximumAvailableConnections(
                    Self.connectionLimit
                )
            ),
            onServerRunning: { channel in onRunning(channel.localAddress?.listenAddress) },
            // A listener's task may still be closing it when all services have ended: its loops
            // outlive them. And no page ever stands in the way of media.
            eventLoopGroupProvider: .singleton,
            logger: quiet
        )
    }

    /// Connections to each of the API and admin listeners; more wait to be accepted.
    private static let connectionLimit = 256
    /// How long one that asks nothing keeps its place.
    private static let connectionIdleTime = TimeAmount.seconds(60)

    private func makeStore(threads: NIOThreadPool) -> AssetStore {
        let options = configuration.assets
        let indexFile = IndexFile(dataFolder: configuration.dataFolder)
        indexFile.removeTemporaries()
        return AssetStore(
            library: LibraryFolder(path: configuration.mediaFolder),
            loader: AssetLoader(
                configuration: configuration.packaging,
                indexFile: indexFile,
                logger: logger
            ),
            threads: threads,
            limits: AssetStore.Limits(
                memoryBytes: options.memoryBytes,
                maximumOpen: options.maximumOpen,
                recheckInterval: .milliseconds(options.recheckInterval.milliseconds)
            ),
            logger: logger
        )
    }

    private var mediaConfiguration: MediaServerConfiguration {
        let options = configuration.media
        var limits = MediaLimits()
        let files = OpenFileLimit.current
        let affordable = OpenFileLimit.connections(of: files)
        if affordable < options.maximumConnections {
            logger.log(
                level: affordable < options.maximumConnections / 2 ? .warning : .info,
                "fewer connections than configured: the system's limit of open files is too low",
                metadata: ["media.connections": "\(affordable)"]
            )
        }
        limits.connectionCount = min(options.maximumConnections, affordable)
        limits.refusalCount = min(limits.refusalCount, OpenFileLimit.refusals(of: files))
        limits.idleTime = .milliseconds(options.idleTimeout.milliseconds)
        limits.headTime = .milliseconds(options.headTimeout.milliseconds)
        limits.writeStallTime = .milliseconds(options.writeTimeout.milliseconds)
        limits.blockingThreadCount = options.readThreads
        return MediaServerConfiguration(
            addresses: [.init(host: options.listen.host, port: options.listen.port)],
            limits: limits
        )
    }
}

/// Keeps the media listener until a graceful shutdown, then lets it finish its answers.
private struct DrainService: Service {
    let server: MediaServer
    let timeout: Duration

    func run() async throws {
        try? await gracefulShutdown()
        await server.drain(within: timeout)
    }
}

/// Writes the access log to where all logs go.
private struct AccessLogService: Service {
    let log: AccessLog
    let writer: LogWriter

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await log.run { lines in
                writer.write(lines: Array(lines.readableBytesView))
            }
        }
    }
}

/// Calls `onReady` when the last listener listens.
private final class ReadyCount: Sendable {
    private let media: ListenAddress
    private let rtmp: RTMPAddresses?
    private let onReady: @Sendable (OriginService.Addresses) -> Void
    private let others = Mutex<(api: ListenAddress?, admin: ListenAddress?)>((nil, nil))

    init(
        media: ListenAddress,
        rtmp: RTMPAddresses?,
        onReady: @escaping @Sendable (OriginService.Addresses) -> Void
    ) {
        self.media = media
        self.rtmp = rtmp
        self.onReady = onReady
    }

    func api(_ address: ListenAddress?) { note { $0.api = address } }
    func admin(_ address: ListenAddress?) { note { $0.admin = address } }

    var hasAPI: Bool { others.withLock { $0.api != nil } }
    var hasAdmin: Bool { others.withLock { $0.admin != nil } }

    private func note(_ change: (inout (api: ListenAddress?, admin: ListenAddress?)) -> Void) {
        let (api, admin) = others.withLock { others in
            change(&others)
            return others
        }
        guard let api, let admin else { return }
        onReady(.init(media: media, api: api, admin: admin, rtmp: rtmp?.plain, rtmps: rtmp?.tls))
    }
}

extension SocketAddress {
    var listenAddress: ListenAddress? {
        guard let ipAddress, let port else { return nil }
        return ListenAddress(host: ipAddress, port: port)
    }
}

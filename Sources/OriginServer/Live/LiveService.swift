package import Live
package import Logging
import MediaHTTP
package import NIOCore
import NIOPosix
import Platform
import Segmenting
import ServiceLifecycle

/// Everything live of an origin: who publishes, what becomes of it, and where it is had.
package final class LiveService: Sendable {
    package let hub: LiveHub
    /// Everything under `/live/` of the media listener.
    package let routes: LiveRoutes
    package let recordings: RecordingStore
    private let server: RTMPServer
    private let keys: StreamKeys
    private let options: OriginConfiguration.LiveOptions
    private let continuationThreads: NIOThreadPool
    private let hook: LiveHook?
    private let logger: Logger

    /// Makes folders and reads what earlier runs left in them: blocks.
    ///
    /// - Throws: `RecordingError`, `Webhook.Failure`.
    package init(
        configuration: OriginConfiguration,
        group: any EventLoopGroup,
        logger: Logger
    ) throws {
        options = configuration.live
        self.logger = logger
        let clock = SystemLiveClock(eventLoop: group.any())
        let rendering = SegmentingRendering()
        continuationThreads = NIOThreadPool(numberOfThreads: 1)
        continuationThreads.start()
        let folder = configuration.dataFolder + "/live"
        let recordings = try RecordingStore(
            configuration: RecordingConfiguration(configuration),
            rendering: .live,
            logger: logger,
            now: { clock.wallMicroseconds }
        )
        self.recordings = recordings
        let registry =
            options.registry.path.isEmpty
            ? nil
            : FileLiveRegistry(
                path: options.registry.path,
                ownAddress: options.registry.mediaBase,
                threads: continuationThreads,
                clock: clock,
                logger: logger
            )
        let webhook =
            try options.webhooks.url.isEmpty
            ? nil
            : Webhook(
                url: options.webhooks.url,
                secret: options.webhooks.secret,
                timeout: options.webhooks.timeout
            )
        let hook = webhook.map { LiveHook(webhook: $0, logger: logger) }
        self.hook = hook
        let hub = LiveHub(
            configuration: LiveHubConfiguration(options),
            parts: LiveHub.Parts(
                rendering: rendering,
                stages: .standard(SegmenterConfiguration(options.segments)),
                clock: clock,
                continuations: ContinuationStore(
                    folder: folder + "/.numbers",
                    threads: continuationThreads,
                    logger: logger,
                    unixSeconds: { clock.wallMicroseconds / 1_000_000 }
                ),
                registry: registry,
                makeArchive: { recordings.archive(for: $0) },
                onEvent: { hook?.tell($0) }
            ),
            logger: logger
        )
        self.hub = hub
        for window in recordings.windows {
            hub.restore(window.streamID, newestMicroseconds: window.endMicroseconds)
        }
        routes = LiveRoutes(hub: hub, rendering: rendering, registry: registry, clock: clock)
        let asked = options.webhooks.decides ? webhook : nil
        keys = StreamKeys(
            keys: options.keys,
            next: asked.map { WebhookAuthority(webhook: $0, logger: logger) }
        )
        server = RTMPServer(
            configuration: RTMPConfiguration(options),
            authority: keys,
            ingest: hub,
            logger: logger
        )
    }

    /// Listens for encoders from here on.
    ///
    /// - Returns: where, with the ports that it got.
    /// - Throws: `ListenError`, `RTMPSError`.
    package func start() throws -> RTMPAddresses {
        do throws(RTMPServerError) {
            return try server.start()
        } catch {
            throw error.configured
        }
    }

    /// Takes other stream keys, and sends away who publishes a stream that a key was taken from:
    /// who has one still, or a new one, comes back within the grace period.
    func replaceKeys(_ newKeys: [OriginConfiguration.StreamKey]) {
        let closed = keys.replace(newKeys)
        for id in hub.streams.map(\.id) where closed?.contains(id) ?? true {
            hub.close(id, reason: "its stream key was changed")
        }
    }

    package var rtmp: RTMPStatistics { server.statistics }

    /// Ends all publishers and waits for their threads; blocks.
    package func stopPublishers() {
        server.stop()
        hub.releaseClaims()
    }

    package func stop() async {
        await recordings.stop()
        try? await continuationThreads.shutdownGracefully()
        await hook?.stop()
    }

    /// Removes what is too old, slides windows of streams that nobody publishes.
    package func sweep() {
        recordings.sweep()
    }

    /// Ids of streams that are live now, sorted.
    package var liveStreams: [String] {
        hub.snapshots.filter { $0.phase == .live }.map(\.id)
    }
}

/// Why RTMPS cannot be had, in the words of the configuration.
package struct RTMPSError: Error, Hashable, Sendable, CustomStringConvertible {
    package var reason: String

    package var description: String { "live.rtmps.certificate, live.rtmps.key: \(reason)" }
}

extension RTMPServerError {
    /// The same in the words of the configuration.
    fileprivate var configured: any Error {
        switch self {
        case .cannotListen(let option, let address, let code):
            ListenError(
                option: Self.key(option),
                address: address,
                reason: SystemError.text(code)
            )
        case .unknownHost(let option, let address):
            ListenError(
                option: Self.key(option),
                address: address,
                reason: "this machine has no such address"
            )
        case .unusableCertificate(let certificateChain, let privateKey):
            RTMPSError(reason: "\(certificateChain) and \(privateKey) cannot be used together")
        case .missingCertificate, .noThread, .alreadyStarted: self
        }
    }

    private static func key(_ option: String) -> String {
        option == "listenTLS" ? "live.rtmps.listen" : "live.rtmp.listen"
    }
}

/// Runs `LiveService` beside the listeners: sweeps, and ends publishers at a graceful shutdown.
struct LiveKeeper: Service {
    let live: LiveService
    let threads: NIOThreadPool

    private static let sweepInterval = Duration.seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: Self.sweepInterval)) != nil { live.sweep() }
        }
        // Viewers of what is there are drained after the encoders have gone.
        try? await threads.runIfActive { live.stopPublishers() }
        await live.stop()
    }
}

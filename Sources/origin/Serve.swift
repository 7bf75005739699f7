import ArgumentParser
import Logging
import MediaHTTP
import OriginServer
import Platform
import ServiceLifecycle
import UnixSignals

/// `origin serve`: the media, API and admin listeners.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves the library until SIGTERM, then drains and exits 0."
    )

    @OptionGroup var options: ConfigurationOptions

    @Option(help: "Folder for indexes and all else the origin makes.")
    var data: String?

    @Option(help: "Folder that holds the videos.")
    var media: String?

    @Option(help: "HOST:PORT of the API and the pages.")
    var api: String?

    @Option(help: "HOST:PORT that players fetch playlists and segments from.")
    var mediaListen: String?

    @Option(help: "HOST:PORT that encoders push RTMP to.")
    var rtmp: String?

    @Option(help: "HOST:PORT of health, metrics and status.")
    var admin: String?

    func run() async throws {
        let configuration: OriginConfiguration
        do {
            configuration = try self.configuration()
        } catch let error as ConfigurationError {
            throw ValidationError("\(error)")
        }
        OpenFileLimit.raise()
        ProcessMemory.giveBackLargeBlocks()
        let reloadable = ReloadableOptions(configuration)
        let format = configuration.log.format
        let log = LogWriter(format: format)
        defer { log.flush() }
        let logger = Logger(label: "origin") { label in
            StructuredLogHandler(label: label, threshold: reloadable.logThreshold, format: format) {
                log.write(line: $0)
            }
        }
        let origin = OriginService(
            configuration: configuration,
            reloadable: reloadable,
            logger: logger,
            log: log
        ) { addresses in
            Self.announce(addresses, configuration)
        } makeThumbnailMaker: {
            ChildThumbnailMaker()
        }
        let reload = Reload(options: reloadable, logger: logger) { try self.configuration() }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: origin), .init(service: reload)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Self.quiet(logger)
            )
        )
        try await group.run()
    }

    private func configuration() throws -> OriginConfiguration {
        var values = try options.values()
        values.override("data", data)
        values.override("library", media)
        values.override("api.listen", api)
        values.override("media.listen", mediaListen)
        values.override("live.rtmp.listen", rtmp)
        values.override("admin.listen", admin)
        return try OriginConfiguration(&values)
    }

    /// Says to a person where to go; the lines are stable, so scripts may wait for them.
    private static func announce(
        _ addresses: OriginService.Addresses,
        _ configuration: OriginConfiguration
    ) {
        let ingest = [("rtmp", addresses.rtmp), ("rtmps", addresses.rtmps)].compactMap {
            scheme,
            address in
            address.map {
                "  live     \(scheme)://\($0)/\(configuration.live.application)"
                    + (configuration.live.keys.isEmpty ? ", any stream key\n" : "\n")
            }
        }
        let text = """
            Millrace origin is ready
              watch    http://\(addresses.api)/
              media    http://\(addresses.media)/videos/{video_id}/hls/master.m3u8
            \(ingest.joined())  admin    http://\(addresses.admin)/status
              library  \(configuration.mediaFolder)

            """
        StandardStreams.output(text)
    }

    /// The lifecycle library tells of every step at info; that is noise unless asked for.
    private static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = logger.logLevel <= .debug ? logger.logLevel : .warning
        return quiet
    }
}

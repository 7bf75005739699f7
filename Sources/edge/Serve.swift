import ArgumentParser
import EdgeServer
import Logging
import MediaHTTP
import NIOCore
import Platform
import UnixSignals

/// `edge serve`: the public listeners and the operator's.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves until SIGTERM, then drains and exits 0.",
        discussion: """
            SIGTERM leaves the private memcached running, so that the next start is warm; SIGINT \
            ends it too. SIGHUP reads the configuration and the certificates again.
            """
    )

    @OptionGroup var options: ConfigurationOptions

    @Option(help: "Folder for the private memcached's socket and what else outlives the edge.")
    var data: String?

    @Option(help: "HOST:PORT that players come to.")
    var listen: String?

    @Option(help: "HOST:PORT that players come to with TLS; needs tls.certificate and tls.key.")
    var tls: String?

    @Option(help: "URL of the origin's media listener; several joined by commas.")
    var originMedia: String?

    @Option(help: "URL of the origin's API listener; several joined by commas.")
    var originApi: String?

    @Option(help: "HOST:PORT of health, metrics, status and purging.")
    var admin: String?

    func run() async throws {
        let configuration: EdgeConfiguration
        do {
            configuration = try self.configuration()
            try configuration.check()
        } catch let error as ConfigurationError {
            throw ValidationError("\(error)")
        }
        OpenFileLimit.raise()
        ProcessMemory.giveBackLargeBlocks()
        let threshold = LogThreshold(configuration.log.level)
        let format = configuration.log.format
        let log = LogWriter(format: format)
        defer { log.flush() }
        let logger = Logger(label: "edge") { label in
            StructuredLogHandler(label: label, threshold: threshold, format: format) {
                log.write(line: $0)
            }
        }
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let edge: EdgeService
        do {
            edge = try await EdgeService.start(
                configuration,
                logThreshold: threshold,
                logger: logger
            )
        } catch {
            throw ValidationError("\(error)")
        }
        announce(edge.addresses, configuration)
        await withTaskGroup { group in
            group.addTask {
                await edge.writeAccessLog { log.write(lines: Array($0.readableBytesView)) }
            }
            for await signal in signals {
                guard signal == .sighup else {
                    await edge.stop(forGood: signal == .sigint)
                    break
                }
                reload(edge, logger)
            }
            group.cancelAll()
        }
    }

    private func reload(_ edge: EdgeService, _ logger: Logger) {
        do {
            let new = try configuration()
            try new.check()
            let waiting = try edge.reload(new)
            logger.notice("the configuration was read again")
            if !waiting.isEmpty {
                logger.warning(
                    "some options take effect at the next start",
                    metadata: ["options": "\(waiting.joined(separator: ", "))"]
                )
            }
        } catch {
            logger.error(
                "the configuration is not taken over; the old one stays",
                metadata: ["error": "\(error)"]
            )
        }
    }

    private func configuration() throws -> EdgeConfiguration {
        var values = try options.values()
        values.override("data", data)
        values.override("listen", listen)
        values.override("tls.listen", tls)
        values.override("origin.media", originMedia)
        values.override("origin.api", originApi)
        values.override("admin.listen", admin)
        return try EdgeConfiguration(&values)
    }

    /// Says to a person where to go; the lines are stable, so scripts may wait for them.
    private func announce(_ addresses: EdgeService.Addresses, _ configuration: EdgeConfiguration) {
        var text = """
            Millrace edge is ready
              players  http://\(addresses.edge)/

            """
        if let tls = addresses.tls { text += "           https://\(tls)/\n" }
        text += """
              origin   \(configuration.origin.media.joined(separator: ", "))
              admin    http://\(addresses.admin)/status

            """
        StandardStreams.output(text)
    }
}

import Logging
import OriginServer
import Platform
import ServiceLifecycle
import UnixSignals

/// Reads the configuration again on SIGHUP; a bad one changes nothing and says why.
struct Reload: Service {
    let options: ReloadableOptions
    let logger: Logger
    let read: @Sendable () throws -> OriginConfiguration

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            do {
                let waiting = options.reload(try read())
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
    }
}

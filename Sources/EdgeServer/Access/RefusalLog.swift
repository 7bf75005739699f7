import Logging
import Platform
import Synchronization

/// Writes refusals to the log, so many a second: whoever is refused must not fill the disk by it.
final class RefusalLog: Sendable {
    private struct State {
        var second: Int64 = 0
        var lines = 0
        var suppressed: UInt64 = 0
    }

    private let logger: Logger
    private let state = Mutex(State())

    init(logger: Logger) {
        self.logger = logger
    }

    /// - Parameters:
    ///   - refusal: why.
    ///   - path: without the token, which would open the address to readers of the log.
    ///   - client: who was refused.
    ///   - now: Unix seconds.
    func note(_ refusal: AccessRefusal, path: Substring, client: IPAddress, now: Int64) {
        let suppressed: UInt64? = state.withLock { state in
            if now != state.second {
                state.second = now
                state.lines = 0
            }
            guard state.lines < AccessLimits.loggedRefusalsPerSecond else {
                state.suppressed += 1
                return nil
            }
            state.lines += 1
            defer { state.suppressed = 0 }
            return state.suppressed
        }
        guard let suppressed else { return }
        let path = String(
            decoding: path.utf8.prefix(AccessLimits.loggedPathSizeBytes),
            as: UTF8.self
        )
        var metadata: Logger.Metadata = [
            "reason": "\(refusal.reason.rawValue)", "status": "\(refusal.status)",
            "path": "\(path)", "client": "\(client)",
        ]
        if suppressed > 0 { metadata["suppressed_before"] = "\(suppressed)" }
        logger.notice("request refused", metadata: metadata)
    }
}

import Live
import Logging
import NIOPosix
import Platform

/// Tells an operator's address of streams that start, are lost, end.
///
/// Posts `{"event":"stream_started","stream":…}` and the like in order, on a thread of its own: a
/// slow address holds nobody up, and what it cannot be told is logged.
final class LiveHook: Sendable {
    private let webhook: Webhook
    private let threads: NIOThreadPool
    private let logger: Logger
    private let waiting = Gauge()

    /// Beyond so many posts that wait, further ones are dropped.
    private static let waitingLimit: Int64 = 1000

    init(webhook: Webhook, logger: Logger) {
        self.webhook = webhook
        self.logger = logger
        threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
    }

    func tell(_ event: LiveHubEvent) {
        let json = Self.json(event)
        guard waiting.value < Self.waitingLimit else {
            logger.warning("the webhook is too slow: an event is not told")
            return
        }
        waiting.add(1)
        threads.submit { [self] state in
            waiting.add(-1)
            guard state == .active else { return }
            do {
                let answer = try webhook.post(json)
                guard answer.status >= 400 else { return }
                logger.warning(
                    "the webhook refused an event",
                    metadata: ["status": "\(answer.status)"]
                )
            } catch {
                logger.warning("the webhook cannot be told", metadata: ["error": "\(error)"])
            }
        }
    }

    func stop() async {
        try? await threads.shutdownGracefully()
    }

    private static func json(_ event: LiveHubEvent) -> String {
        let quote = JSONText.quoted
        func object(_ name: String, _ id: String, _ more: String = "") -> String {
            "{\"event\":\(quote(name)),\"stream\":\(quote(id))\(more)}"
        }
        switch event {
        case .began(let id, let publisher):
            return object(
                "stream_started",
                id,
                ",\"address\":\(quote(publisher.clientAddress)),"
                    + "\"encoder\":\(quote(publisher.encoder)),"
                    + "\"role\":\(quote(publisher.role.rawValue))"
            )
        case .lost(let id, .invalid(let reason)):
            return object("stream_error", id, ",\"reason\":\(quote(reason))")
        case .lost(let id, let end):
            return object("stream_lost", id, ",\"reason\":\(quote("\(end)"))")
        case .ended(let id): return object("stream_ended", id)
        case .gone(let id): return object("stream_gone", id)
        }
    }
}

import MediaHTTP
import NIOCore
import Synchronization

/// A relay made of closures, which are called on the event loop.
final class TestRelay: ExchangeRelay {
    typealias Client = any RelayClient

    private let started: (Client) -> Void
    private let received: (ByteBuffer, Client) -> Void
    private let ended: (Client) -> Void
    private let canTakeMore: (Client) -> Void
    private let gone: () -> Void
    private var client: Client?

    init(
        started: @escaping (Client) -> Void = { _ in },
        received: @escaping (ByteBuffer, Client) -> Void = { _, _ in },
        ended: @escaping (Client) -> Void = { _ in },
        canTakeMore: @escaping (Client) -> Void = { _ in },
        gone: @escaping () -> Void = {}
    ) {
        self.started = started
        self.received = received
        self.ended = ended
        self.canTakeMore = canTakeMore
        self.gone = gone
    }

    func start(_ client: any RelayClient) {
        self.client = client
        started(client)
    }

    func received(_ bytes: ByteBuffer) {
        if let client { received(bytes, client) }
    }

    func receivedEnd() {
        if let client { ended(client) }
    }

    func clientCanTakeMore() {
        if let client { canTakeMore(client) }
    }

    func clientGone() {
        client = nil
        gone()
    }

    /// Sends a request's body back, once it is whole.
    static func echo(fields: [(String, String)] = []) -> TestRelay {
        var body = ByteBuffer()
        return TestRelay(
            received: { bytes, _ in
                var bytes = bytes
                body.writeBuffer(&bytes)
            },
            ended: { client in client.answer(body, fields: fields) }
        )
    }
}

extension RelayClient {
    /// A whole answer.
    func answer(_ body: ByteBuffer, status: Int = 200, fields: [(String, String)] = []) {
        send(
            RelayHead(
                status: status,
                fields: fields,
                bodySize: .sized(UInt64(body.readableBytes))
            )
        )
        send(body)
        end()
    }
}

/// A client's side that a test may use from its own task.
final class HeldClient: Sendable {
    private let held = Mutex<NIOLoopBound<any RelayClient>?>(nil)
    private let signal = Signal()

    /// To be called where the relay starts.
    func hold(_ client: any RelayClient) {
        held.withLock { $0 = NIOLoopBound(client, eventLoop: client.eventLoop) }
        signal.send()
    }

    /// Waits until there is one, then runs something with it.
    func run(_ body: @escaping @Sendable (any RelayClient) -> Void) async throws {
        while held.withLock({ $0 == nil }) { await signal.wait() }
        guard let client = held.withLock({ $0 }) else { return }
        try await client.eventLoop.submit { body(client.value) }.get()
    }
}

extension TestServer {
    /// A server whose every request is answered by a relay.
    static func relaying(
        limits: MediaLimits = .patient,
        _ relay: @escaping @Sendable (MediaRequest) -> any ExchangeRelay,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        try await with(
            limits: limits,
            takesAllMethods: true,
            answering: { request, _ in .relay(relay(request)) },
            body
        )
    }
}

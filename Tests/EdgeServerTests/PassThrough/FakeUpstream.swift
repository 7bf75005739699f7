import EdgeServer
import NIOCore
import Synchronization

/// An origin of closures: every call is told what to do as it comes, on its event loop.
final class FakeUpstream: UpstreamCalling {
    typealias Answer = @Sendable (FakeCall) -> Void

    struct Seen {
        var requests: [UpstreamRequest] = []
        var excluded: [Set<OriginID>] = []
        var cancelled = 0
    }

    private let answer: Answer
    private let state = Mutex(Seen())
    private let whenCancelled = Mutex<(@Sendable () -> Void)?>(nil)

    init(_ answer: @escaping Answer) {
        self.answer = answer
    }

    func onCancel(_ body: @escaping @Sendable () -> Void) {
        whenCancelled.withLock { $0 = body }
    }

    var seen: Seen { state.withLock { $0 } }

    func call(
        _ request: UpstreamRequest,
        excluding: Set<OriginID>,
        on eventLoop: any EventLoop,
        receiver: any UpstreamReceiver
    ) -> any UpstreamCall {
        let number = state.withLock { state in
            state.requests.append(request)
            state.excluded.append(excluding)
            return state.requests.count
        }
        let call = FakeCall(number, request, eventLoop, receiver) { [weak self] in
            self?.state.withLock { $0.cancelled += 1 }
            self?.whenCancelled.withLock { $0 }?()
        }
        let answer = answer
        // Never from within the call.
        eventLoop.assumeIsolated().execute { answer(call) }
        return call
    }
}

final class FakeCall: UpstreamCall {
    /// 1 for the first.
    let number: Int
    let request: UpstreamRequest
    let eventLoop: any EventLoop
    let receiver: any UpstreamReceiver
    var received: (ByteBuffer) -> Void = { _ in }
    var ended: () -> Void = {}
    /// What a slow origin does when it takes more.
    var take: (() -> Void)?
    var readingChanged: (Bool) -> Void = { _ in }

    var canSendMore = false
    var origin: OriginID? { OriginID(index: number - 1) }
    var isReading = true {
        didSet { if isReading != oldValue { readingChanged(isReading) } }
    }
    private let cancelled: () -> Void

    init(
        _ number: Int,
        _ request: UpstreamRequest,
        _ eventLoop: any EventLoop,
        _ receiver: any UpstreamReceiver,
        cancelled: @escaping () -> Void
    ) {
        self.number = number
        self.request = request
        self.eventLoop = eventLoop
        self.receiver = receiver
        self.cancelled = cancelled
    }

    func send(_ bytes: ByteBuffer) { received(bytes) }
    func sendEnd() { ended() }
    func cancel() { cancelled() }

    // MARK: - What a test does

    /// Takes the request's body from now on.
    func connect() {
        canSendMore = true
        receiver.canSendMore()
    }

    func head(_ status: Int, _ fields: [(name: String, value: String)] = [], size: UInt64? = nil) {
        receiver.head(
            UpstreamHead(
                status: status,
                fields: fields,
                contentLengthBytes: size,
                origin: OriginID(index: number - 1)
            )
        )
    }

    func body(_ text: String) { receiver.body(ByteBuffer(string: text)) }

    func answer(_ text: String, status: Int = 200) {
        head(status, [("content-type", "text/plain")], size: UInt64(text.utf8.count))
        body(text)
        receiver.end()
    }
}

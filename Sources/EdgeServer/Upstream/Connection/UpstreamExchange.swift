import NIOCore
import Platform

/// One call to one origin, from its start to its answer's end.
///
/// Used on its event loop only. It waits for a connection, is attached to one, and is over once;
/// after that its receiver hears nothing and is let go.
final class UpstreamExchange: UpstreamCall {
    private enum Phase {
        /// Not started, or between two connections.
        case detached
        case waiting
        case connecting(ConnectAttempt)
        /// Attached; the handshake may not be done.
        case handshaking(UpstreamConnection)
        case sending(UpstreamConnection)
        case awaitingHead(UpstreamConnection)
        case readingBody(UpstreamConnection)
        case switched(UpstreamConnection)
        case over
    }

    let request: UpstreamRequest
    let originID: OriginID
    /// It asks whether the origin lives; not counted among the calls.
    let isCheck: Bool
    private let pool: OriginPool
    private var receiver: (any UpstreamReceiver)?
    private var phase = Phase.detached
    private let startedAt = NIODeadline.now()
    /// For `waiting`, `connecting`, `handshaking` and `awaitingHead`.
    private var deadline = NIODeadline.distantFuture
    /// When bytes last moved, or reading went on.
    private var progressAt = NIODeadline.now()
    private var requestBody: RequestBody
    /// What was sent before there was a connection.
    private var unsent: [ByteBuffer] = []
    private var isEndAsked: Bool
    private var isReused = false
    private var hasRetried = false
    /// A byte of the answer has come.
    private(set) var hasAnswer = false

    init(
        request: UpstreamRequest,
        originID: OriginID,
        pool: OriginPool,
        receiver: any UpstreamReceiver,
        isCheck: Bool = false
    ) {
        self.request = request
        self.originID = originID
        self.pool = pool
        self.receiver = receiver
        self.isCheck = isCheck
        requestBody = RequestBody(request.bodySize)
        isEndAsked = request.bodySize == .none
    }

    var origin: OriginID? { originID }

    func start() {
        guard case .detached = phase, receiver != nil else { return }
        pool.loop.add(self)
        guard !isCheck else { return pool.startCheck(self) }
        pool.origin.statistics.calls.add()
        pool.start(self)
    }

    // MARK: - UpstreamCall

    var isReading = true {
        didSet {
            guard isReading, !oldValue, let connection else { return }
            progressAt = .now()
            connection.resume()
        }
    }

    var canSendMore: Bool {
        switch phase {
        case .sending(let connection), .switched(let connection): connection.isWritable
        case .readingBody(let connection): !requestBody.isEnded && connection.isWritable
        default: false
        }
    }

    func send(_ bytes: ByteBuffer) {
        switch phase {
        case .over: return
        case .detached, .waiting, .connecting, .handshaking:
            unsent.append(bytes)
        case .sending(let connection), .readingBody(let connection), .switched(let connection):
            guard let framed = requestBody.framed(bytes) else {
                // More than was announced would be read as the next request.
                return requestBody.isEnded ? () : fail(.malformed, blamesOrigin: false)
            }
            requestBody.sent(bytes.readableBytes)
            progressAt = .now()
            connection.write(framed)
        case .awaitingHead: return
        }
    }

    func sendEnd() {
        isEndAsked = true
        switch phase {
        case .sending(let connection):
            guard let last = requestBody.end() else {
                return fail(.malformed, blamesOrigin: false)
            }
            if last.readableBytes > 0 { connection.write([last]) }
            awaitHead(connection)
        case .readingBody(let connection):
            guard !requestBody.isEnded else { return }
            guard let last = requestBody.end() else {
                return fail(.malformed, blamesOrigin: false)
            }
            if last.readableBytes > 0 { connection.write([last]) }
        case .switched(let connection):
            guard !requestBody.isEnded else { return }
            _ = requestBody.end()
            connection.closeOutput()
        case .detached, .waiting, .connecting, .handshaking, .awaitingHead, .over: break
        }
    }

    func cancel() {
        guard receiver != nil else { return }
        let phase = end()
        if !isCheck { pool.origin.statistics.count(.cancelled) }
        release(phase)
    }

    // MARK: - For the pool and the connection

    func wait(until deadline: NIODeadline) {
        phase = .waiting
        self.deadline = deadline
    }

    func connect(_ attempt: ConnectAttempt) {
        phase = .connecting(attempt)
        deadline = .now() + TimeAmount(request.timeLimits.connect)
    }

    func attach(_ connection: UpstreamConnection, isReused: Bool) {
        phase = .handshaking(connection)
        self.isReused = isReused
    }

    /// The request's head is written.
    func connected() {
        guard case .handshaking(let connection) = phase else { return }
        progressAt = .now()
        guard request.bodySize != .none else { return awaitHead(connection) }
        phase = .sending(connection)
        let bodies = unsent
        unsent = []
        for bytes in bodies { send(bytes) }
        if isEndAsked { return sendEnd() }
        receiver?.canSendMore()
    }

    /// Nothing of the request is unsent, so that another one may follow.
    var isRequestSent: Bool { requestBody.isEnded }

    func becameWritable() {
        progressAt = .now()
        if canSendMore { receiver?.canSendMore() }
    }

    func noteRead() {
        hasAnswer = true
        progressAt = .now()
    }

    func interim(_ head: ResponseHead) {
        receiver?.interim(published(head))
    }

    func head(_ head: ResponseHead) {
        if let connection {
            if head.framing == .switched {
                requestBody.switchProtocols()
                phase = .switched(connection)
            } else {
                phase = .readingBody(connection)
            }
        }
        if !isCheck {
            let time = NIODeadline.now() - startedAt
            pool.origin.statistics.firstByte.observe(nanoseconds: UInt64(time.nanoseconds))
            // A switched connection may last for days; others show by their end that all is well.
            if head.framing == .switched { pool.origin.callAnswered() }
        }
        receiver?.head(published(head))
    }

    func body(_ bytes: ByteBuffer) {
        receiver?.body(bytes)
    }

    /// The answer is whole, and the connection no longer ours.
    func complete() {
        guard let receiver else { return }
        _ = end()
        if !isCheck { pool.origin.callAnswered() }
        receiver.end()
    }

    /// The connection is gone before the answer was whole.
    func connectionLost(_ error: UpstreamError) {
        guard receiver != nil else { return }
        // An idle connection that its origin closed just as it was used: nobody has seen the
        // request, or it does no harm twice. RFC 9112 §9.3.1
        guard isReused, !hasAnswer, !hasRetried, request.isRepeatable else {
            phase = .detached
            return fail(error)
        }
        hasRetried = true
        phase = .detached
        pool.origin.statistics.retries.add()
        pool.startOnNewConnection(self)
    }

    /// Ends the call without a whole answer.
    func fail(_ error: UpstreamError, blamesOrigin: Bool = true) {
        guard let receiver else { return }
        let phase = end()
        if !isCheck { pool.origin.callFailed(error, isToBlame: blamesOrigin) }
        release(phase)
        receiver.failed(error)
    }

    func checkTime(_ now: NIODeadline) {
        let stall = TimeAmount(request.timeLimits.stall)
        switch phase {
        case .waiting where now >= deadline: fail(.tooManyCalls)
        case .connecting where now >= deadline: fail(.cannotConnect)
        case .handshaking where now >= deadline: fail(.cannotConnect)
        case .awaitingHead where now >= deadline: fail(.timedOut)
        case .sending(let connection) where !connection.isWritable && now >= progressAt + stall:
            fail(.timedOut)
        case .readingBody where isReading && now >= progressAt + stall: fail(.timedOut)
        default: break
        }
    }

    // MARK: - Helpers

    private var connection: UpstreamConnection? {
        switch phase {
        case .handshaking(let connection), .sending(let connection),
            .awaitingHead(let connection), .readingBody(let connection),
            .switched(let connection):
            connection
        case .detached, .waiting, .connecting, .over: nil
        }
    }

    private func awaitHead(_ connection: UpstreamConnection) {
        phase = .awaitingHead(connection)
        deadline = .now() + TimeAmount(request.timeLimits.head)
    }

    /// Over from here on.
    ///
    /// - Returns: what it was doing.
    private func end() -> Phase {
        let phase = phase
        self.phase = .over
        receiver = nil
        unsent = []
        pool.loop.remove(self)
        return phase
    }

    private func release(_ phase: Phase) {
        switch phase {
        case .waiting: pool.stopWaiting(self)
        case .connecting(let attempt): attempt.cancel()
        case .handshaking(let connection), .sending(let connection),
            .awaitingHead(let connection), .readingBody(let connection),
            .switched(let connection):
            connection.abandon()
        case .detached, .over: break
        }
    }

    private func published(_ head: ResponseHead) -> UpstreamHead {
        UpstreamHead(
            status: head.status,
            fields: head.fields,
            contentLengthBytes: head.contentLengthBytes,
            origin: originID
        )
    }
}

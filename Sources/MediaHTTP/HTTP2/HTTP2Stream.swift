import NIOCore

/// One request and its answer on a connection of HTTP/2. RFC 9113 §5
///
/// Used on the connection's event loop only. It is in the connection's table for as long as either
/// side may say more on it; `isOpen` is for what comes back later, from threads and futures.
final class HTTP2Stream {
    let id: UInt32
    let connection: HTTP2Connection
    let exchange: Exchange
    var isOpen = true

    // What arrives.
    /// The client has said all.
    private(set) var isInputOver: Bool
    private let declaredBytes: UInt64?
    private var receivedBytes: UInt64 = 0
    var receiveWindow = HTTP2ReceiveWindow()
    var relay: HTTP2Relay?

    // What is sent.
    var priority: HTTP2Priority
    var sendWindow: HTTP2Window
    /// When it had a turn last.
    var servedAt: UInt64 = 0
    /// The head's text, while it is not sure yet that there is a body behind it.
    var pendingHead: ByteBuffer?
    var body: (any HTTP2Body)?
    /// The body has no bytes now, and will say when it has.
    var isBodyWaiting = false
    private var progress = (bytes: UInt64(0), at: NIODeadline.now())

    init(
        id: UInt32,
        connection: HTTP2Connection,
        exchange: Exchange,
        priority: HTTP2Priority,
        declaredBytes: UInt64?,
        isInputOver: Bool
    ) {
        self.id = id
        self.connection = connection
        self.exchange = exchange
        self.priority = priority
        self.declaredBytes = declaredBytes
        self.isInputOver = isInputOver
        self.sendWindow = HTTP2Window(connection.settings.initialWindowBytes)
    }

    var loop: ConnectionLoop { connection.loop }

    // MARK: - Input

    /// Bytes of the request's body; those that nobody wants are dropped.
    func take(_ bytes: ByteBuffer, frameSizeBytes: Int) throws(HTTP2Fault) {
        guard receiveWindow.receive(frameSizeBytes) else { throw .stream(id, .flowControlError) }
        receivedBytes += UInt64(bytes.readableBytes)
        if let declaredBytes, receivedBytes > declaredBytes { throw .stream(id, .protocolError) }
        if let relay {
            // What is no body, padding, is used up at once.
            hasUsed(frameSizeBytes - bytes.readableBytes)
            return relay.receive(bytes)
        }
        guard receivedBytes <= loop.limits.ignoredBodySizeBytes else {
            throw .stream(id, .cancel)
        }
        hasUsed(frameSizeBytes)
    }

    /// The client may send as many bytes again.
    func hasUsed(_ count: Int) {
        guard let increment = receiveWindow.use(count), !isInputOver, isOpen else { return }
        connection.control.writeWindowUpdateFrame(increment, streamID: id)
        connection.isPumpDue = true
    }

    func endInput() throws(HTTP2Fault) {
        if let declaredBytes, receivedBytes != declaredBytes { throw .stream(id, .protocolError) }
        isInputOver = true
        relay?.receiveEnd()
    }

    // MARK: - Order

    /// Has an answer of which something can be sent, if the client lets it.
    var isReady: Bool { body != nil && !isBodyWaiting }

    /// What is due takes nothing of a window.
    var needsNoWindow: Bool { pendingHead != nil || body?.isAtEnd == true }

    func goesBefore(_ other: HTTP2Stream, turn: UInt64) -> Bool {
        guard priority.urgency == other.priority.urgency else {
            return priority.urgency < other.priority.urgency
        }
        switch (priority.isIncremental, other.priority.isIncremental) {
        // Of use only as a whole: one after another.
        case (false, false): return id < other.id
        // Of use in parts: each in its turn.
        case (true, true): return servedAt < other.servedAt
        // Of both kinds: by turns.
        case (let isIncremental, _): return isIncremental == (turn & 1 == 1)
        }
    }

    /// What `priority` says in the answer: only what the client does not assume anyway. RFC 9218 §5
    var announcedUrgency: Int? {
        priority.isSignalled || priority.urgency == HTTP2Priority.standardUrgency
            ? nil : priority.urgency
    }

    // MARK: - Output

    func writePendingHead(to buffer: inout ByteBuffer) {
        guard let head = pendingHead else { return }
        pendingHead = nil
        connection.writeHead(head, of: self, isLast: false, to: &buffer)
    }

    func prepareBody() -> HTTP2Obstacle? {
        body?.prepare()
    }

    func writeBody(atMost count: Int, to buffer: inout ByteBuffer) -> HTTP2BodyWrite {
        body?.write(atMost: count, to: &buffer) ?? .obstacle(.wait)
    }

    func sent(_ count: Int, isLast: Bool) {
        if exchange.firstByteAt == nil { exchange.firstByteAt = .now() }
        sendWindow.take(count)
        exchange.bytesSent += UInt64(count)
        if isLast { finish() }
    }

    /// The body had nothing to write.
    func meet(_ obstacle: HTTP2Obstacle) {
        switch obstacle {
        case .wait: isBodyWaiting = true
        case .failure(let error): fail(error)
        }
    }

    /// Called by the body, some time after it had nothing.
    func bodyHasMore() {
        guard isOpen else { return }
        isBodyWaiting = false
        progress = (exchange.bytesSent, .now())
        connection.advance()
    }

    /// While no head is sent there is a status for it; after, only the end of the stream tells the
    /// client that the body is not whole.
    func fail(_ error: StoredBodyError?) {
        body?.finish(wasAborted: true)
        body = nil
        isBodyWaiting = false
        guard pendingHead != nil, let error else { return reset(.internalError) }
        pendingHead = nil
        answer(error.response)
    }

    // MARK: - The end

    /// All of the answer is written.
    func finish() {
        guard isOpen else { return }
        // The rest of a request that is answered is not wanted. RFC 9113 §8.1
        if !isInputOver { connection.control.writeResetFrame(.noError, streamID: id) }
        close(wasAborted: false)
    }

    /// Ends it before its answer is whole.
    func reset(_ code: HTTP2ErrorCode) {
        guard isOpen else { return }
        connection.control.writeResetFrame(code, streamID: id)
        close(wasAborted: true)
        connection.isPumpDue = true
    }

    /// The client ended it.
    func wasReset() {
        close(wasAborted: true)
    }

    /// The connection is gone.
    func abandon() {
        close(wasAborted: true)
    }

    private func close(wasAborted: Bool) {
        guard isOpen else { return }
        isOpen = false
        connection.remove(self)
        let body = body
        self.body = nil
        relay = nil
        pendingHead = nil
        body?.finish(wasAborted: wasAborted)
        loop.observer.finished(
            exchange.record(
                peerAddress: connection.peerAddress,
                wasAborted: wasAborted,
                now: .now()
            )
        )
    }

    /// A client that opens its window no further is cut off, as one that reads nothing is.
    func checkTime(_ now: NIODeadline) {
        body?.checkTime(now)
        guard isReady, sendWindow.bytes <= 0, !needsNoWindow else {
            progress.at = now
            return
        }
        if exchange.bytesSent > progress.bytes + UInt64(loop.limits.minimumProgressBytes) {
            progress = (exchange.bytesSent, now)
        } else if now - progress.at >= loop.times.writeStall {
            reset(.cancel)
        }
    }
}

import NIOCore

/// The client's side of a relayed exchange, as a stream of HTTP/2.
///
/// Used on the connection's event loop only. The window of the request's body opens only as the
/// relay takes its bytes, so what waits here is never more than one window.
final class HTTP2Relay: HTTP2Body, RelayClient {
    private let relay: any ExchangeRelay
    private unowned let stream: HTTP2Stream
    private var received: CircularBuffer<ByteBuffer> = []
    private var isInputOver = false
    private var isDelivering = false
    private var queue: CircularBuffer<ByteBuffer> = []
    private var queuedBytes = 0
    private var wasFull = false
    private var isHeadSent = false
    private var hasEnded = false
    private var isOver = false

    let eventLoop: any EventLoop

    init(_ relay: any ExchangeRelay, stream: HTTP2Stream) {
        self.relay = relay
        self.stream = stream
        self.eventLoop = stream.loop.eventLoop
    }

    // MARK: - From the client

    func receive(_ bytes: ByteBuffer) {
        if bytes.readableBytes > 0 { received.append(bytes) }
        deliver()
    }

    func receiveEnd() {
        isInputOver = true
        deliver()
    }

    var isReading = true {
        didSet { if isReading { deliver() } }
    }

    private func deliver() {
        guard !isDelivering else { return }
        isDelivering = true
        defer { isDelivering = false }
        while isReading, !isOver, let bytes = received.popFirst() {
            stream.hasUsed(bytes.readableBytes)
            relay.received(bytes)
        }
        if isReading, isInputOver, !isOver, received.isEmpty {
            isInputOver = false
            relay.receivedEnd()
        }
        if !isOver, stream.connection.isPumpDue { stream.connection.advance() }
    }

    func finish(wasAborted: Bool) {
        guard !isOver else { return }
        isOver = true
        received = []
        queue = []
        if wasAborted { relay.clientGone() }
    }

    // MARK: - To the client

    var canTakeMore: Bool {
        guard !isOver else { return true }
        let can = queuedBytes < stream.loop.limits.relayedSizeBytes
        if !can { wasFull = true }
        return can
    }

    func sendInterim(status: Int, fields: [(String, String)]) {
        guard !isOver, !isHeadSent, status != 101 else { return }
        let stream = stream
        stream.connection.writeHead(
            Self.head(status, fields, size: .unknown, requestID: nil),
            of: stream,
            isLast: false,
            to: &stream.connection.control
        )
        stream.connection.advance()
    }

    func send(_ head: RelayHead) {
        guard !isOver, !isHeadSent else { return }
        isHeadSent = true
        // Held, as its connection lets go of it with the last word.
        let stream = stream
        if !stream.priority.isSignalled {
            stream.priority.urgency = HTTP2Priority.urgency(of: head.kind)
        }
        stream.exchange.status = head.status
        stream.exchange.kind = head.kind
        stream.exchange.firstByteAt = .now()
        let isLast = head.bodySize == .none || stream.exchange.isHead
        stream.connection.writeHead(
            Self.head(
                head.status,
                head.fields,
                size: head.bodySize,
                requestID: stream.exchange.requestID
            ),
            of: stream,
            isLast: isLast,
            to: &stream.connection.control
        )
        if isLast {
            isOver = true
            stream.finish()
        }
        stream.connection.advance()
    }

    func send(_ bytes: ByteBuffer) {
        guard !isOver, isHeadSent, !hasEnded, bytes.readableBytes > 0 else { return }
        queue.append(bytes)
        queuedBytes += bytes.readableBytes
        stream.bodyHasMore()
    }

    func end() {
        guard !isOver, isHeadSent, !hasEnded else { return }
        hasEnded = true
        stream.bodyHasMore()
    }

    func abort() {
        guard !isOver else { return }
        isOver = true
        let stream = stream
        stream.reset(.internalError)
        stream.connection.advance()
    }

    /// HTTP/2 has no 101: who asks for another protocol asks over HTTP/1.1. RFC 9113 §8.6
    func switchProtocols(fields: [(String, String)]) {
        abort()
    }

    // MARK: - For the stream

    var isAtEnd: Bool { hasEnded && queue.isEmpty }

    func write(atMost count: Int, to buffer: inout ByteBuffer) -> HTTP2BodyWrite {
        var written = 0
        while written < count, var bytes = queue.popFirst() {
            let part = min(bytes.readableBytes, count - written)
            buffer.writeWithSpan(of: bytes, part)
            bytes.moveReaderIndex(forwardBy: part)
            if bytes.readableBytes > 0 { queue.prepend(bytes) }
            written += part
        }
        queuedBytes -= written
        guard written > 0 || hasEnded else { return .obstacle(.wait) }
        if wasFull, queuedBytes <= stream.loop.limits.relayedSizeBytes / 2 {
            wasFull = false
            tellSoon()
        }
        return .wrote(isLast: isAtEnd)
    }

    /// Not from within the writing, as the relay may send at once.
    private func tellSoon() {
        let client = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute {
            if !client.value.isOver, !client.value.hasEnded {
                client.value.relay.clientCanTakeMore()
            }
        }
    }

    /// As text, which is what the encoder takes.
    private static func head(
        _ status: Int,
        _ fields: [(String, String)],
        size: RelayHead.BodySize,
        requestID: RequestID?
    ) -> ByteBuffer {
        var head = ByteBuffer()
        head.writeString("HTTP/1.1 \(max(100, min(status, 999))) \r\n")
        for (name, value) in fields {
            guard !name.isEmpty, name.utf8.allSatisfy(ASCII.isToken),
                value.utf8.allSatisfy(ASCII.isFieldValue)
            else { continue }
            head.writeString("\(name): \(value)\r\n")
        }
        if case .sized(let sizeBytes) = size {
            head.writeString("content-length: \(sizeBytes)\r\n")
        }
        if let requestID, !fields.contains(where: { $0.0.lowercased() == "x-request-id" }) {
            head.writeString("x-request-id: \(requestID)\r\n")
        }
        head.writeStaticString("\r\n")
        return head
    }
}

import NIOCore

/// Bodies in memory that may still be arriving.
extension MediaConnection {
    /// The head is in the loop's buffer.
    func startSource(
        _ source: any BodySource,
        _ representation: Representation,
        _ exchange: Exchange
    ) {
        let delivery = SourceDelivery(
            source: source,
            part: representation.part,
            isChunked: representation.isChunked,
            connection: NIOLoopBound(self, eventLoop: loop.eventLoop)
        )
        exchange.bytesSent = UInt64(loop.headBuffer.readableBytes)
        write(loop.headBuffer)
        phase = .streaming(exchange, delivery)
        sendFromSource(exchange, delivery)
    }

    /// Writes what the source has, up to a batch, and goes on when the kernel has taken that.
    func sendFromSource(_ exchange: Exchange, _ delivery: SourceDelivery) {
        guard !delivery.isInFlight, !delivery.isWaiting else { return }
        var batchBytes = 0
        var pending: ByteBuffer?
        reading: while batchBytes < Self.batchSizeBytes {
            guard delivery.remainingBytes > 0 else { break }
            let wanted = min(delivery.remainingBytes, UInt64(Self.batchSizeBytes - batchBytes))
            switch delivery.source.read(at: delivery.offsetBytes, atMost: Int(wanted)) {
            case .bytes(let bytes):
                if let pending { writeBody(pending, exchange, delivery) }
                pending = bytes
                batchBytes += bytes.readableBytes
                delivery.offsetBytes += UInt64(bytes.readableBytes)
            case .pending:
                break reading
            case .end:
                return endSource(pending, exchange, delivery)
            case .failed:
                return cutSource(exchange)
            }
        }
        if delivery.remainingBytes == 0 { return endSource(pending, exchange, delivery) }
        guard let pending else {
            delivery.isWaiting = true
            return delivery.source.wake(delivery, at: delivery.offsetBytes)
        }
        if exchange.firstByteAt == nil { exchange.firstByteAt = .now() }
        delivery.isInFlight = true
        writeBody(pending, exchange, delivery, followed: true)
    }

    func resumeSource(_ delivery: SourceDelivery) {
        guard case .streaming(_, let current) = phase, current === delivery else { return }
        delivery.isWaiting = false
        canAdvance = true
        advance()
    }

    private func endSource(
        _ last: ByteBuffer?,
        _ exchange: Exchange,
        _ delivery: SourceDelivery
    ) {
        // A source that ends before its size was wrong about it; only closing tells the client so.
        guard delivery.isUnsized || delivery.remainingBytes == 0 else { return cutSource(exchange) }
        if exchange.firstByteAt == nil { exchange.firstByteAt = .now() }
        delivery.hasEnded = true
        guard let last else {
            if delivery.isChunked { write(Self.lastChunk) }
            return finish(exchange)
        }
        delivery.isInFlight = true
        writeBody(last, exchange, delivery, followed: true)
    }

    private func cutSource(_ exchange: Exchange) {
        phase = .closed
        report(exchange, wasAborted: true)
        context?.close(promise: nil)
    }

    private func writeBody(
        _ bytes: ByteBuffer,
        _ exchange: Exchange,
        _ delivery: SourceDelivery,
        followed: Bool = false
    ) {
        exchange.bytesSent += UInt64(bytes.readableBytes)
        if delivery.isChunked {
            write(ByteBuffer(string: String(bytes.readableBytes, radix: 16) + "\r\n"))
            write(bytes)
            let end = delivery.hasEnded ? Self.chunkEndAndLastChunk : Self.chunkEnd
            return followed ? follow(end, delivery) : write(end)
        }
        followed ? follow(bytes, delivery) : write(bytes)
    }

    private func follow(_ bytes: ByteBuffer, _ delivery: SourceDelivery) {
        writeFollowed(.byteBuffer(bytes)) { self.didSend($0, delivery) }
    }

    private func didSend(_ result: Result<Void, any Error>, _ delivery: SourceDelivery) {
        guard case .streaming(let exchange, let current) = phase, current === delivery else {
            return
        }
        delivery.isInFlight = false
        switch result {
        case .failure: cutSource(exchange)
        case .success:
            if delivery.hasEnded { finish(exchange) }
            canAdvance = true
            advance()
        }
    }

    /// Bytes written before the kernel must have taken them: enough for it to be busy, too few to
    /// matter where it is not.
    private static let batchSizeBytes = 1024 * 1024
    private static let chunkEnd = ByteBuffer(string: "\r\n")
    private static let lastChunk = ByteBuffer(string: "0\r\n\r\n")
    private static let chunkEndAndLastChunk = ByteBuffer(string: "\r\n0\r\n\r\n")
}

/// A source's body on its way to one client.
final class SourceDelivery: BodyWaiter {
    let source: any BodySource
    let isChunked: Bool
    let isUnsized: Bool
    private let connection: NIOLoopBound<MediaConnection>
    private let state: NIOLoopBoundBox<State>

    /// Used on the connection's event loop only.
    private struct State {
        var offsetBytes: UInt64
        var endBytes: UInt64
        var isInFlight = false
        var isWaiting = false
        var hasEnded = false
    }

    init(
        source: any BodySource,
        part: Range<UInt64>,
        isChunked: Bool,
        connection: NIOLoopBound<MediaConnection>
    ) {
        self.source = source
        self.isChunked = isChunked
        self.isUnsized = part.upperBound == Representation.unknownSize
        self.connection = connection
        self.state = NIOLoopBoundBox(
            State(offsetBytes: part.lowerBound, endBytes: part.upperBound),
            eventLoop: connection.eventLoop
        )
    }

    var eventLoop: any EventLoop { connection.eventLoop }

    func resume() {
        connection.value.resumeSource(self)
    }

    var offsetBytes: UInt64 {
        get { state.value.offsetBytes }
        set { state.value.offsetBytes = newValue }
    }
    var remainingBytes: UInt64 { state.value.endBytes - state.value.offsetBytes }
    /// Something was written that the kernel has not taken yet.
    var isInFlight: Bool {
        get { state.value.isInFlight }
        set { state.value.isInFlight = newValue }
    }
    /// The source will say when it has more.
    var isWaiting: Bool {
        get { state.value.isWaiting }
        set { state.value.isWaiting = newValue }
    }
    /// The last bytes are written.
    var hasEnded: Bool {
        get { state.value.hasEnded }
        set { state.value.hasEnded = newValue }
    }
}

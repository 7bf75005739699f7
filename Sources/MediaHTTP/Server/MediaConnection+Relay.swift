import NIOCore

/// Requests with any method, for handlers that take them, and the relays that answer some.
extension MediaConnection {
    func beginWithAnyMethod(_ head: RequestHead, _ bytes: ByteBuffer, _ exchange: Exchange) {
        guard head.method != .other || !isTunnelOrTrace(head, bytes) else {
            return refuseTunnelOrTrace(exchange)
        }
        switch loop.handler.respond(to: request(head, bytes, exchange), on: loop.eventLoop) {
        case .now(let response):
            ignoreBody(of: head, exchange)
            answer(response, exchange)
        case .later(let future):
            ignoreBody(of: head, exchange)
            wait(for: future, exchange)
        case .relay(let relay):
            let relayed = RelayedExchange(exchange, head, relay, connection: self)
            phase = .relaying(relayed)
            relayed.start()
        }
    }

    private func isTunnelOrTrace(_ head: RequestHead, _ bytes: ByteBuffer) -> Bool {
        let span = bytes.readableBytesUInt8Span
        let method = head.methodText.bytes
        return ASCII.equals(span, method, "CONNECT") || ASCII.equals(span, method, "TRACE")
    }

    /// A body that nobody asked for is dropped, or ends the connection where it is large.
    private func ignoreBody(of head: RequestHead, _ exchange: Exchange) {
        guard head.hasBody else { return }
        // Whether a client that waits for "100 Continue" still sends its body cannot be known.
        if head.hasExpectation || head.contentLengthBytes > loop.limits.ignoredBodySizeBytes {
            exchange.persistence = .close
        }
        bodyBytesToSkip = head.contentLengthBytes
        if head.isChunked { chunksToSkip = SkippedChunks(limits: loop.limits) }
    }

    /// Drops what has arrived of a chunked body.
    func skipChunks() {
        guard var skipped = chunksToSkip else { return }
        switch skipped.skip(&input) {
        case .needsMore: chunksToSkip = skipped
        case .end: chunksToSkip = nil
        case .refused: closeGracefully()
        }
    }

    // MARK: - For relayed exchanges

    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// All of a relayed answer is written.
    func finishRelayed(_ exchange: Exchange) {
        finish(exchange)
        advanceSoon()
    }

    /// Ends the connection at once: only that tells the client that the answer is not whole.
    func cutRelayed(_ exchange: Exchange) {
        phase = .closed
        report(exchange, wasAborted: true)
        context?.close(promise: nil)
    }

    /// Answers in place of a relay that has sent nothing yet.
    func answerInPlaceOfRelay(_ exchange: Exchange, _ answer: (Exchange) -> Void) {
        phase = .reading
        loop.updateDate()
        answer(exchange)
        advanceSoon()
    }

    /// The answer's side of a switched connection is at its end; the client may go on.
    func closeOutput() {
        guard let context else { return }
        context.flush()
        context.close(mode: .output, promise: nil)
    }
}

/// A chunked body that is dropped, up to the limit for such bodies.
struct SkippedChunks {
    enum Outcome { case needsMore, end, refused }

    private var body: ChunkedBody
    private var remainingBytes: UInt64

    init(limits: MediaLimits) {
        body = ChunkedBody(limits: limits)
        remainingBytes = limits.ignoredBodySizeBytes
    }

    mutating func skip(_ input: inout ByteBuffer) -> Outcome {
        do throws(RequestFault) {
            while true {
                switch try body.next(&input) {
                case .needsMore: return .needsMore
                case .end: return .end
                case .bytes(let bytes):
                    guard bytes.readableBytes <= remainingBytes else { return .refused }
                    remainingBytes -= UInt64(bytes.readableBytes)
                }
            }
        } catch {
            return .refused
        }
    }
}

import NIOCore

/// From bytes to a handler's answer.
extension MediaConnection {
    /// Answers the requests that have arrived, as far as the client takes the answers.
    func readRequests() {
        var depth = 0
        while case .reading = phase {
            skipBody()
            guard input.readableBytes > 0, bodyBytesToSkip == 0, chunksToSkip == nil else {
                break
            }
            guard depth < loop.limits.pipelineDepth, context?.channel.isWritable == true else {
                // Writability brings us back; a full batch goes on after its flush.
                canAdvance = context?.channel.isWritable == true
                return
            }
            switch scanner.scan(input.readableBytesUInt8Span) {
            case .incomplete:
                if !isInputClosed { return waitForHead() }
                return closeGracefully()
            case .refused(let fault):
                refuse(fault)
            case .complete(let head):
                guard let bytes = input.readSlice(length: head.sizeBytes) else { return }
                isHeadStarted = false
                begin(head, bytes)
                depth += 1
            }
        }
        if case .reading = phase {
            if isInputClosed { return closeGracefully() }
            if input.readableBytes == 0 { input = ByteBuffer() }
        }
    }

    private func skipBody() {
        if chunksToSkip != nil { return skipChunks() }
        guard bodyBytesToSkip > 0 else { return }
        let count = min(bodyBytesToSkip, UInt64(input.readableBytes))
        input.moveReaderIndex(forwardBy: Int(count))
        bodyBytesToSkip -= count
    }

    /// The time for a head runs from its first byte on.
    private func waitForHead() {
        guard !isHeadStarted else { return }
        isHeadStarted = true
        deadline = .now() + loop.times.head
    }

    private func begin(_ head: RequestHead, _ bytes: ByteBuffer) {
        loop.updateDate()
        let exchange = makeExchange(head, bytes)
        if loop.takesAllMethods { return beginWithAnyMethod(head, bytes, exchange) }
        guard head.contentLengthBytes <= loop.limits.ignoredBodySizeBytes else {
            return refuse(.bodyTooLarge, exchange)
        }
        bodyBytesToSkip = head.contentLengthBytes
        // Whether a client that waits for "100 Continue" still sends its body cannot be known.
        if head.hasExpectation, head.contentLengthBytes > 0 { exchange.persistence = .close }
        switch head.method {
        case .options: return answerPreflight(exchange)
        case .other: return refuseMethod(exchange)
        case .get, .head: break
        }
        switch loop.handler.respond(to: request(head, bytes, exchange), on: loop.eventLoop) {
        case .now(let response): answer(response, exchange)
        case .later(let future): wait(for: future, exchange)
        case .relay: refuseMethod(exchange)
        }
    }

    func request(_ head: RequestHead, _ bytes: ByteBuffer, _ exchange: Exchange) -> MediaRequest {
        MediaRequest(
            head: head,
            bytes: bytes,
            path: exchange.path,
            requestID: exchange.requestID,
            peerAddress: peerAddress,
            peer: peer,
            isSecure: isSecure
        )
    }

    func wait(for future: EventLoopFuture<MediaResponse>, _ exchange: Exchange) {
        phase = .waiting(exchange)
        future.hop(to: loop.eventLoop).assumeIsolated().whenComplete { self.resume($0) }
    }

    private func makeExchange(_ head: RequestHead, _ bytes: ByteBuffer) -> Exchange {
        let incomingID = head.requestID.isPresent ? bytes.text(head.requestID) : nil
        let exchange = Exchange(
            requestID: incomingID.flatMap(RequestID.init(incoming:)) ?? loop.nextRequestID(),
            method: loop.takesAllMethods && head.method == .other
                ? String(bytes.text(head.methodText).prefix(Self.methodSizeBytes))
                : head.method.text,
            path: head.path.count == 0 ? "/" : bytes.text(head.path),
            isHead: head.method == .head,
            startedAt: .now(),
            persistence: persistence(head)
        )
        exchange.takesChunks = head.version != .http10
        exchange.conditions.isHead = exchange.isHead
        exchange.conditions.range =
            head.range.occurrences == 1 ? bytes.text(head.range) : nil
        exchange.conditions.ifRange = bytes.value(head.ifRange, "if-range", in: head)
        exchange.conditions.ifNoneMatch =
            bytes.value(head.ifNoneMatch, "if-none-match", in: head)
        exchange.conditions.ifModifiedSince =
            head.ifModifiedSince.occurrences == 1 ? bytes.text(head.ifModifiedSince) : nil
        exchange.acceptEncoding =
            bytes.value(head.acceptEncoding, "accept-encoding", in: head)
        return exchange
    }

    /// Of a method that a record tells, whatever a client calls its own.
    private static let methodSizeBytes = 32

    private func persistence(_ head: RequestHead) -> HeadWriter.Persistence {
        guard head.persists, !loop.isDraining, !isInputClosed || input.readableBytes > 0 else {
            return .close
        }
        return head.version == .http10 ? .keepAlive : .implied
    }

    private func resume(_ result: Result<MediaResponse, any Error>) {
        guard case .waiting(let exchange) = phase else { return }
        phase = .reading
        loop.updateDate()
        if loop.isDraining { exchange.persistence = .close }
        switch result {
        case .success(let response): answer(response, exchange)
        case .failure: answer(.internalError, exchange)
        }
        canAdvance = true
        advance()
    }
}

extension RequestHead.Method {
    fileprivate var text: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .options: "OPTIONS"
        case .other: "OTHER"
        }
    }
}

extension MediaResponse {
    fileprivate static let internalError = error(
        status: 500,
        code: "internal_error",
        message: "the request could not be answered"
    )
}

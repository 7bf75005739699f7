import NIOCore

/// From a handler's answer to a head and a body.
extension HTTP2Stream {
    func respond(to head: RequestHead, _ bytes: ByteBuffer) {
        if !loop.takesAllMethods {
            guard head.contentLengthBytes <= loop.limits.ignoredBodySizeBytes else {
                return refuse(.bodyTooLarge)
            }
            switch head.method {
            case .options: return answerPreflight()
            case .other: return refuseMethod()
            case .get, .head: break
            }
        }
        let request = MediaRequest(
            head: head,
            bytes: bytes,
            path: exchange.path,
            requestID: exchange.requestID,
            peerAddress: connection.peerAddress,
            peer: connection.peer,
            isSecure: connection.isSecure
        )
        switch loop.handler.respond(to: request, on: loop.eventLoop) {
        case .now(let response): answer(response)
        case .later(let future):
            future.hop(to: loop.eventLoop).assumeIsolated().whenComplete { self.resume($0) }
        case .relay(let relay): start(relay)
        }
    }

    private func resume(_ result: Result<MediaResponse, any Error>) {
        guard isOpen else { return }
        loop.updateDate()
        switch result {
        case .success(let response): answer(response)
        case .failure:
            answer(
                .error(
                    status: 500,
                    code: "internal_error",
                    message: "the request could not be answered"
                )
            )
        }
        connection.advance()
    }

    private func start(_ relay: any ExchangeRelay) {
        let client = HTTP2Relay(relay, stream: self)
        self.relay = client
        body = client
        isBodyWaiting = true
        relay.start(client)
        if isOpen, isInputOver { client.receiveEnd() }
    }

    // MARK: - Answers

    func refuse(_ fault: RequestFault) {
        answer(
            .error(status: fault.status, code: fault.code, message: "the request is malformed")
        )
    }

    private func refuseMethod() {
        answer(
            .error(
                status: 405,
                code: "method_not_allowed",
                message: "only GET, HEAD and OPTIONS are answered here",
                extraHeaders: [("Allow", "GET, HEAD, OPTIONS")]
            )
        )
    }

    private func answerPreflight() {
        exchange.status = 204
        exchange.kind = .other
        loop.headBuffer.clear()
        loop.headWriter.writePreflight(
            requestID: exchange.requestID,
            persistence: .implied,
            to: &loop.headBuffer
        )
        sendHeadAlone()
    }

    func answer(_ response: MediaResponse) {
        exchange.kind = response.kind
        exchange.onSent = response.onSent
        if !priority.isSignalled { priority.urgency = HTTP2Priority.urgency(of: response.kind) }
        guard case .text(let text) = response.body,
            text.identity.readableBytes >= loop.limits.compressionMinimumBytes,
            AcceptedEncoding(exchange.acceptEncoding) == .gzip
        else { return answer(response, gzip: nil) }
        if let gzip = text.readyGzip { return answer(response, gzip: gzip) }
        guard text.identity.readableBytes >= loop.limits.compressionOnThreadBytes else {
            return answer(response, gzip: try? text.makeGzip())
        }
        compressOnThread(text, response)
    }

    private func compressOnThread(_ text: CompressibleText, _ response: MediaResponse) {
        let eventLoop = loop.eventLoop
        let stream = NIOLoopBound(self, eventLoop: eventLoop)
        let isQueued = loop.blockingReads.submit {
            let gzip = try? text.makeGzip()
            eventLoop.execute {
                guard stream.value.isOpen else { return }
                stream.value.answer(response, gzip: gzip)
                stream.value.connection.advance()
            }
        }
        // Where there is too much to do, the larger form is the cheaper one.
        if !isQueued { answer(response, gzip: nil) }
    }

    private func answer(_ response: MediaResponse, gzip: ByteBuffer?) {
        let representation = Representation(response, gzip: gzip, conditions: exchange.conditions)
        exchange.status = representation.status
        loop.headBuffer.clear()
        loop.headWriter.write(
            representation,
            of: response,
            requestID: exchange.requestID,
            persistence: .implied,
            to: &loop.headBuffer
        )
        let part = representation.part
        guard !exchange.isHead, !part.isEmpty else { return sendHeadAlone() }
        switch representation.content {
        case .none: sendHeadAlone()
        case .bytes(var bytes):
            bytes.moveReaderIndex(forwardBy: Int(part.lowerBound))
            guard let slice = bytes.readSlice(length: part.count) else { return }
            sendHead()
            body = HTTP2BytesBody(slice)
        case .source(let source):
            sendHead()
            body = HTTP2SourceBody(source, part: part, stream: self)
        case .region(let region):
            sendHead()
            body = HTTP2SourceBody(region, part: part, stream: self)
        case .stored(let stored):
            pendingHead = loop.headBuffer
            body = HTTP2StoredBody(stored, part: part, stream: self)
        }
    }

    private func sendHead() {
        connection.writeHead(loop.headBuffer, of: self, isLast: false, to: &connection.control)
    }

    private func sendHeadAlone() {
        connection.writeHead(loop.headBuffer, of: self, isLast: true, to: &connection.control)
        finish()
    }
}

import NIOCore

/// From a handler's answer to bytes on the socket.
extension MediaConnection {
    /// Bodies up to this size are copied behind their head: one buffer is cheaper to send than two.
    private static let copiedBodySizeBytes = 4096
    /// Bodies in memory from this size on are followed until the kernel has taken them.
    private static let followedBodySizeBytes = 64 * 1024

    /// Answers the current request; `phase` is then `.reading` again, or what the answer waits for.
    func answer(_ response: MediaResponse, _ exchange: Exchange) {
        exchange.kind = response.kind
        exchange.onSent = response.onSent
        guard case .text(let text) = response.body,
            text.identity.readableBytes >= loop.limits.compressionMinimumBytes,
            AcceptedEncoding(exchange.acceptEncoding) == .gzip
        else { return answer(response, gzip: nil, exchange) }
        if let gzip = text.readyGzip { return answer(response, gzip: gzip, exchange) }
        guard text.identity.readableBytes >= loop.limits.compressionOnThreadBytes else {
            return answer(response, gzip: try? text.makeGzip(), exchange)
        }
        compressOnThread(text, response, exchange)
    }

    private func compressOnThread(
        _ text: CompressibleText,
        _ response: MediaResponse,
        _ exchange: Exchange
    ) {
        let connection = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let eventLoop = loop.eventLoop
        let isQueued = loop.blockingReads.submit {
            let gzip = try? text.makeGzip()
            eventLoop.execute { connection.value.resumeCompressed(gzip, response) }
        }
        if isQueued {
            phase = .waiting(exchange)
        } else {
            // Too much to do: the larger form is the cheaper one now.
            answer(response, gzip: nil, exchange)
        }
    }

    private func resumeCompressed(_ gzip: ByteBuffer?, _ response: MediaResponse) {
        guard case .waiting(let exchange) = phase else { return }
        phase = .reading
        answer(response, gzip: gzip, exchange)
        canAdvance = true
        advance()
    }

    private func answer(_ response: MediaResponse, gzip: ByteBuffer?, _ exchange: Exchange) {
        var representation = Representation(response, gzip: gzip, conditions: exchange.conditions)
        exchange.status = representation.status
        // HTTP/1.0 has no chunks: a body of unknown size ends with its connection. RFC 9112 §6.3
        representation.isChunked = !representation.isSizeKnown && exchange.takesChunks
        if !representation.isSizeKnown, !exchange.takesChunks { exchange.persistence = .close }
        loop.headBuffer.clear()
        loop.headWriter.write(
            representation,
            of: response,
            requestID: exchange.requestID,
            persistence: exchange.persistence,
            to: &loop.headBuffer
        )
        let part = representation.part
        switch representation.content {
        case .stored(let body) where !exchange.isHead && !part.isEmpty:
            let delivery = Delivery(body: body, part: part, head: loop.headBuffer)
            phase = .preparing(exchange)
            sendPiece(exchange, delivery)
        case .bytes(var body) where !exchange.isHead && !part.isEmpty:
            body.moveReaderIndex(forwardBy: Int(part.lowerBound))
            if let slice = body.readSlice(length: part.count) { sendBytes(slice, exchange) }
        case .source(let source) where !exchange.isHead && !part.isEmpty:
            startSource(source, representation, exchange)
        case .region(let region) where !exchange.isHead && !part.isEmpty && isSecure:
            // The kernel cannot encrypt it on its way.
            startSource(region, representation, exchange)
        case .region(let region) where !exchange.isHead && !part.isEmpty:
            sendRegion(region, part, exchange)
        case .none, .bytes, .stored, .source, .region:
            write(loop.headBuffer)
            finishWritten(exchange)
        }
    }

    /// The head is in the loop's buffer.
    private func sendBytes(_ body: ByteBuffer, _ exchange: Exchange) {
        if body.readableBytes <= Self.copiedBodySizeBytes {
            loop.headBuffer.writeImmutableBuffer(body)
            exchange.bytesSent = UInt64(loop.headBuffer.readableBytes)
            write(loop.headBuffer)
            return finish(exchange)
        }
        exchange.bytesSent = UInt64(loop.headBuffer.readableBytes + body.readableBytes)
        write(loop.headBuffer)
        guard body.readableBytes >= Self.followedBodySizeBytes else {
            write(body)
            return finish(exchange)
        }
        exchange.firstByteAt = .now()
        phase = .sending(exchange, nil)
        writeFollowed(.byteBuffer(body))
    }

    /// The head is in the loop's buffer.
    private func sendRegion(
        _ region: MemoryRegion,
        _ part: Range<UInt64>,
        _ exchange: Exchange
    ) {
        guard let handle = loop.handle(for: region.arena) else {
            // No descriptors left: the bytes are copied instead.
            let whole = Int(part.lowerBound)..<Int(part.upperBound)
            guard let bytes = region.bytes(whole) else { return cut() }
            return sendBytes(bytes, exchange)
        }
        exchange.bytesSent = UInt64(loop.headBuffer.readableBytes + part.count)
        exchange.firstByteAt = .now()
        write(loop.headBuffer)
        phase = .sending(exchange, nil)
        // The region is held until the kernel has it all.
        writeFollowed(.fileRegion(region.fileRegion(part, handle))) { result in
            withExtendedLifetime(region) { self.didSend(result) }
        }
    }

    func answerPreflight(_ exchange: Exchange) {
        exchange.status = 204
        exchange.kind = .other
        loop.headBuffer.clear()
        loop.headWriter.writePreflight(
            requestID: exchange.requestID,
            persistence: exchange.persistence,
            to: &loop.headBuffer
        )
        write(loop.headBuffer)
        finishWritten(exchange)
    }

    private func finishWritten(_ exchange: Exchange) {
        exchange.bytesSent = UInt64(loop.headBuffer.readableBytes)
        finish(exchange)
    }

    // MARK: - Writing

    func write(_ buffer: ByteBuffer) {
        writtenBytes += buffer.readableBytes
        needsFlush = true
        context?.write(wrapOutboundOut(.byteBuffer(buffer)), promise: nil)
    }

    /// Writes the last bytes of an answer or a piece; `didSend` is called when the kernel has them.
    func writeFollowed(_ data: IOData) {
        writeFollowed(data) { self.didSend($0) }
    }

    func writeFollowed(_ data: IOData, _ didSend: @escaping (Result<Void, any Error>) -> Void) {
        guard let context else { return }
        progress.at = .now()
        writtenBytes += data.readableBytes
        needsFlush = true
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete(didSend)
        context.write(wrapOutboundOut(data), promise: promise)
    }

    private func didSend(_ result: Result<Void, any Error>) {
        guard case .sending(let exchange, let delivery) = phase else { return }
        delivery?.isInFlight = false
        if let piece = delivery?.piece {
            delivery?.piece = nil
            loop.giveBack(piece)
        }
        switch result {
        case .failure:
            phase = .closed
            report(exchange, wasAborted: true)
            context?.close(promise: nil)
        case .success:
            if let delivery, delivery.cursor.remainingBytes > 0 {
                phase = .sending(exchange, delivery)
            } else {
                finish(exchange)
            }
            canAdvance = true
            advance()
        }
    }

    /// All of an answer is written.
    func finish(_ exchange: Exchange) {
        let now = NIODeadline.now()
        report(exchange, wasAborted: false, now: now)
        phase = .reading
        deadline = now + loop.times.idle
        if exchange.persistence == .close || loop.isDraining { closeGracefully() }
    }

    func report(_ exchange: Exchange, wasAborted: Bool, now: NIODeadline = .now()) {
        loop.observer.finished(
            exchange.record(peerAddress: peerAddress, wasAborted: wasAborted, now: now)
        )
    }
}

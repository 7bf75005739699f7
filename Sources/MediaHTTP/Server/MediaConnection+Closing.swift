import NIOCore

/// Refusals, limits of time, and the end.
extension MediaConnection {
    // MARK: - Refusals

    /// Answers a head that cannot be trusted; what follows it cannot be either.
    func refuse(_ fault: RequestFault) {
        loop.updateDate()
        refuse(fault, .refused(loop.nextRequestID(), persistence: .close))
    }

    func refuse(_ fault: RequestFault, _ exchange: Exchange) {
        exchange.persistence = .close
        answer(
            .error(status: fault.status, code: fault.code, message: "the request is malformed"),
            exchange
        )
    }

    /// A relayed request's body that stopped to come. RFC 9110 §15.5.9
    func refuseSlowBody(_ exchange: Exchange) {
        exchange.persistence = .close
        answer(
            .error(status: 408, code: "request_timeout", message: "the body stopped to arrive"),
            exchange
        )
    }

    /// A method that is not for handlers that take all: a tunnel, and an echo of the request with
    /// what a page may not see of it. RFC 9110 §9.3.6, §9.3.8
    func refuseTunnelOrTrace(_ exchange: Exchange) {
        exchange.persistence = .close
        answer(
            .error(
                status: 405,
                code: "method_not_allowed",
                message: "neither CONNECT nor TRACE is answered here",
                extraHeaders: [("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")]
            ),
            exchange
        )
    }

    /// A method that this listener does not know; a body of any size may follow it.
    func refuseMethod(_ exchange: Exchange) {
        exchange.persistence = .close
        answer(
            .error(
                status: 405,
                code: "method_not_allowed",
                message: "only GET, HEAD and OPTIONS are answered here",
                extraHeaders: [("Allow", "GET, HEAD, OPTIONS")]
            ),
            exchange
        )
    }

    func refuseConnection() {
        loop.updateDate()
        let response = MediaResponse.error(
            status: 503,
            code: "overloaded",
            message: "too many connections; try again",
            extraHeaders: [("Retry-After", "1")]
        )
        answer(response, .refused(loop.nextRequestID(), persistence: .close))
        advance()
    }

    // MARK: - Time

    /// Called by the loop's timer.
    func checkTime(_ now: NIODeadline) {
        switch phase {
        case .closed, .waiting, .preparing: break
        case .waitingForMemory(let exchange, let delivery):
            guard now >= deadline else { return }
            fail(.noMemory, exchange, delivery, nil)
            canAdvance = true
            advance()
        case .sending:
            checkProgress(now)
        case .streaming(_, let delivery):
            if delivery.isInFlight { checkProgress(now) }
        case .relaying(let relayed):
            if takenBytes < writtenBytes { return checkProgress(now) }
            progress = (takenBytes, now)
            relayed.checkTime(now)
        case .reading, .lingering:
            if takenBytes < writtenBytes {
                checkProgress(now)
            } else if now >= deadline {
                context?.close(promise: nil)
            }
        }
    }

    private func checkProgress(_ now: NIODeadline) {
        let taken = takenBytes
        if taken > progress.bytes + loop.limits.minimumProgressBytes {
            progress = (taken, now)
        } else if now - progress.at >= loop.times.writeStall {
            cut()
        }
    }

    private var takenBytes: Int {
        let buffered = try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)
        return writtenBytes - (buffered ?? 0) - (pacer?.waitingBytes ?? 0)
    }

    // MARK: - The end

    /// Sends what is written, then closes our side and waits a while for the client to close its:
    /// closing both at once would reset the connection under an answer still on its way.
    /// RFC 9112 §9.6
    func closeGracefully() {
        switch phase {
        case .lingering, .closed: return
        default: break
        }
        guard let context else { return }
        phase = .lingering
        input = ByteBuffer()
        deadline = .now() + loop.times.linger
        progress.at = .now()
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.isOutputClosed = true
            self.deadline = .now() + self.loop.times.linger
            self.canAdvance = true
            self.advance()
        }
        context.flush()
        context.close(mode: .output, promise: promise)
    }

    /// Closes at once, whatever is unsent.
    func cut() {
        context?.close(promise: nil)
    }

    func drain() {
        if case .reading = phase, input.readableBytes == 0 {
            closeGracefully()
        }
    }

    /// The channel is gone: gives everything back, and says so of an answer that was under way.
    func abandon() {
        let unfinished = phase
        phase = .closed
        input = ByteBuffer()
        switch unfinished {
        case .reading, .lingering, .closed: break
        case .waiting(let exchange), .preparing(let exchange), .waitingForMemory(let exchange, _),
            .streaming(let exchange, _):
            report(exchange, wasAborted: true)
        case .relaying(let relayed):
            relayed.leave()
        case .sending(let exchange, let delivery):
            if let piece = delivery?.piece { loop.giveBack(piece) }
            report(exchange, wasAborted: true)
        }
    }
}

extension Exchange {
    /// What was never a request.
    fileprivate static func refused(
        _ requestID: RequestID,
        persistence: HeadWriter.Persistence
    ) -> Exchange {
        Exchange(
            requestID: requestID,
            method: "-",
            path: "",
            isHead: false,
            startedAt: .now(),
            persistence: persistence
        )
    }
}

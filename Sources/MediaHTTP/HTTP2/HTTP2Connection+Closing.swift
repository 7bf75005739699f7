import NIOCore

/// Limits of time, faults, and the end.
extension HTTP2Connection {
    func remove(_ stream: HTTP2Stream) {
        streams[stream.id] = nil
        guard streams.isEmpty else { return }
        deadline = .now() + loop.times.idle
        // The dictionary keeps the room of its largest day otherwise.
        streams = [:]
    }

    // MARK: - Time

    /// Called by the loop's timer.
    func checkTime(_ now: NIODeadline) {
        switch phase {
        case .closed: return
        case .preface, .settings:
            if now >= deadline { cut() }
            return
        case .lingering:
            if takenBytes < writtenBytes {
                checkProgress(now)
            } else if now >= deadline {
                cut()
            }
            return
        case .open, .leaving: break
        }
        for stream in Array(streams.values) { stream.checkTime(now) }
        if let headerBlock, now - headerBlock.since >= loop.times.head {
            fail(.protocolError)
        } else if takenBytes < writtenBytes || (sendWindow.bytes <= 0 && hasReadyStream) {
            checkProgress(now)
        } else {
            progress = (takenBytes, now)
            if streams.isEmpty, now >= deadline { leave(.noError) }
        }
        // A client that answers no ping is not waited for.
        if hasAnnouncedLeaving, phase == .open, now >= leavingDeadline { leave(.noError) }
        if phase != .closed { advance() }
    }

    private var leavingDeadline: NIODeadline { announcedAt + loop.times.linger }

    private var hasReadyStream: Bool { streams.values.contains(where: \.isReady) }

    private func checkProgress(_ now: NIODeadline) {
        let taken = takenBytes
        if taken > progress.bytes + loop.limits.minimumProgressBytes {
            progress = (taken, now)
        } else if now - progress.at >= loop.times.writeStall {
            cut()
        }
    }

    var takenBytes: Int {
        let buffered = try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)
        return writtenBytes - (buffered ?? 0)
    }

    // MARK: - The end

    /// Says that no more streams are taken, and closes after those that are open. RFC 9113 §6.8
    func leave(_ code: HTTP2ErrorCode) {
        switch phase {
        case .leaving, .lingering, .closed: return
        case .preface, .settings, .open: break
        }
        control.writeGoAwayFrame(code, lastStreamID: lastStreamID)
        phase = .leaving
        isPumpDue = true
    }

    /// The client broke the connection's rules, or asks too much of us.
    func fail(_ code: HTTP2ErrorCode) {
        switch phase {
        case .lingering, .closed: return
        default: break
        }
        control.writeGoAwayFrame(code, lastStreamID: lastStreamID)
        phase = .leaving
        hasFailed = true
        input = ByteBuffer()
        headerBlock = nil
        for stream in Array(streams.values) { stream.abandon() }
        isPumpDue = true
    }

    /// Sends what is written, then closes our side and waits a while for the client to close its.
    func closeGracefully() {
        guard let context, phase != .lingering, phase != .closed else { return }
        phase = .lingering
        input = ByteBuffer()
        deadline = .now() + loop.times.linger
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.isOutputClosed = true
            self.deadline = .now() + self.loop.times.linger
            if self.isInputClosed { self.cut() }
        }
        context.flush()
        context.close(mode: .output, promise: promise)
    }

    /// Closes at once, whatever is unsent.
    func cut() {
        context?.close(promise: nil)
    }

    /// First only a word that we are about to go, as requests may be on their way already; the ping
    /// comes back behind them.
    func drain() {
        guard phase == .open, !hasAnnouncedLeaving else {
            leave(.noError)
            return advance()
        }
        hasAnnouncedLeaving = true
        announcedAt = .now()
        control.writeGoAwayFrame(.noError, lastStreamID: 0x7FFF_FFFF)
        control.writePingFrame(0, isAcknowledgement: false)
        advance()
    }
}

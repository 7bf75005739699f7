import EdgeCache
import MediaHTTP
import NIOCore

/// Where the answer comes from: the shared tier, then one origin after another.
extension Fill {
    /// Begins; once, on the fill's event loop.
    package func run() {
        let now = services.clock()
        progress.value.startedAt = now
        progress.value.stale = request.stale
        guard request.stale == nil, !request.isSolo, request.target.kind.usesSharedTier,
            let shared = services.shared
        else { return askOrigin() }
        // The future is on this loop, so its callback is in order with everything else here.
        shared.object(for: request.target.key, on: eventLoop).whenSuccess { object in
            self.resume(withShared: object)
        }
    }

    private func resume(withShared object: CachedObject?) {
        guard let object, isWanted(object) else { return askOrigin() }
        switch object.freshness.state(at: services.clock()) {
        case .fresh, .staleWhileRevalidate:
            count(.shared)
            // Copied into the arena only when it is asked for again.
            let prepared = object.prepared(request.target, services, movesLarge: false)
            services.memory.insert(prepared, for: request.target.key)
            finish(prepared.answer(at: services.clock()), object.head)
        case .staleIfError, .expired:
            progress.value.stale = object
            askOrigin()
        }
    }

    private func isWanted(_ object: CachedObject) -> Bool {
        guard !services.judge.isPurged(object, key: request.target.key) else { return false }
        guard let tag = request.slice?.entityTag else { return true }
        return object.head.entityTag == tag
    }

    /// What the viewer who began it was answered from; those who joined are counted as they come.
    func count(_ source: EdgeMetrics.Source) {
        if request.isForViewer { services.metrics.answered(request.target.kind, from: source) }
    }

    // MARK: - Origins

    func askOrigin() {
        let excluded = progress.value.owner.map(allOrigins(but:)) ?? progress.value.tried
        progress.value.owner = nil
        progress.value.askedAt = services.clock()
        services.metrics.upstreamRequest(request.target.kind)
        progress.value.call = services.upstream.call(
            upstreamRequest(),
            excluding: excluded,
            on: eventLoop,
            receiver: self
        )
    }

    private func upstreamRequest() -> UpstreamRequest {
        var limits = UpstreamTimeLimits()
        limits.connect = services.options.connect
        limits.stall = services.options.stall
        limits.head =
            request.target.kind.isLive
            ? services.options.liveHold : min(services.options.head, remainingBudget)
        var fields = [("X-Request-Id", request.requestID), ("Accept-Encoding", "identity")]
        fields.append(("Surrogate-Capability", "millrace=\"Surrogate/1.0\""))
        if let via = request.via { fields.append(("Via", via)) }
        if let from = progress.value.healingFrom, let tag = progress.value.head?.entityTag {
            fields.append(("Range", rest(from: from)))
            fields.append(("If-Range", "\"\(tag)\""))
        } else if let slice = request.slice {
            fields.append(
                ("Range", "bytes=\(slice.bytes.lowerBound)-\(slice.bytes.upperBound - 1)")
            )
            if let tag = slice.entityTag {
                fields.append(("If-Range", "\"\(tag)\""))
            } else if let tag = progress.value.stale?.head.entityTag {
                fields.append(("If-None-Match", "\"\(tag)\""))
            }
        } else if let tag = progress.value.stale?.head.entityTag {
            fields.append(("If-None-Match", "\"\(tag)\""))
        }
        return UpstreamRequest(target: upstreamTarget, fields: fields, timeLimits: limits)
    }

    /// What a body that broke off lacks, of the whole or of its slice.
    private func rest(from: UInt64) -> String {
        guard let slice = request.slice, let size = progress.value.expectedBytes else {
            return "bytes=\(from)-"
        }
        let start = slice.bytes.lowerBound
        return "bytes=\(start + from)-\(start + size - 1)"
    }

    /// What follows `#` is ours alone.
    private var upstreamTarget: String {
        let text = request.target.key.text
        guard request.slice != nil, let mark = text.firstIndex(of: "#") else { return text }
        return String(text[..<mark])
    }

    private func allOrigins(but origin: OriginID) -> Set<OriginID> {
        Set((0..<services.originCount()).map { OriginID(index: $0) }).subtracting([origin])
    }

    /// Asks the origin that has a live stream, where the one that was asked names it.
    ///
    /// Once, and only for the same path and query at an origin of the configuration: players may
    /// not reach it, and nobody else's word decides whom this edge asks.
    ///
    /// - Returns: false where the redirect is for the player.
    func follows(_ head: UpstreamHead) -> Bool {
        guard request.target.kind.isLive, [302, 307, 308].contains(head.status),
            !progress.value.isRedirected, let location = head.value("location"),
            location.hasSuffix(upstreamTarget),
            let url = OriginURL(text: String(location.dropLast(upstreamTarget.count))),
            let owner = services.originAt(url), owner != head.origin
        else { return false }
        progress.value.isRedirected = true
        progress.value.tried.insert(head.origin)
        progress.value.owner = owner
        progress.value.call?.cancel()
        progress.value.origin = nil
        askOrigin()
        return true
    }

    private var remainingBudget: Duration {
        let used = services.clock() - progress.value.startedAt
        return max(.milliseconds(100), services.options.budget - .milliseconds(used))
    }

    /// Whether another origin may be asked after this one gave nothing.
    var mayTryAnother: Bool {
        progress.value.tried.count < services.originCount()
            && remainingBudget > .milliseconds(100)
    }

    // MARK: - Failures

    package func failed(_ error: UpstreamError) {
        guard !progress.value.isEnded else { return }
        if let origin = progress.value.call?.origin { progress.value.tried.insert(origin) }
        services.metrics.upstreamFailed(error)
        progress.value.call = nil
        guard progress.value.body == nil else { return heal() }
        progress.value.origin = nil
        if error != .noOrigin, mayTryAnother { return askOrigin() }
        giveUp(error)
    }

    /// Nobody answers: what is kept may still be served.
    func giveUp(_ error: UpstreamError) {
        guard !progress.value.isEnded else { return }
        progress.value.isEnded = true
        if let stale = progress.value.stale,
            stale.freshness.state(at: services.clock()) != .expired,
            !services.judge.isPurged(stale, key: request.target.key)
        {
            count(.stale)
            let prepared = stale.prepared(request.target, services)
            return finish(prepared.answer(at: services.clock()), stale.head)
        }
        count(.origin)
        finish(UpstreamFailure.response(error), nil)
    }
}

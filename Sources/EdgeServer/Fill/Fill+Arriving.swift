import EdgeCache
import MediaHTTP
package import NIOCore

/// What an origin answers.
extension Fill {
    package func interim(_ head: UpstreamHead) {}
    package func canSendMore() {}

    package func head(_ head: UpstreamHead) {
        guard !progress.value.isEnded else { return }
        progress.value.origin = head.origin
        if progress.value.healingFrom != nil { return resumeHealing(head) }
        if head.status == 304, let stale = progress.value.stale { return confirm(stale, head) }
        if follows(head) { return }
        if head.status >= 500 {
            progress.value.tried.insert(head.origin)
            services.metrics.upstreamRefused(head.status)
            if mayTryAnother {
                progress.value.call?.cancel()
                progress.value.origin = nil
                return askOrigin()
            }
            // What is kept is better than an error, where its life allows.
            if let stale = progress.value.stale,
                stale.freshness.state(at: services.clock()) != .expired
            {
                progress.value.call?.cancel()
                return giveUp(.closed)
            }
        }
        guard !isUnsliceable(head) else {
            progress.value.call?.cancel()
            progress.value.isEnded = true
            return finishUnsliceable()
        }
        guard isWhatWasAsked(head) else {
            progress.value.call?.cancel()
            return giveUp(.malformed)
        }
        start(head)
    }

    /// Whether the file cannot be put together from slices: its origin gives no ranges, or no tag to
    /// know them by, or one viewer's own.
    private func isUnsliceable(_ head: UpstreamHead) -> Bool {
        guard let slice = request.slice, slice.entityTag == nil else { return false }
        switch head.status {
        case 200: return true
        case 206:
            guard let range = ContentRange(head.value("content-range") ?? "") else { return false }
            let now = services.clock()
            let isWhole = range.bytes == 0..<range.totalSizeBytes
            return !isWhole && StoredHead.strongTag(head) == nil || isCoded(head)
                || services.judge.judge(head, request.target, askedAt: now, now: now)
                    == .doNotStore(shareable: false)
        default: return false
        }
    }

    /// A slice must be the part that was asked for, of the representation it belongs to.
    private func isWhatWasAsked(_ head: UpstreamHead) -> Bool {
        guard let slice = request.slice else { return head.status != 206 }
        switch head.status {
        case 206:
            guard let range = ContentRange(head.value("content-range") ?? ""),
                range.bytes.lowerBound == slice.bytes.lowerBound,
                range.bytes.upperBound == min(slice.bytes.upperBound, range.totalSizeBytes),
                head.contentLengthBytes ?? range.sizeBytes == range.sizeBytes
            else { return false }
            let tag = StoredHead.strongTag(head)
            if let wanted = slice.entityTag { return tag == wanted }
            // Only a tag says what the next slices belong to.
            return tag != nil || range.bytes.upperBound == range.totalSizeBytes
        case 200: return false
        default: return true
        }
    }

    /// The bytes of the body to come, where they are known. RFC 9112 §6.3
    private func bodySizeBytes(_ head: UpstreamHead) -> UInt64? {
        switch head.status {
        case 204, 304: 0
        case 206: ContentRange(head.value("content-range") ?? "")?.sizeBytes
        default: head.contentLengthBytes
        }
    }

    private func start(_ head: UpstreamHead) {
        count(.origin)
        let now = services.clock()
        services.metrics.filled(
            request.target.kind,
            firstByteMilliseconds: now - progress.value.askedAt
        )
        let judgement = services.judge.judge(
            head,
            request.target,
            askedAt: progress.value.askedAt,
            now: now
        )
        let stored = StoredHead(head)
        progress.value.head = stored
        let sizeBytes = bodySizeBytes(head)
        progress.value.expectedBytes = sizeBytes
        let isTooLarge =
            sizeBytes.map { $0 > UInt64(services.options.largestObjectBytes) } ?? false
        if case .doNotStore = judgement { forgetOlder() }
        let template = AnswerTemplate(stored, request.target, bornAt: bornAt(head))
        if judgement != .doNotStore(shareable: false), !isTooLarge, !isCoded(head),
            !request.isSolo
        {
            if case .store(let freshness) = judgement { progress.value.freshness = freshness }
            let body = GrowingBody()
            progress.value.body = body
            // A text is small, and better told whole: compressed, and with what is put into it.
            guard !holdsText else { return }
            return startAnswering(template, body, sizeBytes: sizeBytes)
        }
        let body = GrowingBody(window: window)
        progress.value.body = body
        let passing = PassingBody(body) { self.eventLoop.execute { self.abandon() } }
        finishUnshareable(
            template.response(.source(passing, sizeBytes: sizeBytes), at: now),
            stored
        )
    }

    /// When a cache upstream got it from where it was made; nothing where none says so.
    private func bornAt(_ head: UpstreamHead) -> Int64? {
        guard let text = head.value("age"), text.utf8.count <= 10, let age = Int64(text), age >= 0
        else { return nil }
        return progress.value.askedAt - age * 1000
    }

    /// Compressed although nobody asked for it: for the one who asked, and for no cache.
    private func isCoded(_ head: UpstreamHead) -> Bool {
        head.value("content-encoding").map { $0.lowercased() != "identity" } ?? false
    }

    /// What the origin now answers may not be kept, so what was kept is no longer its answer.
    private func forgetOlder() {
        guard progress.value.stale != nil, progress.value.head.map({ $0.status < 500 }) == true
        else { return }
        services.memory.remove(request.target.key)
        services.shared?.remove(request.target.key)
    }

    /// Nobody is answered before all of a playlist or manifest is there.
    private var holdsText: Bool {
        request.target.kind.isText && progress.value.head?.status == 200 && !request.isSolo
    }

    /// Stops reading upstream while a slow viewer has enough to read.
    ///
    /// The body is the fill's, so it must not hold the fill; while there is more to read, the call
    /// upstream does.
    private var window: GrowingBody.Window {
        GrowingBody.Window(sizeBytes: services.options.windowBytes) { [weak self] in
            guard let self else { return }
            eventLoop.execute { self.progress.value.call?.isReading = true }
        }
    }

    /// The one viewer of a passing body has gone: nobody would ever read on.
    private func abandon() {
        guard !progress.value.isEnded else { return }
        progress.value.isEnded = true
        progress.value.call?.cancel()
        progress.value.call = nil
        progress.value.body?.fail()
    }

    package func body(_ bytes: ByteBuffer) {
        guard let body = progress.value.body, !progress.value.isEnded else { return }
        var bytes = bytes
        if progress.value.skipBytes > 0 {
            let skipped = min(progress.value.skipBytes, UInt64(bytes.readableBytes))
            bytes.moveReaderIndex(forwardBy: Int(skipped))
            progress.value.skipBytes -= skipped
        }
        services.metrics.upstreamBytes(bytes.readableBytes)
        // A part that goes on behind what it said to be is not that part.
        if let expected = progress.value.expectedBytes,
            body.sizeBytes + UInt64(bytes.readableBytes) > expected
        {
            progress.value.call?.cancel()
            return breakOff(body)
        }
        if !body.append(bytes) { progress.value.call?.isReading = false }
        // A body that did not say its length may turn out too large to keep. All that came lies here
        // until its end, so it cannot go on for ever either.
        let largest = UInt64(services.options.largestObjectBytes)
        guard !body.isPassing, body.sizeBytes > largest else { return }
        progress.value.freshness = nil
        guard body.sizeBytes > largest * FillOptions.unsizedFactor else { return }
        progress.value.call?.cancel()
        breakOff(body)
    }

    package func end() {
        guard let body = progress.value.body, !progress.value.isEnded else { return }
        if let expected = progress.value.expectedBytes, body.sizeBytes != expected {
            return failed(.malformed)
        }
        progress.value.isEnded = true
        progress.value.call = nil
        let whole = body.complete(in: request.target.kind.isText ? nil : services.arena)
        guard let head = progress.value.head else { return endWaiting() }
        let object = CachedObject(
            head: head,
            body: whole,
            freshness: progress.value.freshness ?? .none(at: services.clock()),
            kind: kindNumber
        )
        .prepared(request.target, services)
        if progress.value.freshness != nil { keep(object) }
        guard holdsText else { return endWaiting() }
        finish(object.answer(at: services.clock()), head)
    }

    private var kindNumber: UInt8 { request.target.kind.rawValue }

    // MARK: - Keeping

    private func keep(_ object: CachedObject) {
        let key = request.target.key
        services.memory.insert(object, for: key)
        reportWhole(object.body.sizeBytes)
        let life = object.freshness.lastUse - services.clock()
        if request.target.kind.usesSharedTier, object.head.status == 200 || request.slice != nil,
            .milliseconds(life) >= services.options.sharedTierMinimumLife
        {
            services.shared?.store(object, for: key)
        }
        if request.target.kind.isText, object.head.status == 200 {
            if let text = object.body.bytes { services.onText(request.target, text) }
        }
    }

    /// The origin says that what is kept is still what it has. RFC 9111 §4.3.4
    private func confirm(_ stale: CachedObject, _ head: UpstreamHead) {
        progress.value.isEnded = true
        count(.origin)
        services.metrics.revalidated(request.target.kind)
        let judgement = services.judge.judge(
            head.completed(from: stale.head),
            request.target,
            askedAt: progress.value.askedAt,
            now: services.clock()
        )
        guard case .store(let freshness) = judgement else {
            services.memory.remove(request.target.key)
            let prepared = stale.prepared(request.target, services)
            return finish(prepared.answer(at: services.clock()), stale.head)
        }
        let object = CachedObject(
            head: stale.head.updated(by: head),
            body: stale.body,
            freshness: freshness,
            kind: stale.kind
        )
        .prepared(request.target, services)
        services.memory.insert(object, for: request.target.key)
        if request.target.kind.usesSharedTier {
            services.shared?.store(object, for: request.target.key)
        }
        finish(object.answer(at: services.clock()), object.head)
    }

    // MARK: - Healing

    /// Fetches on from where the body broke off, if it can be known to be the same one.
    func heal() {
        guard let body = progress.value.body else { return }
        guard progress.value.heals < services.options.healCount,
            progress.value.head?.entityTag != nil, progress.value.expectedBytes != nil,
            progress.value.head?.status == 200
        else { return breakOff(body) }
        progress.value.heals += 1
        progress.value.healingFrom = body.sizeBytes
        services.metrics.healing()
        // Every origin may be asked again if all were; the one that broke off is asked last.
        if progress.value.tried.count >= services.originCount() { progress.value.tried = [] }
        askOrigin()
    }

    private func resumeHealing(_ head: UpstreamHead) {
        guard let body = progress.value.body, let from = progress.value.healingFrom,
            let stored = progress.value.head, StoredHead.strongTag(head) == stored.entityTag
        else { return stopHealing() }
        switch head.status {
        case 206:
            guard let range = ContentRange(head.value("content-range") ?? ""),
                range == healingRange(from)
            else { return stopHealing() }
            progress.value.skipBytes = 0
        case 200
        where request.slice == nil && head.contentLengthBytes == progress.value.expectedBytes:
            progress.value.skipBytes = body.sizeBytes
        default: return stopHealing()
        }
        progress.value.healingFrom = nil
    }

    /// What a healing answer must be: the rest of the whole, or of the slice of it.
    private func healingRange(_ from: UInt64) -> ContentRange? {
        guard let expected = progress.value.expectedBytes else { return nil }
        guard let start = request.slice?.bytes.lowerBound else {
            return ContentRange(bytes: from..<expected, totalSizeBytes: expected)
        }
        guard let total = progress.value.head?.totalSizeBytes else { return nil }
        return ContentRange(bytes: start + from..<start + expected, totalSizeBytes: total)
    }

    private func stopHealing() {
        progress.value.call?.cancel()
        if let body = progress.value.body { breakOff(body) }
    }

    /// Viewers' connections are closed, so that none takes what it has for the whole.
    private func breakOff(_ body: GrowingBody) {
        if holdsText {
            body.fail()
            return giveUp(.closed)
        }
        progress.value.isEnded = true
        progress.value.call = nil
        body.fail()
        endWaiting()
    }
}

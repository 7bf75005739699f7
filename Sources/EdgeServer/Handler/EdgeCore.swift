import Cryptography
import EdgeCache
package import MediaHTTP
package import NIOCore
import Platform
import Synchronization

/// Answers the media plane: from memory, from the shared tier, from an origin.
///
/// One for the process, called on every event loop.
package final class EdgeCore: Sendable {
    /// How the edges know each other.
    package struct Identity: Hashable, Sendable {
        /// This edge's name in `Via`.
        package var pseudonym = "millrace-edge"
        /// By which an edge behind this one says that it is one; empty: nobody does.
        package var secret = ""

        package init() {}
    }

    package let services: FillServices
    package let fills: FillTable
    package let foresight: Foresight
    package let sliceSizeBytes: UInt64
    private let pseudonym: String
    private let secret: Mutex<[UInt8]>
    /// Asked without the lock, as edges without a secret are many.
    private let hasSecret: Atomic<Bool>

    package init(
        services: FillServices,
        foresight: Foresight,
        sliceSizeBytes: UInt64,
        identity: Identity = Identity()
    ) {
        self.services = services
        self.fills = FillTable(services: services)
        self.foresight = foresight
        self.sliceSizeBytes = sliceSizeBytes
        pseudonym = identity.pseudonym
        secret = Mutex(Array(identity.secret.utf8))
        hasSecret = Atomic(!identity.secret.isEmpty)
    }

    /// Takes another secret, by which edges behind this one say that they are edges.
    package func setSecret(_ text: String) {
        secret.withLock { $0 = Array(text.utf8) }
        hasSecret.store(!text.isEmpty, ordering: .releasing)
    }

    /// The answer to a media request that may be answered.
    ///
    /// - Parameters:
    ///   - target: what is asked for.
    ///   - requestID: of the viewer's request.
    ///   - header: the request's fields by their names in lower case.
    ///   - hint: the path that the player says it will ask for next.
    ///   - eventLoop: the connection's.
    /// - Returns: the answer, for players or for the edge that asks.
    package func answer(
        _ target: MediaTarget,
        requestID: RequestID,
        header: (String) -> String?,
        hint: String? = nil,
        on eventLoop: any EventLoop
    ) -> MediaAnswer {
        let isForEdge = isEdge(header)
        if target.kind == .progressive {
            let via = header("via")
            if isLoop(via) { return .now(UpstreamFailure.loop) }
            return sliced(
                target,
                requestID: requestID,
                via: via,
                isForEdge: isForEdge,
                on: eventLoop
            )
        }
        if target.kind == .vodSegment { foresee(target, hint, requestID, on: eventLoop) }
        let now = services.clock()
        let kept = kept(target.key)
        if let kept {
            switch kept.freshness.state(at: now) {
            case .fresh:
                services.metrics.answered(target.kind, from: .memory)
                if let moved = kept.moved(target, services) {
                    services.memory.insert(moved, for: target.key)
                }
                return .now(kept.answer(at: now).told(kept.head, isForEdge: isForEdge))
            case .staleWhileRevalidate:
                services.metrics.answered(target.kind, from: .stale)
                refresh(target, kept, requestID, on: eventLoop)
                return .now(kept.answer(at: now).told(kept.head, isForEdge: isForEdge))
            case .staleIfError, .expired: break
            }
        }
        var request = FillRequest(target: target, requestID: requestID.description)
        request.stale = kept
        request.via = header("via")
        if isLoop(request.via) { return .now(UpstreamFailure.loop) }
        return fill(request, isForEdge, on: eventLoop)
    }

    private func fill(
        _ request: FillRequest,
        _ isForEdge: Bool,
        on eventLoop: any EventLoop
    ) -> MediaAnswer {
        switch outcome(request, on: eventLoop) {
        case .now(.answer(let response, let head)):
            return .now(response.told(head, isForEdge: isForEdge))
        case .now(.unshareable), .tooLate:
            return .later(solo(request, isForEdge, on: eventLoop))
        case .later(let future):
            return .later(
                future.flatMap { self.response($0, request, isForEdge, on: eventLoop) }
            )
        }
    }

    /// Whether a request has been here before: it would wait for itself.
    private func isLoop(_ via: String?) -> Bool {
        via.map { ViaLoop.contains(pseudonym, [("via", $0)]) } ?? false
    }

    private func isEdge(_ header: (String) -> String?) -> Bool {
        guard hasSecret.load(ordering: .acquiring), let said = header("x-millrace-edge") else {
            return false
        }
        let secret = secret.withLock { $0 }
        return !secret.isEmpty && ConstantTime.isEqual(Array(said.utf8).span, secret.span)
    }

    private func response(
        _ outcome: Fill.Outcome,
        _ request: FillRequest,
        _ isForEdge: Bool,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<MediaResponse> {
        switch outcome {
        case .answer(let response, let head):
            eventLoop.makeSucceededFuture(response.told(head, isForEdge: isForEdge))
        case .unshareable: solo(request, isForEdge, on: eventLoop)
        }
    }

    func kept(_ key: CacheKey) -> CachedObject? {
        services.memory.object(for: key)
    }

    // MARK: - Fills

    /// Joins the fill of a key, or begins it.
    func outcome(_ request: FillRequest, on eventLoop: any EventLoop) -> Fill.Joined {
        // A fill that ends between the look-up and the joining has left the table before: one
        // further turn finds what it left, or begins anew.
        for _ in 0..<3 {
            let (fill, isNew) = fills.fill(request, on: eventLoop)
            let joined = fill.join(on: eventLoop)
            if isNew {
                fill.run()
                return joined
            }
            if case .tooLate = joined {
                guard let kept = kept(request.target.key), kept !== request.stale else { continue }
                services.metrics.answered(request.target.kind, from: .memory)
                return .now(.answer(kept.answer(at: services.clock()), kept.head))
            }
            services.metrics.answered(request.target.kind, from: .joined)
            return joined
        }
        return .tooLate
    }

    /// One viewer's own: for answers that are not to be shared.
    func solo(
        _ request: FillRequest,
        _ isForEdge: Bool,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<MediaResponse> {
        var request = request
        request.isSolo = true
        let fill = fills.solo(request, on: eventLoop)
        let joined = fill.join(on: eventLoop)
        fill.run()
        guard case .later(let future) = joined else {
            return eventLoop.makeSucceededFuture(UpstreamFailure.response(.cancelled))
        }
        return future.map { outcome in
            guard case .answer(let response, let head) = outcome else {
                return UpstreamFailure.response(.cancelled)
            }
            return response.told(head, isForEdge: isForEdge)
        }
    }

    /// Asks for a newer one while the old one is served.
    private func refresh(
        _ target: MediaTarget,
        _ stale: CachedObject,
        _ requestID: RequestID,
        on eventLoop: any EventLoop
    ) {
        guard !fills.contains(target.key) else { return }
        var request = FillRequest(target: target, requestID: requestID.description)
        request.stale = stale
        request.isForViewer = false
        let (fill, isNew) = fills.fill(request, on: eventLoop)
        // Not from within the answer that is being made: the viewer comes first.
        if isNew { eventLoop.execute { fill.run() } }
    }

    // MARK: - Foresight

    private func foresee(
        _ target: MediaTarget,
        _ hint: String?,
        _ requestID: RequestID,
        on eventLoop: any EventLoop
    ) {
        guard let path = foresight.next(after: target.key.text, hint: hint) else { return }
        var next = target
        next.key = CacheKey(path)
        if kept(next.key) != nil || fills.contains(next.key) {
            return foresight.cancelled(path)
        }
        var request = FillRequest(target: next, requestID: requestID.description)
        request.isForViewer = false
        let (fill, isNew) = fills.fill(request, on: eventLoop)
        guard isNew else { return foresight.cancelled(path) }
        let foresight = foresight
        fill.onWhole { foresight.finished(path, bytes: $0) }
        eventLoop.execute { fill.run() }
    }
}

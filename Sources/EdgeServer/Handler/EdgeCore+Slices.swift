import EdgeCache
import MediaHTTP
import NIOCore

/// Large files, kept in slices.
extension EdgeCore {
    /// The first slice says how large the whole is and what its tag is.
    func sliced(
        _ target: MediaTarget,
        requestID: RequestID,
        via: String?,
        isForEdge: Bool,
        on eventLoop: any EventLoop
    ) -> MediaAnswer {
        let key = SlicedBody.key(target.key.text, slice: 0)
        var first = target
        first.key = key
        let now = services.clock()
        let kept = kept(key)
        if let kept, kept.freshness.state(at: now) == .fresh {
            services.metrics.answered(target.kind, from: .memory)
            let response = whole(kept.answer(at: now), kept.head, target, requestID)
            return .now(response.told(kept.head, isForEdge: isForEdge))
        }
        var request = FillRequest(target: first, requestID: requestID.description)
        request.stale = kept
        request.via = via
        request.slice = SliceRange(bytes: 0..<sliceSizeBytes, entityTag: nil)
        let asked = request
        switch outcome(asked, on: eventLoop) {
        case .now(.unshareable):
            return .later(unsliced(asked, target, isForEdge, on: eventLoop))
        case .now(let outcome):
            return .now(whole(outcome, target, requestID, isForEdge))
        case .tooLate:
            return .now(UpstreamFailure.response(.cancelled))
        case .later(let future):
            return .later(
                future.flatMap { outcome in
                    if case .unshareable = outcome {
                        return self.unsliced(asked, target, isForEdge, on: eventLoop)
                    }
                    return eventLoop.makeSucceededFuture(
                        self.whole(outcome, target, requestID, isForEdge)
                    )
                }
            )
        }
    }

    /// All of a file that cannot be had in slices, for one viewer: passed through, not kept.
    private func unsliced(
        _ first: FillRequest,
        _ target: MediaTarget,
        _ isForEdge: Bool,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<MediaResponse> {
        var request = FillRequest(target: target, requestID: first.requestID)
        request.via = first.via
        return solo(request, isForEdge, on: eventLoop)
    }

    private func whole(
        _ outcome: Fill.Outcome,
        _ target: MediaTarget,
        _ requestID: RequestID,
        _ isForEdge: Bool
    ) -> MediaResponse {
        guard case .answer(let response, let head) = outcome else {
            return UpstreamFailure.response(.malformed)
        }
        guard let head else { return response }
        return whole(response, head, target, requestID).told(head, isForEdge: isForEdge)
    }

    /// The answer of the first slice as that of the whole.
    private func whole(
        _ first: MediaResponse,
        _ head: StoredHead,
        _ target: MediaTarget,
        _ requestID: RequestID
    ) -> MediaResponse {
        guard head.status == 200, let total = head.totalSizeBytes, let tag = head.entityTag else {
            return first
        }
        let path = target.key.text
        let body = SlicedBody(
            target: target,
            entityTag: tag,
            totalSizeBytes: total,
            sliceSizeBytes: sliceSizeBytes,
            requestID: requestID.description,
            fetch: { request, loop in self.slice(request, tag, of: path, on: loop) }
        )
        var response = first
        response.body = .source(body, sizeBytes: total)
        return response
    }

    private func slice(
        _ request: FillRequest,
        _ tag: String,
        of path: String,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<MediaBody?> {
        if let kept = kept(request.target.key), kept.head.entityTag == tag {
            services.metrics.answered(request.target.kind, from: .memory)
            return eventLoop.makeSucceededFuture(kept.body.mediaBody(isText: false))
        }
        @Sendable func body(_ outcome: Fill.Outcome) -> MediaBody? {
            guard case .answer(let response, let head) = outcome else { return nil }
            if head?.entityTag == tag, head?.status == 200 { return response.body }
            // That no origin answers says nothing about the file.
            if head != nil || response.status == 502 { forget(path) }
            return nil
        }
        switch outcome(request, on: eventLoop) {
        case .now(let outcome): return eventLoop.makeSucceededFuture(body(outcome))
        case .later(let future): return future.map { body($0) }
        case .tooLate: return eventLoop.makeSucceededFuture(nil)
        }
    }
    /// The origin has another file by now: the next viewer asks for what it has.
    private func forget(_ path: String) {
        let key = SlicedBody.key(path, slice: 0)
        services.memory.remove(key)
        services.shared?.remove(key)
    }
}

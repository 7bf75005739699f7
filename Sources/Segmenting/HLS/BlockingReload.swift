/// Whether a playlist request is answered at once, waits, or is wrong.
///
/// A request without a part asks, by the letter, for a complete segment. Safari asks so for a
/// segment that has not begun and means its first part (`docs/decisions/0012`): where parts are
/// offered, such a request is one for the next part, of that segment at the earliest.
///
/// RFC 8216bis §6.2.5.2
package enum BlockingReload {
    package enum Decision: Hashable, Sendable {
        case now
        /// Until `LiveRendition.hasReached` says so, the stream ends or is lost, or
        /// three target durations have passed: 503.
        case wait(segment: UInt64, part: Int?)
        case badRequest(BadRequest)
    }

    /// Why a request is answered with 400.
    package enum BadRequest: String, Error, Hashable, Sendable, CaseIterable {
        case queryTooLong = "query_too_long"
        case malformedNumber = "malformed_number"
        case repeatedDirective = "repeated_directive"
        case partWithoutSegment = "part_without_segment"
        case segmentTooFarAhead = "segment_too_far_ahead"
        case partTooFarAhead = "part_too_far_ahead"
    }

    /// How many segments ahead of the newest one may be asked for.
    package static let segmentsAhead: UInt64 = 2

    /// How many parts ahead of the newest one may be asked for: three seconds' worth, three at
    /// least.
    package static func advancePartLimit(partTargetMilliseconds target: Int64) -> Int {
        target < 1000 ? Int((3000 + target - 1) / max(target, 1)) : 3
    }

    /// Reads a query and decides.
    ///
    /// - Returns: the decision and, for the answer, which lines may be left out of it.
    package static func decide(
        query text: String,
        _ rendition: LiveRendition,
        in presentation: LivePresentation
    ) -> (decision: Decision, delta: LiveHLSDelta?) {
        // Directives do not count once a stream has ended, not even wrong ones.
        if presentation.isEnded { return (.now, nil) }
        do {
            let query = try LiveQuery(text)
            return (decide(query, rendition, in: presentation), query.delta)
        } catch {
            return (.badRequest(error), nil)
        }
    }

    /// Decides for directives that were read before.
    package static func decide(
        _ query: LiveQuery,
        _ rendition: LiveRendition,
        in presentation: LivePresentation
    ) -> Decision {
        if presentation.isEnded { return .now }
        guard let segment = query.segment else {
            return query.part == nil ? .now : .badRequest(.partWithoutSegment)
        }
        guard let target = presentation.lowLatency.partTargetMilliseconds else {
            return decideWithoutParts(segment, rendition)
        }
        guard let newest = rendition.newest(withParts: true) else {
            // Nothing is listed yet, and numbers go on from what was before a restart: only the
            // time limit ends this wait.
            return rendition.wait(segment: segment, part: query.part ?? 0)
        }
        if segment > newest.segment + segmentsAhead { return .badRequest(.segmentTooFarAhead) }
        guard let part = query.part else {
            return decidePartless(segment, newest.segment, rendition)
        }
        // Of a segment that has not begun, all parts are ahead.
        let ahead = segment > newest.segment ? part + 1 : part - (newest.part ?? -1)
        if segment >= newest.segment, ahead > advancePartLimit(partTargetMilliseconds: target) {
            return .badRequest(.partTooFarAhead)
        }
        if rendition.hasReached(segment: segment, part: part) { return .now }
        return rendition.wait(segment: segment, part: part)
    }

    /// Whether an answer says the same whenever it is asked for, so that caches may keep it for
    /// long: not one to a request without a part whose segment still grows.
    package static func isLasting(_ query: LiveQuery, _ rendition: LiveRendition) -> Bool {
        guard let segment = query.segment else { return false }
        return rendition.hasReached(segment: segment, part: query.part)
    }

    /// A part asked for where there are none stands for its segment.
    private static func decideWithoutParts(
        _ segment: UInt64,
        _ rendition: LiveRendition
    ) -> Decision {
        if let newest = rendition.newest(withParts: false),
            segment > newest.segment + segmentsAhead
        {
            return .badRequest(.segmentTooFarAhead)
        }
        return rendition.hasReached(segment: segment, part: nil)
            ? .now : .wait(segment: segment, part: nil)
    }

    /// The next part and not the whole segment, nor the parts that are there: who asks again
    /// because the segment is not complete waits again, and does not spin.
    private static func decidePartless(
        _ segment: UInt64,
        _ newest: UInt64,
        _ rendition: LiveRendition
    ) -> Decision {
        if rendition.hasReached(segment: segment, part: nil) { return .now }
        guard segment == newest, let open = rendition.segments.last else {
            return rendition.wait(segment: segment, part: 0)
        }
        return rendition.wait(segment: segment, part: open.parts.count)
    }
}

extension LiveRendition {
    /// A part behind the last of a complete segment is the first of the next one.
    fileprivate func wait(segment: UInt64, part: Int) -> BlockingReload.Decision {
        if let last = segments.last, last.number == segment, last.isComplete,
            part >= last.parts.count
        {
            return .wait(segment: segment + 1, part: 0)
        }
        return .wait(segment: segment, part: part)
    }
}

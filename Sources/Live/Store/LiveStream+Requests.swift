package import MediaHTTP
package import NIOCore
package import Segmenting
import Synchronization

/// What a playlist request gets.
package enum LivePlaylistAnswer: Sendable {
    case ready(LiveEdition, LiveSkip, isBlocking: Bool)
    case held(EventLoopFuture<MediaResponse>)
    case badRequest(String)
    case unknownTrack
    /// More wait than may.
    case crowded
}

/// What a request for media gets.
package enum LiveMediaAnswer: Sendable {
    case bytes(ByteBuffer)
    /// The size where it is complete.
    case growing(GrowingSegment, sizeBytes: UInt64?)
    case stored(StoredBody)
    case held(EventLoopFuture<MediaResponse>)
    /// `isPast`: it was there once and never will be again; else it may come.
    case missing(isPast: Bool)
    case crowded
}

/// From any thread, but for those that hold: on the request's event loop.
extension LiveStream {
    /// As the stream is now; nil before there is anything to tell.
    package var edition: LiveEdition? {
        state.withLock { state in
            hasMedia(state) ? edition(&state) : nil
        }
    }

    private func hasMedia(_ state: LiveStreamState) -> Bool {
        state.presentation.renditions.contains { rendition in
            rendition.segments.contains { $0.duration > 0 }
        }
    }

    private func edition(_ state: inout LiveStreamState) -> LiveEdition {
        if let edition = state.edition { return edition }
        let edition = LiveEdition(
            state.presentation,
            timeline: state.timeline,
            windowMicroseconds: state.windowMicroseconds,
            rendering: rendering
        )
        state.edition = edition
        return edition
    }

    /// A media playlist, held until it has what the query asks for.
    ///
    /// - Parameters:
    ///   - track: whose playlist.
    ///   - query: of the request.
    ///   - eventLoop: the request's.
    ///   - respond: makes the answer when a wait is over; shared by all who wait for the same.
    /// - Returns: what is there, or a promise of it.
    package func playlist(
        _ track: LiveTrackID,
        query: String?,
        on eventLoop: any EventLoop,
        respond: @escaping @Sendable (LiveEdition?, LiveSkip, LiveWaitOutcome) -> MediaResponse
    ) -> LivePlaylistAnswer {
        let (answer, sweep) = state.withLock { state -> (LivePlaylistAnswer, Bool) in
            guard state.presentation.renditions.contains(where: { $0.track.id == track }) else {
                return (.unknownTrack, false)
            }
            switch rendering.reload(query: query, of: track, in: state.presentation) {
            case .badRequest(let reason):
                return (.badRequest(reason), false)
            case .now(let skip):
                countRequest(track, &state)
                return (.ready(edition(&state), skip, isBlocking: false), false)
            case .wait(let segment, let part, let skip):
                let condition = LiveCondition.playlist(track, segment: segment, part: part, skip)
                if LiveFacts(state).isMet(condition) {
                    return (.ready(edition(&state), skip, isBlocking: true), false)
                }
                let held = hold(condition, on: eventLoop, &state) { [weak self] outcome in
                    respond(self?.edition, skip, outcome)
                }
                guard let held else { return (.crowded, false) }
                return (.held(held.future), held.needsSweep)
            }
        }
        if sweep { scheduleSweep(in: holdMicroseconds) }
        return answer
    }

    private func countRequest(_ track: LiveTrackID, _ state: inout LiveStreamState) {
        guard state.presentation.renditions.first?.track.id == track else { return }
        state.statistics.requests.add(
            at: clock.steadyMicroseconds,
            periodMicroseconds: Int64(targetDurationSeconds) * 1_000_000
        )
    }

    // MARK: - Media

    package func initialization(
        token: String,
        track: LiveTrackID,
        number: Int
    ) -> ByteBuffer? {
        let key = LiveStreamState.InitializationKey(token: token, track: track, number: number)
        return state.withLock { $0.initializations[key] }
            ?? archive?.initialization(token: token, track: track, number: number)
    }

    /// One part; held where playlists hint at it.
    ///
    /// When a wait is over, `respond` makes the answer, by asking again without an event loop.
    package func part(
        token: String,
        track: LiveTrackID,
        segment: UInt64,
        index: Int,
        on eventLoop: (any EventLoop)?,
        respond: @escaping @Sendable (LiveStream?, LiveWaitOutcome) -> MediaResponse
    ) -> LiveMediaAnswer {
        let condition = LiveCondition.part(token: token, track, segment: segment, index: index)
        return media(condition, on: eventLoop, respond: respond) { state in
            if let entry = state.shelves[track]?.entry(segment, token: token) {
                if let bytes = entry.body.part(index) { return .bytes(bytes) }
            } else if let body = archive?.part(
                token: token,
                track: track,
                number: segment,
                index: index
            ) {
                return .stored(body)
            }
            let facts = LiveFacts(state)
            guard facts.isPartToCome(token, track, segment: segment, index: index) else {
                return .missing(isPast: facts.isPast(token, track, segment: segment))
            }
            return nil
        }
    }

    /// One segment, as far as it is written; held where it is about to begin.
    package func segment(
        token: String,
        track: LiveTrackID,
        number: UInt64,
        on eventLoop: (any EventLoop)?,
        respond: @escaping @Sendable (LiveStream?, LiveWaitOutcome) -> MediaResponse
    ) -> LiveMediaAnswer {
        let condition = LiveCondition.segment(token: token, track, number: number)
        return media(condition, on: eventLoop, respond: respond) { state in
            if let entry = state.shelves[track]?.entry(number, token: token) {
                if entry.body.partCount > 0 {
                    return .growing(entry.body, sizeBytes: entry.body.completeSizeBytes)
                }
            } else if let body = archive?.segment(token: token, track: track, number: number) {
                return .stored(body)
            }
            let facts = LiveFacts(state)
            guard facts.isSegmentToCome(token, track, number) else {
                return .missing(isPast: facts.isPast(token, track, segment: number))
            }
            return nil
        }
    }

    private func media(
        _ condition: LiveCondition,
        on eventLoop: (any EventLoop)?,
        respond: @escaping @Sendable (LiveStream?, LiveWaitOutcome) -> MediaResponse,
        find: (LiveStreamState) -> LiveMediaAnswer?
    ) -> LiveMediaAnswer {
        let (answer, sweep) = state.withLock { state -> (LiveMediaAnswer, Bool) in
            if let found = find(state) { return (found, false) }
            guard let eventLoop else { return (.missing(isPast: false), false) }
            let held = hold(condition, on: eventLoop, &state) { [weak self] outcome in
                respond(self, outcome)
            }
            guard let held else { return (.crowded, false) }
            return (.held(held.future), held.needsSweep)
        }
        if sweep { scheduleSweep(in: holdMicroseconds) }
        return answer
    }

    // MARK: - Holding

    private func hold(
        _ condition: LiveCondition,
        on eventLoop: any EventLoop,
        _ state: inout LiveStreamState,
        respond: @escaping LiveWaiters.Respond
    ) -> (future: EventLoopFuture<MediaResponse>, needsSweep: Bool)? {
        guard state.waiters.count < limits.waiterCount else { return nil }
        let deadline = clock.steadyMicroseconds + holdMicroseconds
        let future = state.waiters.add(condition, on: eventLoop, until: deadline, respond: respond)
        defer { state.isSweepScheduled = true }
        return (future, !state.isSweepScheduled)
    }

    /// One timer for all who wait: it runs when the first one's time is up, and again for the next.
    private func scheduleSweep(in microseconds: Int64) {
        _ = clock.schedule(in: .microseconds(microseconds)) { [weak self] in self?.sweep() }
    }

    private func sweep() {
        let now = clock.steadyMicroseconds
        let (release, next) = state.withLock { state in
            let swept = state.waiters.takeExpired(now: now)
            state.isSweepScheduled = swept.nextDeadline != nil
            return swept
        }
        release.perform()
        if let next { scheduleSweep(in: max(1000, next - now)) }
    }
}

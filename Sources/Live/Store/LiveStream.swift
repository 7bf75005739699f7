import NIOCore
import Platform
package import Segmenting
import Synchronization

/// One live stream: what was published, as bytes and as a presentation, and who waits for more.
///
/// Lives from the first publish until a while after the last one. A publisher's thread brings what
/// its segmenter tells; event loops ask. One lock guards the state, is held for microseconds, and
/// nothing is rendered, sent or resumed under it. The archive is told under it, so that it hears
/// things in their order; it must not block, and must not call back.
package final class LiveStream: Sendable {
    package let id: String
    package let archive: (any LiveArchive)?
    package let targetDurationSeconds: Int
    /// By which edges purge all that they keep of the stream.
    let tagField: [(String, String)]

    let rendering: any LiveRendering
    let limits: LiveStoreLimits
    let clock: any LiveClock
    private let keep: Keep
    let state: Mutex<LiveStreamState>

    /// - Parameters:
    ///   - id: the stream's.
    ///   - continuation: where an earlier life of it ended.
    ///   - targetDurationSeconds: `EXT-X-TARGETDURATION`, for ever.
    ///   - rendering: makes playlists and manifests.
    ///   - archive: where its media is kept on disk, if anywhere.
    ///   - limits: of memory and of waiting.
    ///   - clock: what time it is.
    ///   - keep: keeps where a next life has to go on; called under the lock, must not block.
    package init(
        id: String,
        continuation: LiveContinuation,
        targetDurationSeconds: Int,
        rendering: any LiveRendering,
        archive: (any LiveArchive)?,
        limits: LiveStoreLimits,
        clock: any LiveClock,
        keep: @escaping Keep
    ) {
        self.id = id
        self.archive = archive
        self.targetDurationSeconds = targetDurationSeconds
        self.rendering = rendering
        self.limits = limits
        self.clock = clock
        self.keep = keep
        tagField = [("Cache-Tag", "live-" + id)]
        state = Mutex(
            LiveStreamState(
                continuation: continuation,
                targetDurationSeconds: targetDurationSeconds,
                windowMicroseconds: limits.windowMicroseconds
            )
        )
    }

    /// The longest that a request is held, in microseconds.
    var holdMicroseconds: Int64 {
        Int64(limits.holdTargetDurations * targetDurationSeconds) * 1_000_000
    }

    /// Told where a next life of the stream has to go on: `isExact` when a publish ended, else at
    /// each segment's begin.
    package typealias Keep = @Sendable (LiveContinuation, _ isExact: Bool) -> Void

    /// Tells what an earlier life of the origin told last, so that viewers need not leave while the
    /// encoder is on its way back; before anybody publishes.
    package func restore() {
        let windowMicroseconds = limits.windowMicroseconds
        let target = state.withLock { $0.continuation.partTargetMicroseconds }
        let offer = target.map { LowLatencyOffer.parts(targetMicroseconds: $0) }
        let presentation = archive?.livePresentation(
            lastingMicroseconds: windowMicroseconds,
            lowLatency: offer ?? .none(reason: "nothing was published since the origin started")
        )
        guard let presentation else { return }
        state.withLock { state in
            state.presentation = presentation
            state.timeline.follow(presentation)
        }
    }

    // MARK: - Publishing

    /// Media of another publish is taken from here on; what was open of the one before ends.
    ///
    /// - Returns: where its segmenter has to go on.
    package func beginPublish(token: String, startMicroseconds: Int64) -> LiveContinuation {
        var effects = LiveEffects()
        let continuation = state.withLock { state in
            if state.token != nil { leave(&state, &effects) }
            if state.presentation.isEnded || !state.bridge() {
                state.restart(targetDurationSeconds)
            }
            state.token = token
            state.statistics.publishes += 1
            state.statistics.lastPartMicroseconds = nil
            rendering.begin(&state.presentation, token: token)
            archive?.begin(
                token: token,
                startMicroseconds: startMicroseconds,
                continuation: state.continuation
            )
            state.changed(&effects)
            return state.continuation
        }
        effects.perform()
        return continuation
    }

    /// Takes what a segmenter told, in order.
    ///
    /// - Returns: whether it was taken, and whether there is room for more.
    package func apply(_ actions: [SegmenterAction], token: String) -> LiveAcceptance {
        guard !actions.isEmpty else { return .taken }
        // Bytes are put together before the lock is taken.
        let bytes = actions.map(Self.bytes)
        var effects = LiveEffects()
        let acceptance = state.withLock { state -> LiveAcceptance in
            guard state.token == token else { return .replaced }
            let now = clock.wallMicroseconds
            for (index, action) in actions.enumerated() {
                take(action, bytes[index], now, &state, &effects)
            }
            state.changed(&effects)
            return judge(&state)
        }
        effects.perform()
        return acceptance
    }

    /// Whether there is room for more.
    ///
    /// Where there is not, complete segments go, whoever wants them:
    /// an encoder that is sent away and comes back must find room.
    private func judge(_ state: inout LiveStreamState) -> LiveAcceptance {
        guard state.memoryBytes > limits.mostMemoryBytes else { return .taken }
        trim(&state)
        guard state.memoryBytes > limits.mostMemoryBytes else { return .taken }
        state.forgetComplete()
        return .tooLarge(limitBytes: limits.mostMemoryBytes)
    }

    private func take(
        _ action: SegmenterAction,
        _ bytes: ByteBuffer?,
        _ now: Int64,
        _ state: inout LiveStreamState,
        _ effects: inout LiveEffects
    ) {
        let before = state.continuation
        state.take(action, bytes, &effects)
        rendering.apply(action, token: state.token ?? "", to: &state.presentation)
        // A segment that begins and ends without a part is a gap there too.
        if bytes?.readableBytes != 0 { archive?.receive(action, bytes: bytes) }
        switch action {
        case .part(let part):
            state.count(part, at: now)
            state.forgetStored(archive)
        case .segmentBegan:
            // Of the tracks of a segment, the first one to begin it says all.
            if state.continuation != before { keep(state.continuation, false) }
            state.timeline.follow(state.presentation)
        case .segmentEnded:
            state.statistics.segments += 1
            state.timeline.follow(state.presentation)
            trim(&state)
        case .initialization, .lowLatency, .event: break
        }
    }

    /// A part's header and payload in one, shared by all who serve it from here on.
    private static func bytes(_ action: SegmenterAction) -> ByteBuffer? {
        guard case .part(let part) = action else { return nil }
        var buffer = ByteBufferAllocator().buffer(capacity: part.sizeBytes)
        buffer.writeBytes(part.header)
        buffer.writeBytes(part.payload)
        return buffer
    }

    private func trim(_ state: inout LiveStreamState) {
        rendering.trim(&state.presentation, windowMicroseconds: state.windowMicroseconds)
        state.forget(archive)
        let least = holdMicroseconds
        while state.memoryBytes > limits.memoryBytes {
            state.forgetUnlisted()
            guard state.memoryBytes > limits.memoryBytes, state.windowMicroseconds > least else {
                return
            }
            state.windowMicroseconds = max(least, state.windowMicroseconds / 4 * 3)
            rendering.trim(&state.presentation, windowMicroseconds: state.windowMicroseconds)
        }
    }

    /// A publish is over.
    ///
    /// - Parameters:
    ///   - token: its own; where another publish has taken over, that one goes on.
    ///   - releasesWaiters: whether nobody is about to go on.
    package func endPublish(token: String, releasesWaiters: Bool) {
        var effects = LiveEffects()
        state.withLock { state in
            if state.token == token {
                leave(&state, &effects)
                state.statistics.publisher = nil
                state.statistics.bitrate = 0
                state.statistics.framesPerSecond = 0
                state.changed(&effects)
            }
            // Also where the one that goes last never had its media taken.
            guard releasesWaiters, state.token == nil else { return }
            effects.releases.append(state.waiters.takeAll(.released))
        }
        effects.perform()
    }

    private func leave(_ state: inout LiveStreamState, _ effects: inout LiveEffects) {
        for action in state.closeOpenSegments(&effects) { archive?.receive(action, bytes: nil) }
        state.token = nil
        keep(state.continuation, true)
        archive?.end()
        trim(&state)
    }

    /// Nothing more will come: playlists say so, and nobody waits any longer.
    package func end() {
        var effects = LiveEffects()
        state.withLock { state in
            if state.token != nil { leave(&state, &effects) }
            guard !state.presentation.isEnded else { return }
            rendering.end(&state.presentation)
            state.timeline.follow(state.presentation)
            state.changed(&effects)
            effects.releases.append(state.waiters.takeAll(.released))
        }
        effects.perform()
    }
}

extension LiveStreamState {
    /// Lets the next publish go on where it will; false where it is too far ahead.
    fileprivate mutating func bridge() -> Bool {
        presentation.bridge(
            to: continuation.nextSegmentNumber,
            discontinuitySequence: continuation.discontinuitySequence
        )
    }

    /// A publish behind the stream's end: players have gone, so it is a new presentation, but
    /// numbers go on.
    fileprivate mutating func restart(_ targetDurationSeconds: Int) {
        presentation = LivePresentation(targetDurationSeconds: targetDurationSeconds)
        timeline = LiveDASHTimeline(
            availabilityStartMicroseconds: timeline.availabilityStartMicroseconds
        )
        shelves = [:]
        initializations = [:]
        memoryBytes = 0
    }

    fileprivate mutating func count(_ part: LivePart, at now: Int64) {
        statistics.parts += 1
        statistics.partLatency.observe(
            nanoseconds: UInt64(max(0, now - part.arrivalMicroseconds)) * 1000
        )
        guard let rendition = presentation.renditions.first, rendition.track.id == part.track
        else { return }
        let duration = part.duration * 1_000_000 / Int64(max(1, rendition.track.timescale))
        if let before = statistics.lastPartMicroseconds {
            let lateness = max(0, now - before - duration)
            statistics.partLateness.observe(nanoseconds: UInt64(lateness) * 1000)
        }
        statistics.lastPartMicroseconds = now
    }
}

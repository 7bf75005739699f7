import Segmenting
import Synchronization

/// One stream of the hub, and those who publish it.
///
/// From any thread. Its lock is taken before the stream's, never the other way round.
final class LiveHubEntry: Sendable {
    private struct State {
        var machine: PublisherStateMachine
        var connections: [PublisherStateMachine.ID: any PublisherConnection] = [:]
        var timer: (any LiveTimer)?
        /// Counts what the timer was for, so that one that comes too late does nothing.
        var timerNumber: UInt64 = 0
        var isGone = false
    }

    let stream: LiveStream
    private let configuration: LiveHubConfiguration
    private let clock: any LiveClock
    private let onPhase: @Sendable (LiveHubEntry, Change) -> Void
    private let state: Mutex<State>

    enum Change: Hashable, Sendable {
        case began(LivePublisher)
        /// Nobody publishes; the grace period runs.
        case lost(PublishEnd)
        case ended
        /// It can be forgotten.
        case gone
    }

    init(
        stream: LiveStream,
        configuration: LiveHubConfiguration,
        clock: any LiveClock,
        onPhase: @escaping @Sendable (LiveHubEntry, Change) -> Void
    ) {
        self.stream = stream
        self.configuration = configuration
        self.clock = clock
        self.onPhase = onPhase
        state = Mutex(
            State(
                machine: PublisherStateMachine(
                    takeover: configuration.takeover,
                    frozenMicroseconds: configuration.frozenTime.microseconds
                )
            )
        )
    }

    /// A publisher comes; nil where the entry is about to be forgotten and another one is needed.
    func arrive(
        _ id: PublisherStateMachine.ID,
        _ role: PublishGrant.Role,
        _ connection: any PublisherConnection
    ) -> PublisherStateMachine.Arrival? {
        let (arrival, replaced) = state.withLock {
            state -> (PublisherStateMachine.Arrival?, (any PublisherConnection)?) in
            guard !state.isGone else { return (nil, nil) }
            let arrival = state.machine.arrive(id, role, now: clock.steadyMicroseconds)
            guard arrival != .refused else { return (arrival, nil) }
            state.connections[id] = connection
            cancelTimer(&state)
            guard case .acceptedInPlaceOf(let other) = arrival else { return (arrival, nil) }
            return (arrival, state.connections.removeValue(forKey: other))
        }
        replaced?.close(reason: "another publisher took over")
        return arrival
    }

    /// Waits for a publisher as after one that was lost: an earlier life of the stream had one.
    func expectReturn() {
        state.withLock { state in
            guard state.machine.isEmpty else { return }
            schedule(&state, in: configuration.graceTime) { $0.endStream() }
        }
    }

    /// A publisher has media from a key frame on.
    ///
    /// - Returns: where its segmenter has to go on; nil while another one's media is taken.
    func offer(
        _ id: PublisherStateMachine.ID,
        token: String,
        startMicroseconds: Int64,
        publisher: LivePublisher
    ) -> LiveContinuation? {
        // The stream is told under the lock, so that it follows the last one that was let in.
        let continuation = state.withLock { state -> LiveContinuation? in
            guard state.machine.offer(id, now: clock.steadyMicroseconds) else { return nil }
            return stream.beginPublish(token: token, startMicroseconds: startMicroseconds)
        }
        guard let continuation else { return nil }
        stream.update(token) { $0.publisher = publisher }
        onPhase(self, .began(publisher))
        return continuation
    }

    func touch(_ id: PublisherStateMachine.ID, now: Int64) {
        state.withLock { $0.machine.touch(id, now: now) }
    }

    func leave(_ id: PublisherStateMachine.ID, token: String, _ end: PublishEnd) {
        let departure = state.withLock { state in
            state.connections[id] = nil
            let departure = state.machine.leave(id)
            stream.endPublish(token: token, releasesWaiters: departure == .nobodyLeft)
            if departure == .nobodyLeft {
                let grace =
                    end == .unpublished
                    ? configuration.graceTimeAfterUnpublish : configuration.graceTime
                schedule(&state, in: grace) { $0.endStream() }
            }
            return departure
        }
        if departure == .nobodyLeft { onPhase(self, .lost(end)) }
    }

    /// Ends it now, whoever publishes.
    func close(reason: String) {
        let connections = state.withLock { Array($0.connections.values) }
        for connection in connections { connection.close(reason: reason) }
    }

    // MARK: - After the last publisher

    private func endStream() {
        // The stream is told under the lock: one who comes this moment must not be ended.
        let isEnded = state.withLock { state in
            guard state.machine.isEmpty else { return false }
            stream.end()
            schedule(&state, in: configuration.endedTime) { $0.forget() }
            return true
        }
        if isEnded { onPhase(self, .ended) }
    }

    private func forget() {
        let isGone = state.withLock { state in
            state.isGone = state.machine.isEmpty
            return state.isGone
        }
        if isGone { onPhase(self, .gone) }
    }

    private func schedule(
        _ state: inout State,
        in delay: Duration,
        _ work: @escaping @Sendable (LiveHubEntry) -> Void
    ) {
        cancelTimer(&state)
        let number = state.timerNumber
        state.timer = clock.schedule(in: delay) { [weak self] in
            guard let self else { return }
            let isDue = self.state.withLock { $0.timerNumber == number && $0.machine.isEmpty }
            if isDue { work(self) }
        }
    }

    private func cancelTimer(_ state: inout State) {
        state.timer?.cancel()
        state.timer = nil
        state.timerNumber += 1
    }
}

extension Duration {
    var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}

import Histogram
import NIOCore

/// One place in the crowd: a player and its connections, session after session.
///
/// Used on its event loop only.
final class Viewer {
    private struct Lane {
        var connection: ViewerConnection?
        /// Of the connection or the attempt at one; an old one's end changes nothing.
        var connectionID = 0
        var deadline = NIODeadline.distantFuture
        var redirects = 0
        var hasRetried = false
    }

    private unowned let loop: CrowdLoop
    private let number: Int
    private let prefix: String
    private var player: (any Player)?
    private var lanes: [Lane] = []
    private var wake: Scheduled<Void>?
    private var wakeAt: NIODeadline?
    /// Counts sessions, so that what comes late for an old one is dropped.
    private var session = 0
    private var connectionCount = 0
    private var rebuffers = 0
    private var hasStarted = false

    init(loop: CrowdLoop, number: Int, prefix: String) {
        self.loop = loop
        self.number = number
        self.prefix = prefix
    }

    func startSession() {
        let now = NIODeadline.now()
        session += 1
        rebuffers = 0
        hasStarted = false
        player = loop.player(prefix: prefix, now: now)
        loop.tally.sessions += 1
        var output = PlayerOutput()
        player?.begin(now, &output)
        act(on: output, now)
    }

    func checkTime(_ now: NIODeadline) {
        for index in lanes.indices where lanes[index].deadline < now {
            if let connection = lanes[index].connection {
                connection.fail(.timedOut)
            }
        }
    }

    func stop(_ now: NIODeadline) {
        wake?.cancel()
        endSession(now)
    }

    private func endSession(_ now: NIODeadline) {
        session += 1
        for lane in lanes { lane.connection?.cut() }
        lanes = []
        if let player { count(player, now) }
        player = nil
    }

    private func count(_ player: any Player, _ now: NIODeadline) {
        let quality = player.quality
        loop.tally.switches += UInt64(quality.switches)
        loop.tally.seeks += UInt64(quality.seeks)
        loop.tally.fetchedSeconds += quality.fetchedSeconds
        loop.tally.weightedBits += quality.weightedBits
        if quality.hasFailed { loop.tally.failedSessions += 1 }
        guard var playback = player.playback else { return }
        playback.stop(now)
        loop.tally.rebufferSeconds += Double(playback.rebufferTime.nanoseconds) / 1e9
        loop.tally.playedSeconds += playback.playedSeconds
    }

    // MARK: - The player's wishes

    private func act(on output: PlayerOutput, _ now: NIODeadline) {
        for fault in output.faults { loop.tally.count(fault, at: "viewer \(number)") }
        noteQuality()
        guard !output.isFinished else { return leave(now) }
        for fetch in output.fetches { start(fetch) }
        if let time = output.wakeAt { schedule(time) }
    }

    private func noteQuality() {
        guard let playback = player?.playback else { return }
        if !hasStarted, let time = playback.startupTime {
            hasStarted = true
            loop.tally.startup.record(LoopTally.clamped(time.wholeMicroseconds))
        }
        if playback.rebufferCount > rebuffers {
            loop.tally.rebuffers += UInt64(playback.rebufferCount - rebuffers)
            rebuffers = playback.rebufferCount
        }
    }

    /// Ends the session; the next viewer takes the place a little later.
    private func leave(_ now: NIODeadline) {
        endSession(now)
        let pause = loop.random.exponential(mean: 0.2)
        schedule(now + .nanoseconds(Int64(min(pause, 2) * 1e9)), startsSession: true)
    }

    private func schedule(_ time: NIODeadline, startsSession: Bool = false) {
        if let wakeAt, wakeAt <= time, wakeAt > .now(), !startsSession { return }
        wake?.cancel()
        wakeAt = time
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        wake = loop.eventLoop.scheduleTask(deadline: time) {
            let viewer = bound.value
            viewer.wakeAt = nil
            if startsSession { viewer.startSession() } else { viewer.wakePlayer() }
        }
    }

    private func wakePlayer() {
        let now = NIODeadline.now()
        var output = PlayerOutput()
        player?.woke(now, &output)
        act(on: output, now)
    }

    // MARK: - Requests

    private func start(_ fetch: Fetch) {
        while lanes.count <= fetch.lane { lanes.append(Lane()) }
        lanes[fetch.lane].redirects = 0
        lanes[fetch.lane].hasRetried = false
        send(fetch)
    }

    private func send(_ fetch: Fetch) {
        let now = NIODeadline.now()
        let seconds = loop.options.requestSeconds * (fetch.kind.isHeld ? 3 : 1)
        lanes[fetch.lane].deadline = now + .nanoseconds(Int64(seconds * 1e9))
        if let connection = lanes[fetch.lane].connection {
            return send(fetch, on: connection, now)
        }
        let session = session
        let lane = fetch.lane
        connectionCount += 1
        let id = connectionCount
        lanes[lane].connectionID = id
        let connection = ViewerConnection(shared: loop.shared) { [weak self] in
            guard let self, self.session == session, self.lanes[lane].connectionID == id else {
                return
            }
            self.lanes[lane].connection = nil
        }
        let future = loop.connect(connection, number: number)
        future.assumeIsolated().whenComplete { [self] result in
            guard self.session == session else {
                return connection.cut()
            }
            switch result {
            case .success:
                lanes[lane].connection = connection
                send(fetch, on: connection, now)
            case .failure:
                finished(fetch, .failure(.connectFailed), sentAt: now)
            }
        }
    }

    private func send(_ fetch: Fetch, on connection: ViewerConnection, _ now: NIODeadline) {
        let session = session
        let request = loop.request(fetch)
        connection.send(request, keepsText: fetch.kind.keepsText, at: now) { [weak self] result in
            guard let self, self.session == session else { return }
            let lane = fetch.lane
            if case .failure(let fault) = result {
                lanes[lane].connection = nil
                if fault == .connectionLost, connection.mayRetry, !lanes[lane].hasRetried {
                    lanes[lane].hasRetried = true
                    return send(fetch)
                }
            }
            finished(fetch, result, sentAt: now)
        }
    }

    private func finished(
        _ fetch: Fetch,
        _ result: Result<ViewerConnection.Answer, ResponseFault>,
        sentAt: NIODeadline
    ) {
        let now = NIODeadline.now()
        lanes[fetch.lane].deadline = .distantFuture
        if case .success(let answer) = result, let address = redirection(answer.head, fetch) {
            lanes[fetch.lane].redirects += 1
            var next = fetch
            next.address = address
            return send(next)
        }
        var reply = Reply(fetch, sentAt: sentAt, endedAt: now)
        loop.judge(result, &reply, prefix: prefix)
        if let fault = reply.fault { loop.tally.count(fault, at: fetch.address) }
        var output = PlayerOutput()
        player?.received(reply, now, &output)
        act(on: output, now)
    }

    /// Where a redirect leads; nil where it is none that is followed.
    private func redirection(_ head: ResponseHead, _ fetch: Fetch) -> String? {
        guard [301, 302, 303, 307, 308].contains(head.status), let location = head.location,
            lanes[fetch.lane].redirects < CrowdLimits.redirects
        else { return nil }
        return Address.resolve(
            location,
            from: fetch.address,
            authority: loop.options.target.authority
        )
    }
}

extension TimeAmount {
    var wholeMicroseconds: UInt64 { UInt64(max(nanoseconds, 0) / 1000) }
}

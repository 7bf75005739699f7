package import NIOCore

/// Media that a player holds, and how it runs dry.
///
/// Media time in seconds; `speed` seconds of it pass in one second of the clock. Playback starts
/// when every track has its first media, and again after a stall.
package struct PlaybackBuffer: Sendable {
    private enum Phase: Equatable {
        case starting(since: NIODeadline)
        case playing
        case stalled(since: NIODeadline)
        case seeking(since: NIODeadline)
    }

    private let speed: Double
    private var phase: Phase
    private var updatedAt: NIODeadline
    private var endSeconds: [Double]
    /// The last track's last media is here: running dry is the end, not a stall.
    package var isComplete = false

    package private(set) var positionSeconds = 0.0
    /// From the session's start to its first picture.
    package private(set) var startupTime: TimeAmount?
    package private(set) var rebufferCount = 0
    /// On the clock.
    package private(set) var rebufferTime = TimeAmount.zero
    package private(set) var playedSeconds = 0.0
    package private(set) var lastSeekTime: TimeAmount?

    package init(tracks: Int, speed: Double, now: NIODeadline) {
        self.speed = speed
        endSeconds = Array(repeating: 0, count: tracks)
        phase = .starting(since: now)
        updatedAt = now
    }

    /// Media ahead of the position, in the track that has least.
    package var levelSeconds: Double { (endSeconds.min() ?? 0) - positionSeconds }
    package var isPlaying: Bool { phase == .playing }
    package func end(track: Int) -> Double { endSeconds[track] }

    /// Plays up to now.
    package mutating func advance(to now: NIODeadline) {
        defer { updatedAt = max(now, updatedAt) }
        guard phase == .playing, now > updatedAt else { return }
        let passed = Double((now - updatedAt).nanoseconds) / 1e9 * speed
        let level = max(levelSeconds, 0)
        guard passed > level else {
            positionSeconds += passed
            playedSeconds += passed
            return
        }
        positionSeconds += level
        playedSeconds += level
        guard !isComplete else { return }
        let dryAt = updatedAt + .nanoseconds(Int64(level / speed * 1e9))
        rebufferCount += 1
        phase = .stalled(since: dryAt)
    }

    /// Adds media to a track.
    package mutating func append(_ seconds: Double, track: Int, now: NIODeadline) {
        advance(to: now)
        endSeconds[track] += seconds
        guard levelSeconds > 0 else { return }
        switch phase {
        case .playing: return
        case .starting(let since): startupTime = now - since
        case .stalled(let since): rebufferTime = rebufferTime + (now - since)
        case .seeking(let since): lastSeekTime = now - since
        }
        phase = .playing
    }

    /// Drops what is held and goes to another time; each track starts at its segment there.
    package mutating func seek(to seconds: Double, starts: [Double], now: NIODeadline) {
        advance(to: now)
        positionSeconds = max(seconds, starts.max() ?? seconds)
        endSeconds = starts
        isComplete = false
        if startupTime != nil { phase = .seeking(since: now) }
    }

    /// Adds a track, before anything is played.
    mutating func addTrack() {
        endSeconds.append(0)
    }

    /// Puts a track's end where its next media starts, without a seek.
    mutating func place(track: Int, endSeconds seconds: Double) {
        endSeconds[track] = seconds
    }

    /// Closes an open stall, so that it counts; for the end of a session.
    package mutating func stop(_ now: NIODeadline) {
        advance(to: now)
        if case .stalled(let since) = phase {
            rebufferTime = rebufferTime + (now - since)
            phase = .stalled(since: now)
        }
    }

    /// When the level will be down to `level`, if nothing is added.
    package func time(ofLevel level: Double, now: NIODeadline) -> NIODeadline {
        let seconds = max(levelSeconds - level, 0) / speed
        return now + .nanoseconds(Int64(seconds * 1e9) + 1_000_000)
    }
}

package import NIOCore

/// What a player wants done after an event.
package struct PlayerOutput {
    package var fetches: [Fetch] = []
    /// When to wake the player, in place of any earlier such wish.
    package var wakeAt: NIODeadline?
    package var faults: [ResponseFault] = []
    /// The session is over; nothing more is asked for.
    package var isFinished = false

    package init() {}

    mutating func wake(_ time: NIODeadline) {
        wakeAt = wakeAt.map { min($0, time) } ?? time
    }
}

/// A viewer's behaviour over one session: events in, wishes out; no I/O, no clock.
///
/// Each fetch is answered by one `received`. `woke` may come without need.
package protocol Player {
    mutating func begin(_ now: NIODeadline, _ output: inout PlayerOutput)
    mutating func received(_ reply: Reply, _ now: NIODeadline, _ output: inout PlayerOutput)
    mutating func woke(_ now: NIODeadline, _ output: inout PlayerOutput)
    /// What was seen so far, where something is played.
    var playback: PlaybackBuffer? { get }
    var quality: QualityFacts { get }
}

/// What a session's quality was beside its buffer.
package struct QualityFacts: Sendable, Equatable {
    package var switches = 0
    package var seeks = 0
    /// Media seconds fetched, and the same weighted by bits per second.
    package var fetchedSeconds = 0.0
    package var weightedBits = 0.0
    package var hasFailed = false

    mutating func fetched(seconds: Double, bandwidth: Int) {
        fetchedSeconds += seconds
        weightedBits += seconds * Double(bandwidth)
    }
}

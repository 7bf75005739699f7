/// How far a connection is, and so what its time limit is.
enum RTMPConnectionPhase: UInt8, Sendable {
    /// TLS and RTMP.
    case handshake
    /// Commands, up to `publish`.
    case commands
    case publishing
    /// Reads why it was sent away.
    case farewell
}

/// Says when a connection's time is up; a look at it now and then is enough.
///
/// Limits are absolute within a phase: bytes that drip in do not move them. Only a publisher's whole
/// messages do.
struct RTMPConnectionWatch: Sendable {
    private let limits: RTMPLimits
    private let accepted: ContinuousClock.Instant
    private var phase = RTMPConnectionPhase.handshake
    /// When this phase began, or the last message was seen in it.
    private var since: ContinuousClock.Instant
    private var messageCount: UInt64 = 0

    init(limits: RTMPLimits, accepted: ContinuousClock.Instant) {
        self.limits = limits
        self.accepted = accepted
        since = accepted
    }

    /// Whether its time is up.
    ///
    /// - Parameters:
    ///   - phase: where it is now.
    ///   - messageCount: media and data messages so far.
    ///   - now: never before the last call's.
    /// - Returns: true from the end of the phase's limit on.
    mutating func isOver(
        phase: RTMPConnectionPhase,
        messageCount: UInt64,
        now: ContinuousClock.Instant
    ) -> Bool {
        if phase != self.phase {
            // The time up to `publish` runs from the connection, handshake and all.
            since = self.phase == .handshake && phase == .commands ? accepted : now
            self.phase = phase
        }
        if messageCount != self.messageCount {
            self.messageCount = messageCount
            since = now
        }
        return now - since >= limit
    }

    private var limit: Duration {
        switch phase {
        case .handshake: limits.handshake
        case .commands: limits.publish
        case .publishing: limits.silence
        case .farewell: limits.farewell
        }
    }
}

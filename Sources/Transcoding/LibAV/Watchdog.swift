/// Says when the demuxer has made no progress for too long.
///
/// Progress is a packet handed out, or a byte read further into the file than any before.
final class Watchdog {
    private let limit: Duration
    private let now: () -> ContinuousClock.Instant
    private var lastProgress: ContinuousClock.Instant

    init(
        limit: Duration,
        now: @escaping () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.limit = limit
        self.now = now
        self.lastProgress = now()
    }

    func progressed() {
        lastProgress = now()
    }

    var isExpired: Bool { now() - lastProgress > limit }
}

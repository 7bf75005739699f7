/// Says when the demuxer has made no progress for too long.
///
/// Progress is a packet handed out, or a byte read further into the file than any before.
package final class Watchdog {
    private let limit: Duration
    private let now: () -> ContinuousClock.Instant
    private var lastProgress: ContinuousClock.Instant

    package init(
        limit: Duration,
        now: @escaping () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.limit = limit
        self.now = now
        self.lastProgress = now()
    }

    package func progressed() {
        lastProgress = now()
    }

    package var isExpired: Bool { now() - lastProgress > limit }
}

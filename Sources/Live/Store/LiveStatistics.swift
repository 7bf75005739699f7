package import Platform

/// Who publishes a stream now.
package struct LivePublisher: Hashable, Sendable {
    package var clientAddress: String
    package var encoder: String
    package var role: PublishGrant.Role
    package var isSecure: Bool
    /// Microseconds since 1970.
    package var sinceMicroseconds: Int64

    package init(
        clientAddress: String,
        encoder: String,
        role: PublishGrant.Role,
        isSecure: Bool,
        sinceMicroseconds: Int64
    ) {
        self.clientAddress = clientAddress
        self.encoder = encoder
        self.role = role
        self.isSecure = isSecure
        self.sinceMicroseconds = sinceMicroseconds
    }
}

/// What a source counts from a publish's begin.
package struct LiveSourceFigures: Hashable, Sendable {
    package var bytes: UInt64 = 0
    package var videoFrames: UInt64 = 0
    package var audioFrames: UInt64 = 0
    /// Between the newest two key frames; 0 before there were two.
    package var keyFrameDistanceMicroseconds: Int64 = 0
    /// Timestamps that went on elsewhere.
    package var jumps: UInt64 = 0
    package var healedGaps: UInt64 = 0
    package var dropped: UInt64 = 0
    package var encoder = ""
    package var width = 0
    package var height = 0

    package init() {}
}

/// A stream's figures, as `status` and `/metrics` tell them.
package struct LiveStatistics: Sendable {
    package var publisher: LivePublisher?
    package var source = LiveSourceFigures()
    /// Over the last seconds; 0 while nobody publishes.
    package var bitrate = 0
    package var framesPerSecond = 0.0
    package var parts: UInt64 = 0
    package var segments: UInt64 = 0
    package var publishes: UInt64 = 0
    /// From a part's last sample's arrival to the moment it can be had.
    package let partLatency = LatencyHistogram()
    /// How much later than the part before plus its own duration a part came.
    package let partLateness = LatencyHistogram()
    /// Requests for media playlists that were not held, in this period and in the one before.
    var requests = RecentCount()
    /// When the newest part of the first track came; nil at a publish's begin.
    var lastPartMicroseconds: Int64?

    init() {}
}

/// Counts what happened in the last period, to within one period.
struct RecentCount: Sendable {
    private var period: Int64 = 0
    private var current = 0
    private var before = 0

    mutating func add(at now: Int64, periodMicroseconds: Int64) {
        roll(to: now / max(1, periodMicroseconds))
        current += 1
    }

    /// In the period that ended last.
    mutating func count(at now: Int64, periodMicroseconds: Int64) -> Int {
        roll(to: now / max(1, periodMicroseconds))
        return max(before, current)
    }

    private mutating func roll(to number: Int64) {
        guard number != period else { return }
        before = number == period + 1 ? current : 0
        current = 0
        period = number
    }
}

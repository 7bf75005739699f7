import NIOCore

/// Counts what costs us more than the client, and says when it is too much.
///
/// Resets (CVE-2023-44487), pings, settings, empty frames: each is legal, and a few are usual.
struct HTTP2Flood {
    enum Kind: Int, CaseIterable {
        /// A stream that the client, or a fault of its, ended early.
        case reset
        /// A frame that carries nothing of a request.
        case control
    }

    private let limits: [Int]
    private let interval: TimeAmount
    private var counts = [0, 0]
    private var since = NIODeadline.now()

    init(_ limits: MediaLimits) {
        self.limits = [limits.streamResetCount, limits.controlFrameCount]
        self.interval = TimeAmount(limits.floodTime)
    }

    /// - Throws: `enhanceYourCalm` above the limit.
    mutating func count(_ kind: Kind) throws(HTTP2Fault) {
        counts[kind.rawValue] += 1
        guard counts[kind.rawValue] > limits[kind.rawValue] else { return }
        // The clock is asked only where it matters.
        let now = NIODeadline.now()
        guard now - since >= interval else { throw .connection(.enhanceYourCalm) }
        since = now
        counts = [0, 0]
    }
}

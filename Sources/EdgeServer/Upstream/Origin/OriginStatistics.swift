import Platform

/// What happened with one origin; counted from any thread.
final class OriginStatistics: Sendable {
    let calls = Counter()
    let openConnections = Gauge()
    let idleConnections = Gauge()
    let connectionsOpened = Counter()
    /// Idle connections that were gone when a call met them, and were replaced.
    let retries = Counter()
    /// From the call to the answer's head.
    let firstByte = LatencyHistogram()
    private let errors: [UpstreamError: Counter]

    init() {
        errors = Dictionary(uniqueKeysWithValues: Self.errorCases.map { ($0, Counter()) })
    }

    func count(_ error: UpstreamError) {
        errors[error]?.add()
    }

    var errorCounts: [(error: UpstreamError, count: UInt64)] {
        Self.errorCases.map { ($0, errors[$0]?.value ?? 0) }
    }

    private static let errorCases: [UpstreamError] = [
        .noOrigin, .tooManyCalls, .cannotConnect, .timedOut, .closed, .malformed, .cancelled,
    ]
}

internal import Platform

/// What an RTMP server has done so far, and holds now.
package struct RTMPStatistics: Hashable, Sendable {
    /// Accepted since the start.
    package var connectionCount: UInt64
    package var openConnectionCount: Int
    /// Publishes since the start.
    package var publishCount: UInt64
    package var publisherCount: Int
    /// Bodies of media and data messages.
    package var mediaByteCount: UInt64
    package var mediaMessageCount: UInt64
    /// Publishes that ended because nothing came any more.
    package var silenceCount: UInt64
    /// Headers of chunks that librtmp was not shown.
    package var guardRefusalCount: UInt64
    /// Connections whose encoder omits extended timestamps.
    package var omittedTimestampCount: UInt64
    /// By reason; a reason that never came up is 0.
    package var refusals: [RTMPRefusalReason: UInt64]
}

/// The numbers behind `RTMPStatistics`; from any thread.
final class RTMPCounters: Sendable {
    let connections = Counter()
    let openConnections = Gauge()
    let publishes = Counter()
    let publishers = Gauge()
    let mediaBytes = Counter()
    let mediaMessages = Counter()
    let silences = Counter()
    let guardRefusals = Counter()
    let omittedTimestamps = Counter()
    private let refusals = RTMPRefusalReason.allCases.map { ($0, Counter()) }

    func refuse(_ reason: RTMPRefusalReason) {
        refusals.first { $0.0 == reason }?.1.add()
    }

    var snapshot: RTMPStatistics {
        RTMPStatistics(
            connectionCount: connections.value,
            openConnectionCount: Int(openConnections.value),
            publishCount: publishes.value,
            publisherCount: Int(publishers.value),
            mediaByteCount: mediaBytes.value,
            mediaMessageCount: mediaMessages.value,
            silenceCount: silences.value,
            guardRefusalCount: guardRefusals.value,
            omittedTimestampCount: omittedTimestamps.value,
            refusals: Dictionary(uniqueKeysWithValues: refusals.map { ($0.0, $0.1.value) })
        )
    }
}

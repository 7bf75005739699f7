package import Histogram

/// What the viewers of one loop measured.
///
/// A value: each loop fills its own and hands it over once a second.
package struct LoopTally: Sendable {
    package typealias Latencies = Histogram<UInt32>

    /// Microseconds up to this are told apart; longer ones count as this.
    package static let highestMicroseconds: UInt64 = 60_000_000

    package var requests: UInt64 = 0
    package var bytes: UInt64 = 0
    package var connections: UInt64 = 0
    package var sessions: UInt64 = 0
    package var failedSessions: UInt64 = 0
    package var rebuffers: UInt64 = 0
    package var rebufferSeconds = 0.0
    package var playedSeconds = 0.0
    package var switches: UInt64 = 0
    package var seeks: UInt64 = 0
    package var fetchedSeconds = 0.0
    package var weightedBits = 0.0
    package var verifiedBodies: UInt64 = 0
    package var referencedBodies: UInt64 = 0
    package var faults: [String: UInt64] = [:]
    package var wrongBodies: UInt64 = 0
    /// The first few faults with their addresses.
    package var examples: [String] = []

    /// To the first byte, by kind.
    package var firstByte: [ResourceKind: Latencies] = [:]
    /// To the first byte of all that is not held.
    package var headline = LoopTally.histogram()
    /// To the last byte, likewise.
    package var total = LoopTally.histogram()
    /// From the session's start to its first picture.
    package var startup = LoopTally.histogram()
    /// Behind the first viewer that had the same part or blocking playlist.
    package var partLag = LoopTally.histogram()
    package var playlistLag = LoopTally.histogram()
    /// How late the crowd's own loops were: what it measures is not better than this.
    package var lateness = LoopTally.histogram()

    private static let exampleCount = 12

    package init() {}

    package static func histogram() -> Latencies {
        Latencies(
            lowestDiscernibleValue: 1,
            highestTrackableValue: highestMicroseconds,
            numberOfSignificantValueDigits: .two
        )
    }

    package mutating func count(_ fault: ResponseFault, at address: String) {
        faults[fault.name, default: 0] += 1
        if fault.isWrongBytes { wrongBodies += 1 }
        if examples.count < Self.exampleCount { examples.append("\(fault.name): \(address)") }
    }

    package var faultCount: UInt64 { faults.values.reduce(0, +) }

    package mutating func record(kind: ResourceKind, microseconds: UInt64) {
        firstByte[kind, default: Self.histogram()].record(Self.clamped(microseconds))
    }

    package static func clamped(_ microseconds: UInt64) -> UInt64 {
        min(max(microseconds, 1), highestMicroseconds)
    }

    /// Adds what another loop, or a later second, measured.
    package mutating func add(_ other: LoopTally) {
        requests += other.requests
        bytes += other.bytes
        connections += other.connections
        sessions += other.sessions
        failedSessions += other.failedSessions
        rebuffers += other.rebuffers
        rebufferSeconds += other.rebufferSeconds
        playedSeconds += other.playedSeconds
        switches += other.switches
        seeks += other.seeks
        fetchedSeconds += other.fetchedSeconds
        weightedBits += other.weightedBits
        verifiedBodies += other.verifiedBodies
        referencedBodies += other.referencedBodies
        faults.merge(other.faults, uniquingKeysWith: +)
        wrongBodies += other.wrongBodies
        examples = Array((examples + other.examples).prefix(Self.exampleCount))
        for (kind, latencies) in other.firstByte {
            firstByte[kind, default: Self.histogram()].add(latencies)
        }
        headline.add(other.headline)
        total.add(other.total)
        startup.add(other.startup)
        partLag.add(other.partLag)
        playlistLag.add(other.playlistLag)
        lateness.add(other.lateness)
    }
}

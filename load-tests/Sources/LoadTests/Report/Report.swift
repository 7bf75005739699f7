package import Foundation
import Histogram

/// A run as it is written down.
package struct Report: Codable, Sendable {
    package struct Fact: Codable, Sendable {
        package var name: String
        package var value: String
    }

    package struct Latency: Codable, Sendable {
        package var name: String
        package var summary: LatencySummary

        /// Whether it belongs beside the others in a plot: a server's doing, and not held.
        var isPlotted: Bool {
            !ResourceKind.allCases.contains { $0.isHeld && $0.name == name }
                && name != Report.ownDelay
        }
    }

    static let ownDelay = "the crowd's own delay"

    package var scenario: String
    package var target: String
    package var seed: UInt64
    package var viewers: Int
    package var seconds: Double
    package var speed: Double
    package var requests: UInt64
    package var bytes: UInt64
    package var sessions: UInt64
    package var failedSessions: UInt64
    package var rebuffers: UInt64
    package var rebufferRatio: Double
    package var meanBitrate: Double
    package var verifiedBodies: UInt64
    package var wrongBodies: UInt64
    package var resources: Int
    package var upstream: UpstreamCounts?
    package var facts: [Fact] = []
    package var latencies: [Latency] = []
    package var processes: [ProcessSummary]
    package var faults: [String: UInt64]
    package var faultExamples: [String]
    package var samples: [Sample]
    /// Thresholds that the run broke.
    package var broken: [String]

    package init(_ result: CrowdResult, thresholds: Thresholds) {
        let tally = result.tally
        scenario = result.options.scenario.rawValue
        target = result.options.target.authority
        seed = result.options.seed
        viewers = result.options.viewers
        seconds = result.seconds
        speed = result.options.players.speed
        requests = tally.requests
        bytes = tally.bytes
        sessions = tally.sessions
        failedSessions = tally.failedSessions
        rebuffers = tally.rebuffers
        rebufferRatio = result.rebufferRatio
        meanBitrate = result.meanBitrate
        verifiedBodies = tally.verifiedBodies
        wrongBodies = tally.wrongBodies
        resources = result.resources
        upstream = result.upstream
        processes = result.processes
        faults = tally.faults
        faultExamples = tally.examples
        samples = result.samples
        broken = thresholds.broken(by: result)
        latencies = Self.latencies(tally)
        facts = makeFacts(tally)
    }

    private static func latencies(_ tally: LoopTally) -> [Latency] {
        var latencies = [Latency(name: "all that is not held", summary: .init(tally.headline))]
        for kind in ResourceKind.allCases {
            guard let histogram = tally.firstByte[kind] else { continue }
            latencies.append(Latency(name: kind.name, summary: LatencySummary(histogram)))
        }
        latencies.append(Latency(name: "to the last byte", summary: .init(tally.total)))
        latencies.append(Latency(name: "startup", summary: .init(tally.startup)))
        latencies.append(Latency(name: "part behind first", summary: .init(tally.partLag)))
        latencies.append(Latency(name: "playlist behind first", summary: .init(tally.playlistLag)))
        latencies.append(Latency(name: ownDelay, summary: .init(tally.lateness)))
        return latencies.filter { $0.summary.count > 0 }
    }

    private func makeFacts(_ tally: LoopTally) -> [Fact] {
        let time = max(seconds, 0.001)
        var facts = [
            Fact(name: "viewers", value: "\(viewers) for \(Figures.short(seconds)) s"),
            Fact(
                name: "requests",
                value: "\(requests), \(Figures.short(Double(requests) / time)) a second"
            ),
            Fact(
                name: "throughput",
                value: "\(Figures.short(Double(bytes) * 8 / time / 1e9)) Gbit/s"
            ),
            Fact(
                name: "bodies compared",
                value: "\(verifiedBodies) with the first of \(resources) addresses, "
                    + "\(tally.referencedBodies) with the reference, \(wrongBodies) wrong"
            ),
            Fact(name: "sessions", value: "\(sessions), \(failedSessions) failed"),
            Fact(name: "connections", value: "\(tally.connections)"),
        ]
        if tally.startup.totalCount > 0 {
            facts.append(
                Fact(
                    name: "rebuffers",
                    value: "\(rebuffers), \(Figures.short(rebufferRatio * 100)) % of the time"
                )
            )
            facts.append(
                Fact(
                    name: "quality",
                    value: "\(Figures.scaled(meanBitrate))bit/s on average, "
                        + "\(tally.switches) switches, \(tally.seeks) seeks"
                )
            )
        }
        if let upstream {
            facts.append(
                Fact(
                    name: "upstream",
                    value: "\(upstream.requests) requests for \(upstream.distinct) addresses, "
                        + "at most \(upstream.most) for one"
                )
            )
        }
        return facts
    }

    /// The report as JSON, for other programs.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return try encoder.encode(self)
    }
}

import Histogram

/// One second of a run.
package struct Sample: Codable, Sendable {
    package struct Process: Codable, Sendable {
        package var cpuPercent: Double
        package var residentMegabytes: Double

        package init(cpuPercent: Double, residentMegabytes: Double) {
            self.cpuPercent = cpuPercent
            self.residentMegabytes = residentMegabytes
        }
    }

    /// Since the start.
    package var seconds: Double
    package var viewers: Int
    package var requestsPerSecond = 0.0
    package var bitsPerSecond = 0.0
    /// Milliseconds to the first byte of what is not held.
    package var p50 = 0.0
    package var p90 = 0.0
    package var p99 = 0.0
    package var maximum = 0.0
    package var errors: UInt64 = 0
    package var rebuffers: UInt64 = 0
    package var processes: [String: Process] = [:]

    /// A second in which nothing happened.
    package init(seconds: Double, viewers: Int) {
        self.seconds = seconds
        self.viewers = viewers
    }
}

extension LoopTally.Latencies {
    package func milliseconds(_ percentile: Double) -> Double {
        totalCount == 0 ? 0 : Double(valueAtPercentile(percentile)) / 1000
    }
}

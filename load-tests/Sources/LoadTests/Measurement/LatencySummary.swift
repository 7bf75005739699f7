import Histogram

/// A histogram in a few numbers, milliseconds.
package struct LatencySummary: Codable, Sendable {
    package struct Point: Codable, Sendable {
        package var percentile: Double
        package var milliseconds: Double
    }

    package var count: UInt64
    package var mean: Double
    package var p50: Double
    package var p90: Double
    package var p99: Double
    package var p999: Double
    package var maximum: Double
    /// For a plot: ever finer towards 100 %.
    package var distribution: [Point]

    package init(_ latencies: LoopTally.Latencies) {
        count = latencies.totalCount
        mean = count == 0 ? 0 : latencies.mean / 1000
        p50 = latencies.milliseconds(50)
        p90 = latencies.milliseconds(90)
        p99 = latencies.milliseconds(99)
        p999 = latencies.milliseconds(99.9)
        maximum = count == 0 ? 0 : Double(latencies.max) / 1000
        let steps: [Double] = [
            0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 97, 98, 99, 99.5, 99.7, 99.9,
            99.95, 99.97, 99.99, 99.995, 99.999, 100,
        ]
        distribution =
            count == 0
            ? []
            : steps.map { Point(percentile: $0, milliseconds: latencies.milliseconds($0)) }
    }
}

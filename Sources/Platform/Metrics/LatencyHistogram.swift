import Synchronization

/// How long things took, in buckets that double from 64 µs to 34 s; from any thread.
///
/// A bucket is found by counting leading zeros, so an observation costs three atomic additions.
package final class LatencyHistogram: Sendable {
    /// Finite buckets; the last bound is 64 µs · 2^19 = 33.6 s.
    package static let bucketCount = 20
    /// Nanoseconds of the first bound, a power of two near 64 µs.
    private static let firstBoundLog2 = 16

    private let buckets: [Counter]
    private let sumNanoseconds = Counter()

    package init() {
        buckets = (0...Self.bucketCount).map { _ in Counter() }
    }

    package func observe(nanoseconds: UInt64) {
        let log2 = UInt64.bitWidth - (nanoseconds | 1).leadingZeroBitCount
        let index = min(max(log2 - Self.firstBoundLog2, 0), Self.bucketCount)
        buckets[index].add()
        sumNanoseconds.add(nanoseconds)
    }

    /// Upper bounds in seconds with the count of observations at or below each, then all of them.
    package var cumulative: (bounds: [(seconds: Double, count: UInt64)], total: UInt64) {
        var running: UInt64 = 0
        var bounds: [(seconds: Double, count: UInt64)] = []
        for index in 0..<Self.bucketCount {
            running += buckets[index].value
            let nanoseconds = UInt64(1) << UInt64(Self.firstBoundLog2 + index)
            bounds.append((Double(nanoseconds) / 1e9, running))
        }
        return (bounds, running + buckets[Self.bucketCount].value)
    }

    package var sumSeconds: Double { Double(sumNanoseconds.value) / 1e9 }
}

import Platform

/// How large numbers were, in buckets with chosen bounds; from any thread.
final class BucketHistogram: Sendable {
    /// Ascending; a bucket holds what is at most its bound and above the one before.
    let bounds: [UInt64]
    private let buckets: [Counter]
    private let total = Counter()

    init(bounds: [UInt64]) {
        self.bounds = bounds
        buckets = (0...bounds.count).map { _ in Counter() }
    }

    func observe(_ value: UInt64) {
        var index = 0
        while index < bounds.count, value > bounds[index] { index += 1 }
        buckets[index].add()
        total.add(value)
    }

    /// Observations at or below each bound, and last all of them.
    var cumulative: [UInt64] {
        var running: UInt64 = 0
        return buckets.map { bucket in
            running += bucket.value
            return running
        }
    }

    var sum: UInt64 { total.value }
}

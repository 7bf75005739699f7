/// Smooth weighted round robin: in any run of calls each gets its share, and turns are spread out.
///
/// Deterministic, without randomness or counts of load: origins of one group hold the same, and what
/// a slow one costs is bounded by its connections.
package struct WeightedRotation {
    /// How far each is ahead of its share.
    private var credits: [Int]

    package init(count: Int) {
        credits = Array(repeating: 0, count: count)
    }

    /// The next one's place; nothing where all shares are 0.
    package mutating func next(shares: [Int]) -> Int? {
        var best: Int?
        var total = 0
        for (index, share) in shares.enumerated() where share > 0 {
            total += share
            credits[index] += share
            if best.map({ credits[index] > credits[$0] }) ?? true { best = index }
        }
        guard let best else { return nil }
        credits[best] -= total
        return best
    }
}

/// Which rendition a player takes next: by throughput, held back by its buffer.
package struct BitrateChoice: Sendable {
    /// The share of the throughput that a rendition may need.
    private static let safety = 0.8
    /// The weight of the newest measurement.
    private static let weight = 0.3
    private static let panicSeconds = 4.0
    private static let climbSeconds = 8.0

    /// Bits per second of the viewer's line; the loopback would always allow the best.
    private var lineBits: Double
    private var measuredBits: Double?

    package init(lineBits: Double) {
        self.lineBits = lineBits
    }

    /// Takes a measurement in; `line` is what the viewer's line gave meanwhile.
    package mutating func measured(bits: Double, line: Double) {
        lineBits = line
        measuredBits = measuredBits.map { $0 + Self.weight * (bits - $0) } ?? bits
    }

    /// - Parameters:
    ///   - bandwidths: of the renditions, lowest first.
    ///   - current: the index of the one in use; nil at the start.
    ///   - levelSeconds: media in the buffer.
    /// - Returns: an index into `bandwidths`.
    package func next(bandwidths: [Int], current: Int?, levelSeconds: Double) -> Int {
        let throughput = min(measuredBits ?? lineBits, lineBits) * Self.safety
        let affordable = bandwidths.lastIndex { Double($0) <= throughput } ?? 0
        guard let current, current < bandwidths.count else { return affordable }
        if affordable > current {
            return levelSeconds >= Self.climbSeconds ? affordable : current
        }
        if affordable < current, levelSeconds < Self.panicSeconds { return 0 }
        return affordable
    }
}

/// A viewer's line, whose throughput wanders.
struct ViewerLine: Sendable {
    private static let spread = 0.25
    private static let range = 0.3...1.5

    private let bits: Double
    private var factor = 1.0

    init(bits: Double) {
        self.bits = bits
    }

    mutating func next(_ random: inout SplitMix) -> Double {
        let step = Double.random(in: -Self.spread...Self.spread, using: &random)
        factor = min(max(factor * (1 + step), Self.range.lowerBound), Self.range.upperBound)
        return bits * factor
    }
}

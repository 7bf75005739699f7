import Foundation
import TestSupport

/// Requests of viewers, and perhaps of a walk through the library between them.
struct Trace {
    /// Popularity falls with rank to this power.
    var exponent: Double
    /// Whether after each viewer's request the next object of the library is asked for.
    var hasScan: Bool
    var requestCount: Int

    static let objectCount = 100_000
    /// Seconds of media in a segment are the same, so sizes follow the renditions' bit rates.
    static let sizesBytes: [Int] = {
        var random = SplitMix(state: 7)
        let renditions = [60_000, 250_000, 600_000, 1_500_000, 3_000_000]
        return (0..<objectCount).map { _ in
            let rendition = renditions[Int.random(in: 0..<renditions.count, using: &random)]
            return rendition * Int.random(in: 70...130, using: &random) / 100
        }
    }()
    static let libraryBytes = sizesBytes.reduce(0, +)

    /// What share of the viewers' requests a cache answers, and of their bytes; the first quarter
    /// fills it and does not count.
    func run(_ cache: inout some SimulatedCache) -> HitRatio {
        var random = SplitMix(state: 42)
        let popularity = Zipf(count: Self.objectCount, exponent: exponent)
        var ratio = HitRatio()
        var scanned = 0
        for turn in 0..<requestCount {
            let index = popularity.draw(&random)
            let size = Self.sizesBytes[index]
            let isHit = cache.request(index, sizeBytes: size)
            if turn >= requestCount / 4 { ratio.add(isHit: isHit, sizeBytes: size) }
            if hasScan {
                scanned = (scanned + 1) % Self.objectCount
                _ = cache.request(scanned, sizeBytes: Self.sizesBytes[scanned])
            }
            ratio.mostBytes = max(ratio.mostBytes, cache.costBytes)
        }
        return ratio
    }
}

struct HitRatio {
    private var requests = 0
    private var hits = 0
    private var bytes = 0
    private var hitBytes = 0
    /// The most that the cache held.
    var mostBytes = 0

    var ofRequests: Double { Double(hits) / Double(max(requests, 1)) }
    var ofBytes: Double { Double(hitBytes) / Double(max(bytes, 1)) }

    mutating func add(isHit: Bool, sizeBytes: Int) {
        requests += 1
        bytes += sizeBytes
        guard isHit else { return }
        hits += 1
        hitBytes += sizeBytes
    }
}

/// Draws an index with a probability that falls as a power of its rank.
private struct Zipf {
    private let cumulated: [Double]

    init(count: Int, exponent: Double) {
        var sum = 0.0
        cumulated = (1...count).map { rank in
            sum += pow(Double(rank), -exponent)
            return sum
        }
    }

    func draw(_ random: inout SplitMix) -> Int {
        let target = Double.random(in: 0..<(cumulated.last ?? 1), using: &random)
        var low = 0
        var high = cumulated.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulated[middle] > target { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

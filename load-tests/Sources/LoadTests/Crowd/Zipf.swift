/// Popularity by rank: the video of rank `k` is asked for in proportion to `1 / k^exponent`.
///
/// Zipf's law; measured catalogs of video have exponents of 0.6 to 1.
package struct Zipf: Sendable {
    /// `cumulative[k]` is the share of the ranks up to `k`.
    private let cumulative: [Double]

    /// - Precondition: `count` is at least 1.
    package init(count: Int, exponent: Double) {
        var sum = 0.0
        var sums: [Double] = []
        sums.reserveCapacity(count)
        for rank in 1...count {
            sum += 1 / power(Double(rank), exponent)
            sums.append(sum)
        }
        cumulative = sums.map { $0 / sum }
    }

    /// A rank from 0 on, the most popular first.
    package func next(_ random: inout some RandomNumberGenerator) -> Int {
        let share = Double.random(in: 0..<1, using: &random)
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > share { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The share of requests that go to a rank.
    package func share(_ rank: Int) -> Double {
        rank == 0 ? cumulative[0] : cumulative[rank] - cumulative[rank - 1]
    }
}

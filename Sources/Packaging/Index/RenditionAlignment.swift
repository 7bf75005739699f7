import ISOBMFF

/// Where the key frames of several video renditions fall together.
///
/// An *instant* is a time at which at least one rendition has a clean key frame; times within half
/// a frame of the best rendition's are one instant. A subset of the renditions can be switched
/// between at the instants that all of them have.
struct RenditionAlignment {
    /// Ticks a second of the instants: a multiple of nearly every media timescale, so that the
    /// times of renditions with different ones compare without rounding that matters.
    static let timescale: UInt32 = 705_600_000

    struct Instant {
        /// Bit r is set where rendition r has a key frame.
        var renditions: UInt16
        var time: Int64
    }

    /// In order of time.
    private(set) var instants: [Instant] = []
    /// Of each instant, the sample of each rendition; -1 where it has none.
    private var samples: [Int32] = []
    private let renditions: [KeyFrames]
    private var steps = IndexLimits.alignmentSteps

    /// The clean key frames of one rendition, times in `RenditionAlignment.timescale`.
    struct KeyFrames {
        /// Samples, counted among the packaged ones, after the first.
        var samples: [Int32]
        var times: [Int64]
        /// Which of `samples` start another sample description, so that a segment must start there.
        var forced: Set<Int32>
        var start: Int64
        var end: Int64
        var frameDuration: Int64
    }

    init(_ renditions: [KeyFrames]) {
        self.renditions = renditions
        let count = renditions.count
        let tolerance = (renditions.first?.frameDuration ?? 0) / 2
        var heads = [Int](repeating: 0, count: count)
        let most = renditions.reduce(0) { max($0, $1.times.count) }
        instants.reserveCapacity(most)
        samples.reserveCapacity(most * count)
        while true {
            var time = Int64.max
            for r in 0..<count where heads[r] < renditions[r].times.count {
                time = min(time, renditions[r].times[heads[r]])
            }
            guard time < .max else { break }
            var instant = Instant(renditions: 0, time: time)
            for r in 0..<count {
                let head = heads[r]
                if head < renditions[r].times.count, renditions[r].times[head] - time <= tolerance {
                    instant.renditions |= 1 << UInt16(r)
                    samples.append(renditions[r].samples[head])
                    heads[r] += 1
                } else {
                    samples.append(-1)
                }
            }
            instants.append(instant)
        }
    }

    /// The sample of a rendition at an instant that it has.
    func sample(ofRendition rendition: Int, atInstant instant: Int) -> Int {
        Int(samples[instant * renditions.count + rendition])
    }

    /// Whether a rendition starts another sample description at an instant.
    func isForced(rendition: Int, atInstant instant: Int) -> Bool {
        renditions[rendition].forced.contains(samples[instant * renditions.count + rendition])
    }

    /// The largest set of renditions that can be switched between, as bits.
    ///
    /// Its common key frames are at most `longest` apart, or as far as the key frames of that of
    /// its members that has them most often: dropping a rendition would not bring such a set's
    /// boundaries any closer. Among sets of one size the one with better renditions wins; a lower
    /// index is a better rendition. The search is exact up to `IndexLimits.alignmentSteps`, greedy
    /// beyond.
    mutating func largestAlignedSet(longest: Int64) -> UInt16 {
        let count = renditions.count
        guard count > 1 else { return 1 }
        let own = (0..<count).map { longestGap(of: 1 << UInt16($0), atMost: .max) ?? .max }
        let all = UInt16(truncatingIfNeeded: (UInt32(1) << UInt32(count)) - 1)
        for dropCount in 0..<count - 1 {
            // What is dropped counts upwards with the worst rendition as its lowest bit, so that
            // sets that keep better renditions come first.
            var dropped = (UInt32(1) << UInt32(dropCount)) - 1
            while dropped < 1 << UInt32(count) {
                let set = all & ~Self.reversed(dropped, count: count)
                if isAligned(set, longest: longest, own: own) { return set }
                guard steps > 0 else { return greedySet(longest: longest, own: own) }
                guard dropped > 0 else { break }
                dropped = Self.nextSet(after: dropped)
            }
        }
        return 1
    }

    private mutating func isAligned(_ set: UInt16, longest: Int64, own: [Int64]) -> Bool {
        var limit = Int64.max
        for r in renditions.indices where set & 1 << UInt16(r) != 0 { limit = min(limit, own[r]) }
        return hasForcedInCommon(set) && longestGap(of: set, atMost: max(limit, longest)) != nil
    }

    /// Where the search would take too long: the best rendition, and each one that aligns with it.
    private mutating func greedySet(longest: Int64, own: [Int64]) -> UInt16 {
        var set: UInt16 = 1
        for r in 1..<renditions.count
        where isAligned(set | 1 << UInt16(r), longest: longest, own: own) {
            set |= 1 << UInt16(r)
        }
        return set
    }

    /// The longest time between key frames that all of `set` have, its start and end included; nil
    /// where that is more than a limit.
    private mutating func longestGap(of set: UInt16, atMost limit: Int64) -> Int64? {
        var start = Int64.max
        var end = Int64.min
        var tolerance = Int64(0)
        for r in renditions.indices where set & 1 << UInt16(r) != 0 {
            start = min(start, renditions[r].start)
            end = max(end, renditions[r].end)
            tolerance = max(tolerance, renditions[r].frameDuration / 2)
        }
        var longest = Int64(0)
        var last = start
        for instant in instants where instant.renditions & set == set {
            longest = max(longest, instant.time - last)
            last = instant.time
            if longest - tolerance > limit { break }
        }
        steps -= instants.count
        longest = max(longest, end - last)
        return longest - tolerance > limit ? nil : longest
    }

    /// Whether all of `set` have a key frame wherever one of them starts another description.
    private func hasForcedInCommon(_ set: UInt16) -> Bool {
        for r in renditions.indices where set & 1 << UInt16(r) != 0 && !renditions[r].forced.isEmpty
        {
            var common = 0
            for i in instants.indices where instants[i].renditions & set == set {
                if isForced(rendition: r, atInstant: i) { common += 1 }
            }
            if common < renditions[r].forced.count { return false }
        }
        return true
    }
}

extension RenditionAlignment {
    /// The next larger number with as many bits set.
    private static func nextSet(after set: UInt32) -> UInt32 {
        let lowest = set & ~(set - 1)
        let ripple = set + lowest
        return ripple | (((set ^ ripple) / lowest) >> 2)
    }

    private static func reversed(_ set: UInt32, count: Int) -> UInt16 {
        var reversed: UInt16 = 0
        for bit in 0..<count where set & 1 << UInt32(bit) != 0 {
            reversed |= 1 << UInt16(count - 1 - bit)
        }
        return reversed
    }
}

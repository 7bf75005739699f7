/// The `bandwidth` of a representation, bits a second.
///
/// It is the smallest rate at which a player that starts with any segment, and has received
/// `minBufferTime` worth of that rate, never waits: for every run of segments, the bits up to the
/// end of its last segment have come by the time that segment starts to play.
///
/// ISO/IEC 23009-1 §5.3.5.2
enum DASHBandwidth {
    /// Finds the rate by Dinkelbach's method: for a rate that is too small find the run that misses
    /// it by most bits, take the rate which that run needs, and so on until none misses.
    ///
    /// - Parameters:
    ///   - track: Its segments' bytes, to which `ContainerOverhead` is added.
    ///   - bufferSeconds: The manifest's `minBufferTime`; more than 0.
    /// - Returns: The rate, rounded up; at least 1.
    static func of(_ track: ManifestTrack, bufferSeconds: Double) -> Int {
        let segments = SegmentRate.rates(of: track, format: .cmaf)
        // Every run is a lower bound; a segment alone is close to the answer as a rule.
        var rate = segments.reduce(0) { max($0, $1.bits / bufferSeconds) }
        for _ in 0..<iterations {
            let run = neediest(segments, rate: rate, bufferSeconds: bufferSeconds)
            guard run.bits > rate * run.seconds, run.seconds > 0 else { break }
            rate = run.bits / run.seconds
        }
        return max(1, SegmentRate.stated(rate))
    }

    /// Convergence is faster than Newton's; ten are many.
    private static let iterations = 32

    /// The run of segments whose bits exceed by most what has come by the start of its last one;
    /// its seconds are those until then, the buffer's included.
    private static func neediest(
        _ segments: [SegmentRate],
        rate: Double,
        bufferSeconds: Double
    ) -> SegmentRate {
        var best = SegmentRate(bits: 0, seconds: bufferSeconds)
        var bestExcess = 0.0
        // The best run that ends with the segment before.
        var run = SegmentRate(bits: 0, seconds: 0)
        for segment in segments {
            if run.bits < rate * run.seconds { run = SegmentRate(bits: 0, seconds: 0) }
            run.bits += segment.bits
            let excess = run.bits - rate * (run.seconds + bufferSeconds)
            if excess > bestExcess {
                bestExcess = excess
                best = SegmentRate(bits: run.bits, seconds: run.seconds + bufferSeconds)
            }
            run.seconds += segment.seconds
        }
        return best
    }
}

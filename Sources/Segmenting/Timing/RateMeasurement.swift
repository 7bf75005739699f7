/// Sees from frames' times whether they come at constant rate.
struct RateMeasurement: Sendable {
    private var stamps: [Int64] = []

    init() {}

    /// Takes the next frame's time, in microseconds; the rate's interval where the newest frames
    /// have one.
    mutating func add(_ stamp: Int64) -> FrameInterval? {
        if stamps.isEmpty { stamps.reserveCapacity(TimingLimits.measuredFrames) }
        stamps.append(stamp)
        guard stamps.count == TimingLimits.measuredFrames else { return nil }
        if let found = Self.constant(stamps) {
            stamps.removeAll()
            return found
        }
        stamps.removeFirst(TimingLimits.measuredFrames / 2)
        return nil
    }

    /// What the first frames of a stream show.
    static func interval(of stamps: [Int64], hints: [FrameInterval]) -> FrameInterval? {
        if let hint = hints.first(where: { agrees(stamps, with: $0) }) { return hint }
        return stamps.count >= TimingLimits.framesToMeasure ? constant(stamps) : nil
    }

    /// Whether frames stand on a rate's grid, some of its places empty.
    private static func agrees(_ stamps: [Int64], with hint: FrameInterval) -> Bool {
        guard let first = stamps.first else { return true }
        let tolerance = hint.microseconds(of: 1) / 8 + TimingLimits.jitter
        var previous: Int64 = -1
        return stamps.allSatisfy { stamp in
            guard (0...TimingLimits.longestConfirmation).contains(stamp - first) else {
                return false
            }
            let index = hint.index(at: (stamp - first) * 9 / 100)
            defer { previous = index }
            let distance = stamp - first - hint.microseconds(of: index)
            // Every other place empty is another rate.
            return index > previous && index <= previous + 1 && distance.magnitude <= tolerance
        }
    }

    /// The interval of frames that are all equally far apart.
    private static func constant(_ stamps: [Int64]) -> FrameInterval? {
        guard let first = stamps.first, let last = stamps.last, stamps.count > 1 else { return nil }
        let (frames, span) = (Int64(stamps.count - 1), last - first)
        guard span > 0 else { return nil }
        let tolerance = span / frames / 16 + TimingLimits.jitter
        let isConstant = stamps.indices.allSatisfy { index in
            (stamps[index] - first - span * Int64(index) / frames).magnitude <= tolerance
        }
        guard isConstant else { return nil }
        return FrameInterval(
            microseconds: span,
            frames: frames,
            tolerance: min(TimingLimits.jitter, span / 200)
        )
    }
}

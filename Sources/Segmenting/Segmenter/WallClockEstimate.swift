/// What wall clock time the publish's timeline has.
///
/// It starts at the wall clock of the publish's time zero and follows the arrival of samples, as
/// the encoder's clock drifts from ours: by at most a millisecond a segment, so that the network's
/// moods stay out of it and program date times never go back. A segment's earliest arrival is what
/// is followed: late ones tell of the network.
struct WallClockEstimate {
    private let startMicroseconds: Int64
    /// How much later than the timeline says samples arrive.
    private(set) var correction: Int64 = 0
    private var leastLateness: Int64?

    init(startMicroseconds: Int64) {
        self.startMicroseconds = startMicroseconds
    }

    /// The wall clock at a time of the publish.
    func wallClock(at timeMicroseconds: Int64, correction: Int64? = nil) -> Int64 {
        startMicroseconds + timeMicroseconds + (correction ?? self.correction)
    }

    /// A sample of the track that paces arrived.
    mutating func observe(arrivalMicroseconds: Int64, timeMicroseconds: Int64) {
        let lateness = arrivalMicroseconds - startMicroseconds - timeMicroseconds
        leastLateness = min(leastLateness ?? lateness, lateness)
    }

    /// A segment is over; moves towards what was observed.
    mutating func slew() {
        guard let leastLateness else { return }
        let limit = SegmenterLimits.slewMicroseconds
        correction += max(-limit, min(limit, leastLateness - correction))
        self.leastLateness = nil
    }

    /// Behind a discontinuity, time that passed meanwhile need not be caught up with slowly.
    mutating func jump(arrivalMicroseconds: Int64, timeMicroseconds: Int64) {
        correction = max(
            correction,
            arrivalMicroseconds - startMicroseconds - timeMicroseconds
        )
        leastLateness = nil
    }
}

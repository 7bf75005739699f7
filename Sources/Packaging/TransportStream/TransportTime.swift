/// Times of a track on the 90 kHz clock of a transport stream.
///
/// Values stay 64 bits wide while a segment is planned, so that they can be compared; only what
/// is written wraps at 2^33 (26.5 hours). ISO/IEC 13818-1 §2.4.3.7
struct TransportTime {
    /// Modulus of PTS, DTS and PCR base.
    static let mask: Int64 = 1 << 33 - 1

    /// The longest time between two PCRs. ISO/IEC 13818-1 §2.7.2
    static let clockInterval: Int64 = 9_000

    /// How long before its decode time the first byte of an access unit arrives.
    ///
    /// Twice the longest interval, so that its last byte is there in time as well; one number
    /// for every segment, so that the clock never jumps.
    static let clockLead: Int64 = 18_000

    let timescale: Int64
    /// Decode time of the segment's first sample on the presentation's timeline.
    ///
    /// The edit is subtracted from decode times too: composition offsets are 0 or more, so DTS
    /// is never above PTS, and the first picture shown has the PTS `presentationBase`.
    let start: Int64

    /// - Throws: `.damagedSamples` for times that would overflow when they are converted.
    init(_ track: AssetTrack, _ samples: SegmentSamples) throws(PackagingError) {
        // 2^30 seconds are 34 years: out of all reason, and far from an overflow in 90 kHz.
        let limit = Int64(track.timescale) << 30
        let duration = samples.durations.reduce(Int64(0)) { $0 + Int64($1) }
        guard let base = Int64(exactly: samples.baseMediaDecodeTime), base < limit,
            track.editMediaTime.magnitude < UInt64(limit), duration < limit
        else {
            throw .damagedSamples(file: track.name)
        }
        timescale = Int64(track.timescale)
        start = base - track.editMediaTime
    }

    /// A time of the track in ticks of 90 kHz, nearest, halves away from zero; the base included.
    @inline(__always)
    func ticks(_ value: Int64) -> Int64 {
        guard timescale != 90_000 else { return value + TransportStream.presentationBase }
        guard value.magnitude < 1 << 46 else {
            let time = MediaTime(value, timescale: UInt32(timescale))
            return time.rounded(toTimescale: TransportStream.timescale)
                + TransportStream.presentationBase
        }
        let product = value &* 90_000
        let half = value < 0 ? -(timescale / 2) : timescale / 2
        return (product &+ half) / timescale + TransportStream.presentationBase
    }
}

/// The bits of a segment, headers included, and how long it plays: what rates are made of.
struct SegmentRate {
    var bits: Double
    var seconds: Double

    /// One for each of a track's segments.
    static func rates(of track: ManifestTrack, format: MediaAddress.HLSFormat) -> [SegmentRate] {
        let overhead = ContainerOverhead(track.track, format: format)
        let timescale = Double(track.track.timescale)
        return track.segments.map { segment in
            let seconds = Double(segment.duration) / timescale
            return SegmentRate(
                bits: overhead.bits(sizeBytes: segment.sizeBytes, seconds: seconds),
                seconds: seconds
            )
        }
    }

    /// A rate as manifests state it: rounded up, and held within what players read as a number.
    static func stated(_ bitsPerSecond: Double) -> Int {
        let rate = min(bitsPerSecond, Double(Int32.max))
        let floor = Int(rate)
        return Double(floor) < rate ? floor + 1 : floor
    }
}

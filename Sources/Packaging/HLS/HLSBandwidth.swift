/// The rates that a multivariant playlist states for one media playlist, bits a second.
///
/// RFC 8216bis §4.4.6.2, BANDWIDTH and AVERAGE-BANDWIDTH
struct HLSBandwidth: Hashable {
    /// The largest rate of any run of segments that lasts 0.5 to 1.5 target durations; of all
    /// segments together where no run does.
    var peak: Int
    /// All bits by the whole duration.
    var average: Int

    static let none = HLSBandwidth(peak: 0, average: 0)

    /// - Parameters:
    ///   - track: Its segments' bytes, to which `ContainerOverhead` is added.
    ///   - targetDuration: Of the media playlist, in seconds.
    ///   - format: What the segments are wrapped in.
    init(_ track: ManifestTrack, targetDuration: Int, format: MediaAddress.HLSFormat) {
        let overhead = ContainerOverhead(track.track, format: format)
        let timescale = Double(track.track.timescale)
        self.init(
            track.segments.map { segment in
                let seconds = Double(segment.duration) / timescale
                let bits = overhead.bits(sizeBytes: segment.sizeBytes, seconds: seconds)
                return (bits, seconds)
            },
            targetDuration: Double(targetDuration)
        )
    }

    /// Rates of a playlist of key frames, each a fragment of its own.
    init(_ frames: [IFrameEntry], of track: AssetTrack) {
        let seconds = frames.map { Double($0.duration) / Double(track.timescale) }
        self.init(
            zip(frames, seconds).map { frame, seconds in
                (Double(frame.sizeBytes + ContainerOverhead.bytesPerFragment) * 8, seconds)
            },
            targetDuration: seconds.max() ?? 0
        )
    }

    private init(_ segments: [(bits: Double, seconds: Double)], targetDuration: Double) {
        let (shortest, longest) = (targetDuration * 0.5, targetDuration * 1.5)
        var (allBits, allSeconds, peak) = (0.0, 0.0, 0.0)
        for first in segments.indices {
            allBits += segments[first].bits
            allSeconds += segments[first].seconds
            var (bits, seconds) = (0.0, 0.0)
            for segment in segments[first...] {
                bits += segment.bits
                seconds += segment.seconds
                if seconds > longest { break }
                if seconds >= shortest, seconds > 0 { peak = max(peak, bits / seconds) }
            }
        }
        let average = allSeconds > 0 ? allBits / allSeconds : 0
        self.init(peak: Self.whole(max(peak, average)), average: Self.whole(average))
    }

    init(peak: Int, average: Int) {
        self.peak = peak
        self.average = average
    }

    static func + (left: HLSBandwidth, right: HLSBandwidth) -> HLSBandwidth {
        HLSBandwidth(peak: left.peak + right.peak, average: left.average + right.average)
    }

    /// The larger of each.
    static func largest(_ values: some Sequence<HLSBandwidth>) -> HLSBandwidth {
        values.reduce(.none) {
            HLSBandwidth(peak: max($0.peak, $1.peak), average: max($0.average, $1.average))
        }
    }

    /// Rounded up, and held within what players read as a number.
    private static func whole(_ rate: Double) -> Int {
        let rate = min(rate, Double(Int32.max))
        let floor = Int(rate)
        return Double(floor) < rate ? floor + 1 : floor
    }
}

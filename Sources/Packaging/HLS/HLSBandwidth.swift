/// The rates that a multivariant playlist states for one media playlist, bits a second.
///
/// RFC 8216bis §4.4.6.2, BANDWIDTH and AVERAGE-BANDWIDTH
package struct HLSBandwidth: Hashable, Sendable {
    /// The largest rate of any run of segments that lasts 0.5 to 1.5 target durations; of all
    /// segments together where no run does.
    package var peak: Int
    /// All bits by the whole duration.
    package var average: Int

    package static let none = HLSBandwidth(peak: 0, average: 0)

    /// - Parameters:
    ///   - track: Its segments' bytes, to which `ContainerOverhead` is added.
    ///   - targetDuration: Of the media playlist, in seconds.
    ///   - format: What the segments are wrapped in.
    init(_ track: ManifestTrack, targetDuration: Int, format: MediaAddress.HLSFormat) {
        self.init(
            SegmentRate.rates(of: track, format: format),
            targetDuration: Double(targetDuration)
        )
    }

    /// Rates of a playlist of key frames, each a fragment of its own.
    init(_ frames: [IFrameEntry], of track: AssetTrack) {
        let rates = frames.map { frame in
            SegmentRate(
                bits: Double(frame.sizeBytes + ContainerOverhead.bytesPerFragment) * 8,
                seconds: Double(frame.duration) / Double(track.timescale)
            )
        }
        self.init(rates, targetDuration: rates.reduce(0) { max($0, $1.seconds) })
    }

    private init(_ segments: [SegmentRate], targetDuration: Double) {
        let (shortest, longest) = (targetDuration * 0.5, targetDuration * 1.5)
        var all = SegmentRate(bits: 0, seconds: 0)
        var peak = 0.0
        for first in segments.indices {
            all.bits += segments[first].bits
            all.seconds += segments[first].seconds
            var run = SegmentRate(bits: 0, seconds: 0)
            for segment in segments[first...] {
                run.bits += segment.bits
                run.seconds += segment.seconds
                if run.seconds > longest { break }
                if run.seconds >= shortest, run.seconds > 0 {
                    peak = max(peak, run.bits / run.seconds)
                }
            }
        }
        let average = all.seconds > 0 ? all.bits / all.seconds : 0
        self.init(
            peak: SegmentRate.stated(max(peak, average)),
            average: SegmentRate.stated(average)
        )
    }

    package init(peak: Int, average: Int) {
        self.peak = peak
        self.average = average
    }

    package static func + (left: HLSBandwidth, right: HLSBandwidth) -> HLSBandwidth {
        HLSBandwidth(peak: left.peak + right.peak, average: left.average + right.average)
    }

    /// The larger of each.
    package static func largest(_ values: some Sequence<HLSBandwidth>) -> HLSBandwidth {
        values.reduce(.none) {
            HLSBandwidth(peak: max($0.peak, $1.peak), average: max($0.average, $1.average))
        }
    }
}

package import Packaging

/// Turns a stream's timestamps into those of its track: complete, exact, in decode order.
///
/// Containers that count milliseconds (MKV, WebM, FLV) round every time; where a time lies within
/// one of the container's ticks of where a constant frame length puts it, the exact time is taken,
/// so that durations do not drift and tables stay small. Missing times are filled in where there is
/// only one answer, decode times that stand still or run back a little are moved on.
package struct TrackClock {
    package let timescale: UInt32
    private let stream: Int
    private let codec: String
    private let timeBase: TimeBase
    /// Frames that decoding holds back: above 0 where frames are reordered.
    private let reorderDepth: Int64
    /// Ticks that a decoder drops at the start.
    private let padding: Int64
    /// Ticks of `timescale` that the presentation's zero lies at in the source.
    private let zero: Int64
    /// Ticks within which a time may be taken for the exact one.
    private let tolerance: Int64
    /// Frame length that a video's times are snapped to, in ticks; 0: times are exact as they are.
    private let frameTicks: Int64
    /// Average frame length of a video in ticks; 0 where it is not known.
    private let averageTicks: Int64
    private var anchor: Int64?
    private var lastDTS: Int64?
    private var lastDuration: Int64 = 0

    package init(stream: InputStream, zero: MediaTime) {
        self.stream = stream.description.index
        codec = MediaCodec.name(stream.description.codec)
        timeBase = stream.timeBase
        reorderDepth = Int64(min(16, stream.reorderDepth))
        (timescale, frameTicks) = Self.scale(of: stream)
        averageTicks = Self.averageTicks(of: stream.description, timescale: timescale)
        let rate = UInt32(clamping: max(1, stream.description.sampleRate))
        padding = MediaTime(Int64(stream.initialPadding), timescale: rate)
            .rounded(toTimescale: timescale)
        self.zero = zero.rounded(toTimescale: timescale)
        tolerance =
            MediaTime(Int64(timeBase.numerator), timescale: UInt32(timeBase.denominator))
            .rounded(toTimescale: timescale)
    }

    /// The times of the next packet in decode order.
    ///
    /// Its duration is the container's word, and the next packet's decode time knows better.
    /// `samples` is the exact length of an audio packet where known; `shift` is added to the
    /// source's times: what mends a discontinuity.
    ///
    /// - Throws: `timestampsMissing`, `timestampsBroken`, or `damaged` for a time that cannot be.
    package mutating func map(
        pts: Int64?,
        dts: Int64?,
        duration: Int64,
        samples: Int64?,
        shift: MediaTime
    ) throws(TranscodingError) -> SampleTime {
        let length = if let samples { samples } else { try ticks(duration) }
        let moved = shift.rounded(toTimescale: timescale) - zero
        var shown = try pts.map { (value) throws(TranscodingError) in try ticks(value) + moved }
        var decoded = try dts.map { (value) throws(TranscodingError) in try ticks(value) + moved }
        if decoded == nil { decoded = guessedDTS(shown: shown) }
        if shown == nil {
            guard reorderDepth == 0 else { throw .timestampsMissing(codec: codec) }
            shown = decoded
        }
        guard let shown, let decoded else { throw .timestampsMissing(codec: codec) }
        let exactDTS = try advanced(snapped(decoded, isDecode: true))
        let exactPTS = shown == decoded ? exactDTS : max(snapped(shown, isDecode: false), exactDTS)
        lastDTS = exactDTS
        lastDuration = frameTicks > 0 ? frameTicks : length > 0 ? length : averageTicks
        return .init(dts: exactDTS, pts: exactPTS, duration: max(1, lastDuration))
    }

    private func ticks(_ value: Int64) throws(TranscodingError) -> Int64 {
        try timeBase.time(value).rounded(toTimescale: timescale)
    }

    private func guessedDTS(shown: Int64?) -> Int64? {
        guard let lastDTS else { return (shown ?? 0) - reorderDepth * averageTicks }
        let next = lastDTS + lastDuration
        guard let shown else { return next }
        return reorderDepth > 0 ? min(shown, next) : shown
    }

    private mutating func snapped(_ time: Int64, isDecode: Bool) -> Int64 {
        if frameTicks > 0 {
            guard let anchor else {
                anchor = time
                return time
            }
            let frames = Double(time - anchor) / Double(frameTicks)
            let exact = anchor + Int64(frames.rounded()) * frameTicks
            return abs(exact - time) <= tolerance ? exact : time
        }
        guard isDecode, averageTicks == 0 else { return time }
        let exact = lastDTS.map { $0 + lastDuration } ?? -padding
        return abs(exact - time) <= tolerance ? exact : time
    }

    /// Decode times increase, by one tick where the source says otherwise.
    private func advanced(_ time: Int64) throws(TranscodingError) -> Int64 {
        guard let lastDTS, time <= lastDTS else { return time }
        let back = MediaTime(lastDTS - time, timescale: timescale).seconds
        guard back <= Double(ImportLimits.backwardSeconds) else {
            throw .timestampsBroken(streamIndex: stream, seconds: back)
        }
        return lastDTS + 1
    }
}

extension TrackClock {
    private static func averageTicks(
        of stream: MediaDescription.Stream,
        timescale: UInt32
    ) -> Int64 {
        guard stream.kind == .video, stream.frameRateNumerator > 0 else { return 0 }
        let frame = MediaTime(
            Int64(stream.frameRateDenominator),
            timescale: UInt32(stream.frameRateNumerator)
        )
        return frame.rounded(toTimescale: timescale)
    }

    /// Ticks a second for the track, and of a video the ticks of a frame where both are known.
    private static func scale(of stream: InputStream) -> (UInt32, frameTicks: Int64) {
        let description = stream.description
        if description.kind == .audio, description.sampleRate > 0 {
            return (UInt32(description.sampleRate), 0)
        }
        let fine: UInt32 = 10_000
        let base = UInt32(stream.timeBase.denominator)
        if base >= fine { return (base, 0) }
        let rate = (description.frameRateNumerator, description.frameRateDenominator)
        // A rate beyond this is a time base that was taken for one.
        guard rate.0 > 0, rate.1 > 0, rate.0 / rate.1 <= 240 else {
            return (base * ((fine + base - 1) / base), 0)
        }
        let multiple = max(1, (fine + UInt32(rate.0) - 1) / UInt32(rate.0))
        return (UInt32(rate.0) * multiple, Int64(rate.1) * Int64(multiple))
    }
}

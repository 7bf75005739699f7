/// The distance of a video's frames at constant rate, exact: 23.976 frames a second are 3753.75
/// ticks.
package struct FrameInterval: Hashable, Sendable {
    /// Ticks of 1/90000 s, as a fraction in lowest terms.
    package let numerator: Int64
    package let denominator: Int64

    /// Rates that can be: a frame in ten seconds to a thousand a second.
    private static let possible = 0.1...1000.0

    /// Places are counted in products of these terms, which must fit 64 bits for weeks: what has
    /// larger ones is rounded to thousandths of a frame a second.
    private static let longestNumerator: Int64 = 1 << 36

    /// Frames a second as a fraction; nil where that is no rate.
    package init?(rate numerator: Int64, over denominator: Int64) {
        let terms = 1...Int64(UInt32.max)
        guard terms.contains(numerator), terms.contains(denominator),
            Self.possible.contains(Double(numerator) / Double(denominator))
        else { return nil }
        let exact = Self(ticks: TimingLimits.videoTimescale * denominator, over: numerator)
        guard exact.numerator > Self.longestNumerator else {
            self = exact
            return
        }
        self.init(framesPerSecond: Double(numerator) / Double(denominator))
    }

    /// From frames a second as encoders tell them, such as 29.97.
    package init?(framesPerSecond: Double) {
        guard Self.possible.contains(framesPerSecond) else { return nil }
        for usual in Self.usual {
            let ratio = framesPerSecond / usual.framesPerSecond - 1
            if ratio.magnitude < 0.0002 {
                self = usual
                return
            }
        }
        self.init(rate: Int64((framesPerSecond * 1000).rounded()), over: 1000)
    }

    /// The usual one that explains a distance seen, else just that distance.
    ///
    /// - Parameters:
    ///   - microseconds: what the frames take together.
    ///   - frames: how many they are.
    ///   - tolerance: by how many microseconds that may be wrong.
    package init?(microseconds: Int64, frames: Int64, tolerance: Int64) {
        guard microseconds > 0, frames > 0 else { return nil }
        for usual in Self.usual
        where
            (usual.microseconds(of: frames) - microseconds).magnitude <= UInt64(tolerance)
        {
            self = usual
            return
        }
        self.init(rate: frames * 1_000_000, over: microseconds)
    }

    private init(ticks numerator: Int64, over denominator: Int64) {
        var (divisor, rest) = (numerator, denominator)
        while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
    }

    package var framesPerSecond: Double {
        Double(TimingLimits.videoTimescale) * Double(denominator) / Double(numerator)
    }

    /// The distance in whole ticks.
    package var ticks: Int64 { max(1, (numerator + denominator / 2) / denominator) }

    /// Where the frame of an index stands, behind the one of index 0.
    func ticks(at index: Int64) -> Int64 {
        let product = index * numerator
        return product >= 0 ? product / denominator : -((denominator - 1 - product) / denominator)
    }

    /// The index whose place is nearest.
    func index(at ticks: Int64) -> Int64 {
        let half = ticks >= 0 ? numerator / 2 : -numerator / 2
        return (ticks * denominator + half) / numerator
    }

    func microseconds(of frames: Int64) -> Int64 {
        frames * numerator * 100 / (denominator * 9)
    }

    /// The likeliest first: a few frames do not tell 30 from 29.97.
    private static let usual: [FrameInterval] = [
        (30, 1), (60, 1), (25, 1), (50, 1), (24, 1), (30_000, 1001), (60_000, 1001),
        (24_000, 1001), (120, 1), (15, 1), (20, 1), (10, 1), (48, 1), (100, 1), (12, 1), (5, 1),
        (1, 1), (2, 1), (90, 1), (144, 1), (120_000, 1001),
    ].map { FrameInterval(ticks: TimingLimits.videoTimescale * $0.1, over: $0.0) }
}

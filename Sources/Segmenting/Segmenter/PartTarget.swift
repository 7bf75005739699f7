package import Packaging

/// Finds a part target that every track can keep to.
///
/// A track cuts its parts before the sample that would cross the target, so at a constant rate they
/// hold the largest count of frames that fits. Each must last at least 85 % of the target as it is
/// printed, in whole milliseconds.
///
/// RFC 8216bis §4.4.4.9
package enum PartTarget {
    /// No part is shorter than this share of the target, unless the rules allow it.
    package static let leastPercent: Int64 = 85
    /// Longer wishes are taken for this.
    package static let longestWishMicroseconds: Int64 = 10_000_000

    /// Whether parts of whole frames can keep to a target.
    package static func fits(_ frame: MediaTime, targetMicroseconds: Int64) -> Bool {
        fill(frame, targetMicroseconds: targetMicroseconds) * 100 >= leastPercent * million
    }

    /// The target for tracks whose frames last `frames`, those of unknown or varying rate left out.
    ///
    /// Tried are all whole milliseconds from half the wish to twice the wish. The best is near the
    /// wish and filled well by each track; with the wish of 0.333 s, 30 frames a second and AAC at
    /// 48 kHz it is 0.334 s with 10 and 15 frames.
    ///
    /// - Parameters:
    ///   - frames: each track's frame duration.
    ///   - wishMicroseconds: what the operator would like.
    ///   - kept: the target that players of the stream were told before; it is that or none.
    /// - Returns: the target, or why there is none.
    package static func derive(
        frames: [MediaTime],
        wishMicroseconds: Int64,
        kept: Int64? = nil
    ) -> LowLatencyOffer {
        if let kept {
            for frame in frames where !fits(frame, targetMicroseconds: kept) {
                return .none(
                    reason: "players were told parts of \(kept / 1000) ms, and frames of "
                        + "\(milliseconds(frame)) ms do not fill these"
                )
            }
            return .parts(targetMicroseconds: kept)
        }
        let wish = min(wishMicroseconds, longestWishMicroseconds)
        guard wish >= 1000 else { return .none(reason: "a part of \(wish) µs is no wish") }
        var best: (score: Int64, target: Int64)?
        for target in (wish / 2000 + 1)...(wish / 500) {
            let microseconds = target * 1000
            guard frames.allSatisfy({ fits($0, targetMicroseconds: microseconds) }) else {
                continue
            }
            let fill =
                frames.map { Self.fill($0, targetMicroseconds: microseconds) }.min() ?? million
            let score = abs(microseconds - wish) * million / wish + million - fill
            if score < best?.score ?? .max {
                best = (score, microseconds)
            }
        }
        if let best { return .parts(targetMicroseconds: best.target) }
        let longest = frames.max().map { milliseconds($0) } ?? 0
        return .none(
            reason: "no part of \(wish / 2000) to \(wish / 500) ms is filled by whole frames of "
                + "every track, the longest of which last \(longest) ms"
        )
    }

    private static let million: Int64 = 1_000_000

    /// Millionths of the target that its whole frames fill; 0 where not one fits.
    private static func fill(_ frame: MediaTime, targetMicroseconds: Int64) -> Int64 {
        let ticks = TrackClock.ticksInside(targetMicroseconds, timescale: frame.timescale)
        guard frame.value > 0, ticks > 0 else { return 0 }
        let filled = MediaTime(ticks / frame.value * frame.value, timescale: frame.timescale)
        return filled.rounded(toTimescale: 1_000_000) * million / targetMicroseconds
    }

    private static func milliseconds(_ time: MediaTime) -> Int64 {
        time.rounded(toTimescale: 1000)
    }
}

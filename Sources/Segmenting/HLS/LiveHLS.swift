/// Live playlists: HLS and Low-Latency HLS from the same renditions.
///
/// Pure functions of a presentation. What they give is the same for every viewer, so it is made
/// once for a change and shared by all who wait for it. Players without low latency read the same
/// playlists and ignore the parts.
///
/// RFC 8216bis §4, §6.2, appendix B.1
package enum LiveHLS {}

/// Which older lines a player has and need not get again. RFC 8216bis §6.2.5.1
package enum LiveHLSDelta: Hashable, Sendable, CaseIterable {
    /// `_HLS_skip=YES`
    case segments
    /// `_HLS_skip=v2`
    case segmentsAndDateRanges
}

/// The distances that playlists state and servers keep to.
package enum LiveHLSDistance {
    /// `HOLD-BACK` in target durations. RFC 8216bis §4.4.3.8
    package static let holdBack = 3
    /// `PART-HOLD-BACK` in part targets: the authoring specification's must, where the RFC should.
    package static let partHoldBack: Int64 = 3
    /// `CAN-SKIP-UNTIL` in target durations. RFC 8216bis §4.4.3.8
    package static let skipBoundary = 6
    /// Parts of segments that begin further from the end are not listed, in target durations.
    /// RFC 8216bis §6.2.2
    package static let listedParts = 3
}

extension LowLatencyOffer {
    /// `PART-TARGET` in milliseconds, rounded up so that no part exceeds what is printed; nil
    /// without parts.
    package var partTargetMilliseconds: Int64? {
        guard case .parts(let target) = self else { return nil }
        return max(1, (target + 999) / 1000)
    }
}

extension LivePresentation {
    package func rendition(_ track: LiveTrackID) -> LiveRendition? {
        renditions.first { $0.track.id == track }
    }

    /// Whether all segments that playlists list start with a sync sample, and there are some.
    var hasIndependentSegments: Bool {
        renditions.contains { !$0.segments.isEmpty }
            && renditions.allSatisfy { $0.segments.allSatisfy(\.start.isIndependent) }
    }

    var targetDurationMicroseconds: Int64 { Int64(targetDurationSeconds) * 1_000_000 }
}

extension LiveSegment {
    /// Rounded to the nearest, as a difference of the rounded end and start: sums stay right.
    var durationMicroseconds: Int64 {
        LiveTime.microseconds(start.decodeTime + duration, timescale: timescale)
            - LiveTime.microseconds(start.decodeTime, timescale: timescale)
    }
}

enum LiveTime {
    /// Ticks in microseconds, to the nearest.
    static func microseconds(_ ticks: Int64, timescale: UInt32) -> Int64 {
        let timescale = Int64(timescale)
        let (whole, rest) = ticks.quotientAndRemainder(dividingBy: timescale)
        return whole * 1_000_000 + (rest * 1_000_000 + timescale / 2) / timescale
    }

    /// Ticks in microseconds, rounded down: a part is never said to be longer than it is.
    static func microsecondsRoundedDown(_ ticks: Int64, timescale: UInt32) -> Int64 {
        let timescale = Int64(timescale)
        let (whole, rest) = ticks.quotientAndRemainder(dividingBy: timescale)
        return whole * 1_000_000 + rest * 1_000_000 / timescale
    }
}

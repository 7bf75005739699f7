extension LivePresentation {
    /// A playlist is never shorter than this many target durations (RFC 8216bis §6.2.2), and parts
    /// further from its end than this are not told any more (§6.2.2).
    package static let fewestTargetDurations = 3

    private var shortestMicroseconds: Int64 {
        Int64(Self.fewestTargetDurations * targetDurationSeconds) * 1_000_000
    }

    /// Forgets what is older than a window, for all tracks up to the same segment number.
    ///
    /// The tracks keep at least `fewestTargetDurations`; the parts of segments further from the end
    /// than that go, init segments stay while a segment needs them, and a track whose last segment
    /// went goes too, as the encoder sends it no more.
    ///
    /// - Parameter windowMicroseconds: what is kept of complete segments.
    package mutating func trim(windowMicroseconds: Int64) {
        let window = max(windowMicroseconds, shortestMicroseconds)
        if let oldest = oldestNumber(keepingMicroseconds: window) {
            noteDateRanges(before: oldest)
            for index in renditions.indices {
                renditions[index].removeSegments(before: oldest)
            }
            renditions.removeAll { $0.wasBegun && $0.segments.isEmpty }
        }
        for index in renditions.indices {
            renditions[index].removeParts(beyondMicroseconds: shortestMicroseconds)
        }
    }

    /// Delta updates tell which date ranges have left. RFC 8216bis §4.4.5.2
    private mutating func noteDateRanges(before number: UInt64) {
        guard let rendition = renditions.first, let newest = rendition.segments.last else { return }
        let now = newest.start.programDateTime
        let past = removalDates.prefix { $0 < now }.count
        recentlyRemovedDateRanges.removeFirst(min(past, recentlyRemovedDateRanges.count))
        removalDates.removeFirst(past)
        let kept = Int64(LiveHLSDistance.skipBoundary * targetDurationSeconds) * 1_000_000
        for segment in rendition.segments where segment.number < number {
            for id in segment.dateRanges.compactMap({ DateRange.id(ofLine: $0) }) {
                recentlyRemovedDateRanges.append(id)
                removalDates.append(now + kept)
            }
        }
    }

    /// The newest number from which on the track that reaches furthest has `microseconds` of
    /// complete segments; nil where it has not.
    private func oldestNumber(keepingMicroseconds microseconds: Int64) -> UInt64? {
        let newest = renditions.max {
            ($0.segments.last?.number ?? 0, $1.track.id) < (
                $1.segments.last?.number ?? 0, $0.track.id
            )
        }
        guard let newest else { return nil }
        var kept: Int64 = 0
        for segment in newest.segments.reversed() where segment.isComplete {
            kept += segment.durationMicroseconds
            if kept >= microseconds { return segment.number }
        }
        return nil
    }
}

extension LiveRendition {
    fileprivate mutating func removeSegments(before number: UInt64) {
        let count = segments.prefix { $0.number < number }.count
        guard count > 0 else { return }
        segments.removeFirst(count)
        guard initializations.count > 1 else { return }
        // The newest stays: the next segment needs it.
        let current = initializations[initializations.endIndex - 1]
        initializations.removeAll { reference in
            reference != current
                && !segments.contains {
                    $0.token == reference.token
                        && $0.start.initializationNumber == reference.number
                }
        }
    }

    fileprivate mutating func removeParts(beyondMicroseconds limit: Int64) {
        var fromEnd: Int64 = 0
        for index in segments.indices.reversed() {
            if fromEnd > limit {
                // Those before it lost theirs when it had not yet come this far.
                if segments[index].parts.isEmpty { return }
                segments[index].parts = []
            }
            fromEnd += segments[index].durationMicroseconds
        }
    }

    /// From all complete segments in the list; a gap has no rate.
    mutating func measureBitrates() {
        var (bytes, duration): (Int64, Int64) = (0, 0)
        var peak: Int64 = 0
        for segment in segments
        where segment.isComplete && !segment.isGap && segment.duration > 0 {
            bytes += Int64(segment.sizeBytes)
            duration += segment.durationMicroseconds
            peak = max(peak, Self.rate(Int64(segment.sizeBytes), segment.durationMicroseconds))
        }
        averageBitrate = Int(Self.rate(bytes, duration))
        peakBitrate = Int(peak)
    }

    /// Bits a second, rounded up.
    private static func rate(_ bytes: Int64, _ microseconds: Int64) -> Int64 {
        guard microseconds > 0 else { return 0 }
        return (bytes * 8_000_000 + microseconds - 1) / microseconds
    }
}

import Packaging

/// A period with the tracks that have segments in it.
struct LiveDASHPeriodText {
    let period: LiveDASHPeriod
    /// Whether segments are listed with their times.
    let isListed: Bool
    private var sets: [LiveDASHAdaptationSet]

    /// Nil where no track has anything to tell.
    init?(
        _ period: LiveDASHPeriod,
        _ presentation: LivePresentation,
        facts: LiveDASHFacts,
        zero: Int64
    ) {
        let isListed = facts.addressing == .timeline || period.segmentDuration == nil
        let representations = presentation.renditions.compactMap { rendition in
            LiveDASHRepresentation(rendition, in: period, isListed: isListed)
        }
        guard let first = representations.first else { return nil }
        self.period = period
        self.isListed = isListed
        let segments = LiveDASHSegments(
            period: period,
            partTargetMicroseconds: presentation.lowLatency.partTargetMicroseconds,
            latenessMicroseconds: Self.lateness(of: first.segments, in: period, zero: zero),
            isListed: isListed
        )
        sets = LiveDASHAdaptationSet.grouped(representations).map { group in
            LiveDASHAdaptationSet(representations: group, segments: segments)
        }
    }

    /// Microseconds since `availabilityStartTime`; nil while the period goes on.
    var endMicroseconds: Int64? {
        period.durationMicroseconds.map { period.startMicroseconds + $0 }
    }

    var hasSupplementalCodecs: Bool {
        sets.flatMap(\.representations).contains { !$0.track.supplementalCodecStrings.isEmpty }
    }

    /// Microseconds of the longest segment that is told.
    var longestMicroseconds: Int64 {
        let told = period.segmentDuration.map {
            MediaTime($0, timescale: period.mediaStart.timescale).microseconds
        }
        let longest = sets.flatMap(\.representations).flatMap(\.segments).map { segment in
            MediaTime(segment.duration, timescale: segment.timescale).microseconds
        }.max()
        return max(told ?? 0, longest ?? 0)
    }

    /// Writes the element, which ends where the next period starts at the latest.
    func write(until next: Int64?, facts: LiveDASHFacts, to writer: inout TextWriter) {
        writer.append("<Period")
        writer.xml("id", period.id)
        writer.xml("start", microseconds: period.startMicroseconds)
        if let duration = period.durationMicroseconds {
            let most = next.map { $0 - period.startMicroseconds } ?? .max
            writer.xml("duration", microseconds: min(duration, most))
        }
        writer.append(">\n")
        for set in sets { set.write(facts: facts, to: &writer) }
        writer.append("</Period>\n")
    }

    /// How much later than their numbers say the newest segments began, in steps.
    ///
    /// Whoever asks too early is held or refused, so the offset takes it up.
    private static func lateness(
        of segments: [LiveSegment],
        in period: LiveDASHPeriod,
        zero: Int64
    ) -> Int64 {
        guard let duration = period.segmentDuration else { return 0 }
        let latest = segments.suffix(3).map { segment in
            let nominal = MediaTime(
                period.nominalStart(segment.number, duration: duration),
                timescale: period.mediaStart.timescale
            )
            return segment.start.programDateTime - zero - period.microseconds(of: nominal)
        }.max()
        let step = LiveDASHLimits.latenessStepMicroseconds
        return max(0, ((latest ?? 0) + step / 2) / step * step)
    }
}

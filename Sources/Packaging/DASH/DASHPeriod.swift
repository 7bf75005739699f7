/// The stretch of a presentation between two discontinuities.
///
/// ISO/IEC 23009-1 §5.3.2
struct DASHPeriod {
    /// Presentation time of the earliest segment, which is 0 on the period's own timeline.
    var start: MediaTime
    /// Presentation time of the latest segment's end.
    var end: MediaTime
    /// The tracks that have segments in it.
    var tracks: [Part]

    /// A track's segments in one period; of its sample entries only theirs.
    struct Part {
        var track: AssetTrack
        var segments: ArraySlice<SegmentEntry>
    }

    /// Splits tracks where one of them has a discontinuity or another sample description.
    ///
    /// A boundary is a frame group, the same for all tracks: those that have no segment there
    /// are split at their next one.
    static func periods(of tracks: [ManifestTrack]) -> [DASHPeriod] {
        var rest = tracks.filter { !$0.segments.isEmpty }.map {
            Part(track: $0.track, segments: $0.segments[...])
        }
        var periods: [DASHPeriod] = []
        for boundary in boundaries(of: tracks) + [Int.max] {
            let parts = rest.map { part in
                var part = part
                part.segments = part.segments.prefix { $0.groups.lowerBound < boundary }
                let entries = part.track.sampleEntries
                if let index = part.segments.first?.descriptionIndex,
                    entries.indices.contains(index)
                {
                    part.track.sampleEntries = [entries[index]]
                }
                return part
            }
            for index in rest.indices {
                rest[index].segments = rest[index].segments.dropFirst(parts[index].segments.count)
            }
            if let period = DASHPeriod(parts.filter { !$0.segments.isEmpty }) {
                periods.append(period)
            }
        }
        return periods
    }

    private init?(_ parts: [Part]) {
        let starts = parts.compactMap(\.start)
        let ends = parts.compactMap(\.end)
        guard let start = starts.min(), let end = ends.max() else { return nil }
        self.start = start
        self.end = end
        self.tracks = parts
    }

    /// The first groups of all periods but the first, ascending.
    private static func boundaries(of tracks: [ManifestTrack]) -> [Int] {
        var groups: Set<Int> = []
        for track in tracks {
            var descriptionIndex = track.segments.first?.descriptionIndex
            for segment in track.segments.dropFirst() {
                if segment.isDiscontinuity || segment.descriptionIndex != descriptionIndex {
                    groups.insert(segment.groups.lowerBound)
                    descriptionIndex = segment.descriptionIndex
                }
            }
        }
        return groups.sorted()
    }
}

extension DASHPeriod.Part {
    fileprivate var start: MediaTime? {
        segments.first.map { MediaTime($0.start, timescale: track.timescale) }
    }

    fileprivate var end: MediaTime? {
        segments.last.map { MediaTime($0.start + $0.duration, timescale: track.timescale) }
    }
}

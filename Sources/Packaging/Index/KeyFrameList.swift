import ISOBMFF

extension RenditionAlignment.KeyFrames {
    /// Finds the clean key frames of a placed video track.
    ///
    /// A key frame is clean where nothing that is decoded after it is presented before it (an open
    /// GOP), and nothing decoded before it is presented after it. A sync sample that starts another
    /// description is taken as it is, since there the decoder starts anew.
    init(_ track: TimedTrack) {
        let samples = track.source.samples
        let times = track.presentationTimes
        let first = track.range.lowerBound
        var found: [Int32] = []
        var forced: Set<Int32> = []
        if !samples.descriptionIndexes.isEmpty {
            let changes = DescriptionChange.list(of: track).filter { $0.sample < times.count }
            forced = Set(changes.map { Int32($0.sample) })
        }
        // Backwards for what comes after; the list is turned round below.
        var earliestAfter = Int64.max
        for index in stride(from: times.count - 1, to: 0, by: -1) {
            if samples.isSync(first + index), earliestAfter >= times[index] {
                found.append(Int32(index))
            } else if forced.contains(Int32(index)) {
                found.append(Int32(index))
            }
            earliestAfter = min(earliestAfter, times[index])
        }
        found.reverse()
        if track.isReordered {
            found = Self.withoutTrailing(found, times: times, forced: forced)
        }
        let timescale = track.source.timescale
        func common(_ time: Int64) -> Int64 {
            MediaTime(time, timescale: timescale).rounded(toTimescale: RenditionAlignment.timescale)
        }
        let start = common(times.first ?? 0)
        let end = common(track.end)
        self.init(
            samples: found,
            times: found.map { common(times[Int($0)]) },
            forced: forced,
            start: start,
            end: end,
            frameDuration: (end - start) / Int64(max(times.count, 1))
        )
    }

    /// Leaves out key frames that samples decoded earlier are presented after.
    private static func withoutTrailing(
        _ found: [Int32],
        times: PresentationTimes,
        forced: Set<Int32>
    ) -> [Int32] {
        var kept: [Int32] = []
        kept.reserveCapacity(found.count)
        var latest = Int64.min
        var next = 0
        for index in found {
            while next < Int(index) {
                latest = max(latest, times[next])
                next += 1
            }
            if latest < times[next] || forced.contains(index) { kept.append(index) }
        }
        return kept
    }
}

/// A place where a track goes on with another sample description.
struct DescriptionChange {
    /// Counted among the packaged samples.
    var sample: Int
    /// Where the samples of the old description end: less than `sample` where samples between
    /// cannot be decoded, as they need a key frame that there is not.
    var oldEnd: Int

    /// The changes of a placed track.
    ///
    /// A video goes on at the first sync sample of the new
    /// description, an audio at its first sample. Where a video never does, the last change is at
    /// the track's end.
    static func list(of track: TimedTrack) -> [DescriptionChange] {
        let samples = track.source.samples
        guard !samples.descriptionIndexes.isEmpty else { return [] }
        let first = track.range.lowerBound
        var changes: [DescriptionChange] = []
        var current = samples.descriptionIndex(first)
        var oldEnd: Int?
        for index in 1..<max(track.range.count, 1) {
            let description = samples.descriptionIndex(first + index)
            if oldEnd == nil, description == current { continue }
            let isEntry =
                track.source.kind != .video || samples.isSync(first + index)
                || samples.dependencies[first + index] == .randomAccess
            if isEntry {
                changes.append(DescriptionChange(sample: index, oldEnd: oldEnd ?? index))
                current = description
                oldEnd = nil
            } else if oldEnd == nil {
                oldEnd = index
            }
        }
        if let oldEnd {
            changes.append(DescriptionChange(sample: track.range.count, oldEnd: oldEnd))
        }
        return changes
    }
}

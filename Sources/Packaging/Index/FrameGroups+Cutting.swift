import ISOBMFF

extension FrameGroups {
    /// The samples of a video in each group, from the first samples of groups 1, 2, ….
    ///
    /// Samples that cannot be decoded after a change of description belong to no group.
    static func ranges(of track: TimedTrack, firsts: [Int], groupCount: Int) -> [Range<Int>] {
        let changes = DescriptionChange.list(of: track)
        var oldEnds: [Int: Int] = [:]
        for change in changes { oldEnds[change.sample] = change.oldEnd }
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(groupCount)
        var first = 0
        for next in firsts + [track.range.count] {
            ranges.append(first..<max(first, oldEnds[next] ?? next))
            first = next
        }
        while ranges.count < groupCount {
            let end = ranges.last?.upperBound ?? 0
            ranges.append(end..<end)
        }
        return ranges
    }

    /// Cuts an audio at the first samples that are not presented before a group's start.
    ///
    /// Where the audio's description changes, the cut of the nearest group is moved to the change
    /// itself, so that no sample falls under the wrong description and none is lost; that audio
    /// segment then starts up to half a group beside the video's.
    mutating func cut(audio track: TimedTrack, index: Int) {
        let times = track.presentationTimes
        let audioTimescale = track.source.timescale
        var firsts = [0]
        firsts.reserveCapacity(count + 1)
        var sample = 0
        for start in starts[1..<count] {
            let time = MediaTime(start, timescale: timescale).roundedUp(toTimescale: audioTimescale)
            while sample < times.count, times[sample] < time { sample += 1 }
            firsts.append(sample)
        }
        firsts.append(times.count)
        move(&firsts, toChangesOf: track, index: index)
        ranges.append((0..<count).map { firsts[$0]..<firsts[$0 + 1] })
    }

    /// Moves the cuts nearest to changes of description to them, and those between along.
    private mutating func move(_ firsts: inout [Int], toChangesOf track: TimedTrack, index: Int) {
        var moved: [(group: Int, sample: Int)] = []
        for change in DescriptionChange.list(of: track) {
            let time = MediaTime(
                track.presentationTimes[change.sample],
                timescale: track.source.timescale
            )
            let last = moved.last?.group ?? 0
            guard let group = nearestGroup(to: time.rounded(toTimescale: timescale), after: last)
            else {
                unplaceable.append(index)
                return
            }
            moved.append((group, change.sample))
        }
        guard !moved.isEmpty else { return }
        var next = 0
        for group in 1..<count {
            if next < moved.count, moved[next].group == group {
                firsts[group] = moved[next].sample
                discontinuities.insert(group)
                next += 1
            } else {
                let least = next > 0 ? moved[next - 1].sample : 0
                let most = next < moved.count ? moved[next].sample : track.range.count
                firsts[group] = min(max(firsts[group], least), most)
            }
        }
    }

    /// The group that starts nearest to a time, among those after `group`.
    private func nearestGroup(to time: Int64, after group: Int) -> Int? {
        guard group + 1 < count else { return nil }
        var (low, high) = (group + 1, count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] < time { low = middle + 1 } else { high = middle }
        }
        if low >= count { return count - 1 }
        let isBeforeNearer = low > group + 1 && time - starts[low - 1] < starts[low] - time
        return isBeforeNearer ? low - 1 : low
    }
}

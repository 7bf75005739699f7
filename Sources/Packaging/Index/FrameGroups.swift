import ISOBMFF

/// The frame groups of an asset, and the samples that each track has in each of them.
///
/// Group 0 starts at the asset's start with every track's first sample. Each other one starts at a
/// key frame that all video renditions share, or without video at a sample of the first audio about
/// a second after the one before. Where audio goes on much longer than video, groups go on with it.
struct FrameGroups {
    /// Ticks a second of `starts`: the first track's timescale.
    let timescale: UInt32
    /// Start of each group, the first at 0, and the asset's end.
    private(set) var starts: [Int64] = [0]
    /// Groups that start with another sample description in some track.
    var discontinuities: Set<Int> = []
    /// Packaged samples of each track in each group; empty ranges are legal for audio, and for
    /// video past its end.
    var ranges: [[Range<Int>]] = []
    /// Audio tracks, counted among all tracks, whose description changes found no boundary.
    var unplaceable: [Int] = []

    var count: Int { starts.count - 1 }

    /// Cuts the groups of an asset without video at its first audio.
    init(audio: [TimedTrack]) {
        timescale = audio[0].source.timescale
        let changes = DescriptionChange.list(of: audio[0]).map(\.sample)
        for sample in Self.secondCuts(audio[0], from: 0, forced: changes) {
            // A change of description may stand in the pre-roll, before 0.
            starts.append(max(audio[0].presentationTimes[sample], starts[starts.count - 1]))
        }
        close(tracks: audio)
        for (index, track) in audio.enumerated() { cut(audio: track, index: index) }
    }

    /// Cuts the groups of an asset at the instants that all renditions of `video` share.
    ///
    /// There is at least one rendition, the best first; `members` has the index of each in
    /// `alignment`. Audio that outlasts video by more than the segments' target gets own groups.
    init(
        video: [TimedTrack],
        alignment: RenditionAlignment,
        members: [Int],
        audio: [TimedTrack],
        target: MediaTime
    ) {
        timescale = video[0].source.timescale
        let instants = Self.instants(video: video, alignment: alignment, members: members)
        for instant in instants {
            let sample = alignment.sample(ofRendition: members[0], atInstant: instant)
            // A forced cut may stand at an open group of pictures, and not be in order.
            starts.append(max(video[0].presentationTimes[sample], starts[starts.count - 1]))
            if members.contains(where: { alignment.isForced(rendition: $0, atInstant: instant) }) {
                discontinuities.insert(starts.count - 1)
            }
        }
        extend(pastEndOf: video, with: audio, target: target)
        close(tracks: video + audio)
        for (track, member) in zip(video, members) {
            let firsts = instants.map { alignment.sample(ofRendition: member, atInstant: $0) }
            ranges.append(Self.ranges(of: track, firsts: firsts, groupCount: count))
        }
        for (index, track) in audio.enumerated() { cut(audio: track, index: video.count + index) }
    }

    /// The instants that start a group: common to all, and not within the shortest group after the
    /// one before unless a description changes there.
    private static func instants(
        video: [TimedTrack],
        alignment: RenditionAlignment,
        members: [Int]
    ) -> [Int] {
        let shortest = IndexDurations.shortestGroup.rounded(
            toTimescale: RenditionAlignment.timescale
        )
        let set = members.reduce(UInt16(0)) { $0 | 1 << UInt16($1) }
        var last = Int64(0)
        var chosen: [(instant: Int, isForced: Bool)] = []
        for (index, instant) in alignment.instants.enumerated()
        where instant.renditions & set == set {
            let isForced = members.contains { alignment.isForced(rendition: $0, atInstant: index) }
            guard instant.time > last, isForced || instant.time - last >= shortest else { continue }
            chosen.append((index, isForced))
            last = instant.time
        }
        let end = video.map { MediaTime($0.end, timescale: $0.source.timescale) }.max() ?? .zero
        if let final = chosen.last, !final.isForced,
            end.rounded(toTimescale: RenditionAlignment.timescale) - last < shortest
        {
            chosen.removeLast()
        }
        return chosen.map(\.instant)
    }

    /// Adds groups of about a second where audio outlasts video by more than the target.
    private mutating func extend(
        pastEndOf video: [TimedTrack],
        with audio: [TimedTrack],
        target: MediaTime
    ) {
        let ends = audio.map { MediaTime($0.end, timescale: $0.source.timescale) }
        guard let end = ends.max(), let longest = ends.firstIndex(of: end),
            let videoEnd = video.map({ MediaTime($0.end, timescale: $0.source.timescale) }).max()
        else { return }
        let audioTimescale = ends[longest].timescale
        let from = videoEnd.roundedUp(toTimescale: audioTimescale)
        guard MediaTime(end.value - from, timescale: audioTimescale) > target else { return }
        let track = audio[longest]
        let times = track.presentationTimes
        guard let first = times.firstIndex(where: { $0 >= from }) else { return }
        for sample in [first] + Self.secondCuts(track, from: first, forced: []) {
            let time = MediaTime(times[sample], timescale: audioTimescale)
            var start = time.rounded(toTimescale: timescale)
            if MediaTime(start, timescale: timescale) > time { start -= 1 }
            if start > starts[starts.count - 1] { starts.append(start) }
        }
    }

    /// The samples of an audio nearest to every full second after `first`, and those of `forced`.
    private static func secondCuts(_ track: TimedTrack, from first: Int, forced: [Int]) -> [Int] {
        let times = track.presentationTimes
        let second = max(IndexDurations.audioGroup.rounded(toTimescale: track.source.timescale), 1)
        let origin = max(times[first], 0)
        var cuts: [Int] = []
        var last = first
        var ideal = origin + second
        var nextForced = forced.makeIterator()
        var force = nextForced.next()
        for index in times.indices.dropFirst(first + 1) {
            let time = times[index]
            if index == force {
                force = nextForced.next()
                cuts.append(index)
            } else if time >= ideal {
                let isBeforeNearer = index - 1 > last && ideal - times[index - 1] < time - ideal
                cuts.append(isBeforeNearer ? index - 1 : index)
                ideal = origin + ((time - origin) / second + 1) * second
            } else {
                continue
            }
            last = cuts[cuts.count - 1]
        }
        // The rest of a second is no group of its own.
        if let final = cuts.last, track.end - times[final] < second / 4, !forced.contains(final) {
            cuts.removeLast()
        }
        return cuts
    }

    /// Ends the list at the end of the track that ends last.
    private mutating func close(tracks: [TimedTrack]) {
        let end = tracks.map { MediaTime($0.end, timescale: $0.source.timescale) }.max() ?? .zero
        starts.append(max(end.roundedUp(toTimescale: timescale), starts[starts.count - 1]))
    }
}

extension AssetIndex {
    /// How many frame groups there are.
    package var groupCount: Int { groupStarts.count - 1 }

    /// How many segments the asset's boundary list has; a track may have fewer.
    package var segmentCount: Int { segmentFirsts.count - 1 }

    /// The groups of a segment by its 1-based number, on the asset's boundary list.
    package func segmentGroups(number: Int) -> Range<Int>? {
        guard (1...segmentCount).contains(number) else { return nil }
        return Int(segmentFirsts[number - 1])..<Int(segmentFirsts[number])
    }

    /// The groups of a segment that a track's playlist names; nil for a number that it does not.
    ///
    /// A segment in which the track has no sample is part of the one before, or in front of the
    /// track's first sample part of that one, which then has number 1.
    package func segmentGroups(number: Int, track: Int) -> Range<Int>? {
        guard segmentGroups(number: number) != nil else { return nil }
        let rows = packedTracks[track].rows
        func samplesBefore(_ segment: Int) -> UInt32 {
            rows[Int(segmentFirsts[segment])].samplesBefore
        }
        let first = number - 1
        guard first == 0 || samplesBefore(first) > 0 else { return nil }
        var end = first + 1
        while samplesBefore(end) == samplesBefore(first), first == 0, end < segmentCount {
            end += 1
        }
        guard samplesBefore(end) > samplesBefore(first) else { return nil }
        while end < segmentCount, samplesBefore(end + 1) == samplesBefore(end) { end += 1 }
        return Int(segmentFirsts[first])..<Int(segmentFirsts[end])
    }

    /// The place of a track by the name that stands in addresses.
    package func trackIndex(named name: String) -> Int? {
        tracks.firstIndex { $0.name == name }
    }

    /// What a manifest says of a track's segments, of the whole asset or of a clip.
    ///
    /// Times are the track's own and exact: each entry ends where the next one starts, the first of
    /// the asset starts at 0, the last ends where the track's presentation does. Segments without a
    /// sample of the track are part of their neighbour; there are none where the track has no
    /// sample in the clip. Discontinuities stand at the same segment in every track that has
    /// samples there.
    package func segments(ofTrack track: Int, clip: Range<Int>? = nil) -> [SegmentEntry] {
        let rows = packedTracks[track].rows
        let cuts = SegmentCuts(self, clip: clip)
        var entries: [SegmentEntry] = []
        entries.reserveCapacity(cuts.segments.count)
        var nextDiscontinuity = 0
        // Segments in front of the track's first sample, which become part of the first entry.
        var leading: Range<Int>?
        for segment in cuts.segments {
            var groups = cuts.groups(ofSegment: segment)
            let end = rows[groups.upperBound]
            let isEmpty = rows[groups.lowerBound].samplesBefore == end.samplesBefore
            if isEmpty, entries.isEmpty {
                leading = (leading ?? groups).lowerBound..<groups.upperBound
                continue
            }
            if isEmpty {
                entries[entries.count - 1].extend(to: groups.upperBound, end: end.presentationStart)
                continue
            }
            while nextDiscontinuity < discontinuities.count,
                discontinuities[nextDiscontinuity] < segment
            {
                nextDiscontinuity += 1
            }
            let isDiscontinuity =
                nextDiscontinuity < discontinuities.count
                && discontinuities[nextDiscontinuity] == segment && !entries.isEmpty
            if let waiting = leading {
                groups = waiting.lowerBound..<groups.upperBound
                leading = nil
            }
            let first = rows[groups.lowerBound]
            entries.append(
                SegmentEntry(
                    groups: groups,
                    number: cuts.number(
                        ofSegment: segment,
                        startsTrack: first.samplesBefore == 0,
                        groups
                    ),
                    start: first.presentationStart,
                    duration: end.presentationStart - first.presentationStart,
                    sizeBytes: end.bytesBefore - first.bytesBefore,
                    descriptionIndex: packedTracks[track].descriptionIndex(
                        ofGroup: groups.lowerBound
                    ),
                    isDiscontinuity: isDiscontinuity
                )
            )
        }
        return entries
    }

    /// The segments of the asset's boundary list, in ticks of `timelineTimescale`: what subtitles
    /// are cut at.
    package func segmentTimeline(clip: Range<Int>? = nil) -> [SegmentEntry] {
        let cuts = SegmentCuts(self, clip: clip)
        return cuts.segments.map { segment in
            let groups = cuts.groups(ofSegment: segment)
            let start = groupStarts[groups.lowerBound]
            return SegmentEntry(
                groups: groups,
                number: cuts.number(ofSegment: segment, startsTrack: false, groups),
                start: start,
                duration: groupStarts[groups.upperBound] - start,
                sizeBytes: 0,
                isDiscontinuity: segment > cuts.segments.lowerBound
                    && discontinuities.contains(UInt32(segment))
            )
        }
    }
}

/// The segments of an asset that a clip touches, those at its ends cut down to it.
private struct SegmentCuts {
    let segments: Range<Int>
    private let clip: Range<Int>
    private let firsts: [UInt32]

    init(_ index: AssetIndex, clip: Range<Int>?) {
        firsts = index.segmentFirsts
        self.clip = (clip ?? 0..<index.groupCount).clamped(to: 0..<index.groupCount)
        guard !self.clip.isEmpty else {
            segments = 0..<0
            return
        }
        let first = Self.segment(of: self.clip.lowerBound, firsts)
        segments = first..<Self.segment(of: self.clip.upperBound - 1, firsts) + 1
    }

    /// The 0-based segment that holds a group.
    private static func segment(of group: Int, _ firsts: [UInt32]) -> Int {
        var (low, high) = (0, firsts.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(firsts[middle]) <= group { low = middle } else { high = middle }
        }
        return low
    }

    func groups(ofSegment segment: Int) -> Range<Int> {
        (Int(firsts[segment])..<Int(firsts[segment + 1])).clamped(to: clip)
    }

    /// The number of an entry that ends with a segment; nil where the clip cuts it.
    ///
    /// An entry with the track's first sample (`startsTrack`) has number 1 where it starts with the
    /// asset, and none where the clip has cut that.
    func number(ofSegment segment: Int, startsTrack: Bool, _ groups: Range<Int>) -> Int? {
        guard groups.upperBound == Int(firsts[segment + 1]) else { return nil }
        if startsTrack { return groups.lowerBound == 0 ? 1 : nil }
        return groups.lowerBound == Int(firsts[segment]) ? segment + 1 : nil
    }
}

extension SegmentEntry {
    /// Takes in groups behind that hold no samples of the track.
    fileprivate mutating func extend(to group: Int, end: Int64) {
        groups = groups.lowerBound..<group
        duration = end - start
    }
}

extension AssetIndex {
    /// The groups that a segment's address names on the asset's boundary list, and the number of
    /// the segment that they lie in.
    ///
    /// A part of a segment is a run of groups inside one segment and not all of it: the whole one
    /// has its number for an address, and nothing has two.
    ///
    /// - Throws: `PackagingError.notFound` for what no playlist names.
    package func groups(
        _ reference: MediaAddress.SegmentReference
    ) throws(PackagingError) -> (groups: Range<Int>, number: Int) {
        switch reference {
        case .number(let number):
            guard let groups = segmentGroups(number: number) else { throw .notFound }
            return (groups, number)
        case .groups(let groups):
            let number = segmentNumber(ofGroup: groups.lowerBound)
            guard let whole = segmentGroups(number: number), groups != whole,
                groups.upperBound <= whole.upperBound
            else {
                throw .notFound
            }
            return (groups, number)
        }
    }

    /// The same for a track, whose playlists leave out numbers where it has no samples.
    package func groups(
        _ reference: MediaAddress.SegmentReference,
        ofTrack track: Int
    ) throws(PackagingError) -> (groups: Range<Int>, number: Int) {
        switch reference {
        case .number(let number):
            guard let groups = segmentGroups(number: number, track: track) else { throw .notFound }
            return (groups, number)
        case .groups(let groups):
            // A clip's first or last segment may hold, for this track, what lies beyond its own
            // segment because that one has no samples; it is named by the groups all the same.
            guard groups.upperBound <= groupCount,
                let entry = segments(ofTrack: track, clip: groups).first, entry.groups == groups,
                entry.number == nil
            else {
                throw .notFound
            }
            return (groups, segmentNumber(ofGroup: groups.lowerBound))
        }
    }

    /// The 1-based number of the segment that a group is in; of the last one for groups beyond.
    private func segmentNumber(ofGroup group: Int) -> Int {
        var (low, high) = (0, segmentCount)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(segmentFirsts[middle]) <= group { low = middle } else { high = middle }
        }
        return low + 1
    }

    /// Whether a track has samples in these groups, as audio that starts late or ends early has not.
    package func hasSamples(ofTrack track: Int, groups: Range<Int>) -> Bool {
        packedTracks[track].sampleCount(groups) > 0
    }

    /// The key frames of a video track, one for each group: what an I-frame playlist names.
    package func keyFrames(ofTrack track: Int, clip: Range<Int>? = nil) -> [IFrameEntry] {
        let packed = packedTracks[track]
        var segment = 0
        var isFirst = true
        return (clip ?? 0..<groupCount).map { group in
            while segment < segmentCount, Int(segmentFirsts[segment]) < group { segment += 1 }
            let startsSegment = Int(segmentFirsts[segment]) == group
            let (row, next) = (packed.rows[group], packed.rows[group + 1])
            defer { isFirst = false }
            return IFrameEntry(
                group: group,
                start: row.presentationStart,
                duration: next.presentationStart - row.presentationStart,
                sizeBytes: packed.firstSizeBytes(ofGroup: group, in: packedBytes),
                descriptionIndex: packed.descriptionIndex(ofGroup: group),
                isDiscontinuity: !isFirst && startsSegment
                    && discontinuities.contains(UInt32(segment))
            )
        }
    }
}

extension PackedTrack {
    /// The size of a group's first sample: the first field of its block.
    fileprivate func firstSizeBytes(ofGroup group: Int, in packed: [UInt8]) -> UInt64 {
        guard sampleCount(group..<group + 1) > 0 else { return 0 }
        let offset = Int(rows[group].blockOffset)
        guard offset + 4 <= packed.count else { return 0 }
        return packed[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

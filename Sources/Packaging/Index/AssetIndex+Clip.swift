extension AssetIndex {
    /// The groups of a clip that is given in seconds.
    ///
    /// It runs from the group at or before `start` to the end of the group at or after `end`, so
    /// that it holds at least what was asked for.
    ///
    /// An end beyond the asset's is its end.
    ///
    /// - Returns: nil where neither is given.
    /// - Throws: `PackagingError.invalidClip` where a time is negative or not finite, the start is
    ///   not inside the asset, or the end not after it.
    package func clip(start: Double?, end: Double?) throws(PackagingError) -> Range<Int>? {
        if start == nil, end == nil { return nil }
        let (start, end) = (start ?? 0, end ?? duration.seconds)
        guard start.isFinite, end.isFinite, start >= 0, start < end, start < duration.seconds else {
            throw .invalidClip
        }
        let first = firstGroup { seconds($0) > start + Self.clipTolerance } - 1
        let last = firstGroup { seconds($0) >= end - Self.clipTolerance }
        return max(first, 0)..<min(max(last, first + 1), groupCount)
    }

    /// Half a millisecond: times in addresses are read off manifests that round to as much.
    private static let clipTolerance = 0.0005

    private func seconds(_ group: Int) -> Double {
        MediaTime(groupStarts[group], timescale: timelineTimescale).seconds
    }

    /// The first group that meets a condition which all later ones meet too; `groupCount` if none.
    private func firstGroup(where condition: (Int) -> Bool) -> Int {
        var (low, high) = (0, groupCount)
        while low < high {
            let middle = (low + high) / 2
            if condition(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// Gathers frame groups into segments near a target duration.
///
/// A segment ends at the first group boundary at or after the target from its start; or at the
/// boundary before, where that is nearer to the target and at least half of it away. True durations
/// decide, so that nothing drifts: 3.32 s groups with a 4 s target give 3.32 s segments. A
/// discontinuity always starts a segment.
///
/// A last segment is folded into the one before where it is shorter than half the longest group of
/// that one, or than half a second, but never where it is half the target or more.
enum SegmentList {
    /// The first group of each segment, then the count of groups.
    static func firstGroups(_ groups: FrameGroups, target: MediaTime) -> [UInt32] {
        let starts = groups.starts
        let target = max(target.rounded(toTimescale: groups.timescale), 1)
        var firsts: [UInt32] = [0]
        var first = 0
        var group = 1
        while group < groups.count {
            let length = starts[group] - starts[first]
            if groups.discontinuities.contains(group) {
                first = group
            } else if length >= target {
                let shorter = starts[group - 1] - starts[first]
                let isShorterNearer =
                    group - 1 > first && shorter >= (target + 1) / 2
                    && target - shorter < length - target
                first = isShorterNearer ? group - 1 : group
                group = first
            } else if endsBefore(group, first: first, groups: groups, target: target) {
                first = group
            } else {
                group += 1
                continue
            }
            firsts.append(UInt32(first))
            group += 1
        }
        foldLast(&firsts, groups: groups, target: target)
        firsts.append(UInt32(groups.count))
        return firsts
    }

    /// Whether a segment ends at `group`, the last boundary, as the asset's end would be too late.
    private static func endsBefore(
        _ group: Int,
        first: Int,
        groups: FrameGroups,
        target: Int64
    ) -> Bool {
        guard group + 1 == groups.count else { return false }
        let shorter = groups.starts[group] - groups.starts[first]
        let longer = groups.starts[group + 1] - groups.starts[first]
        return shorter >= (target + 1) / 2 && target - shorter < longer - target
    }

    private static func foldLast(_ firsts: inout [UInt32], groups: FrameGroups, target: Int64) {
        guard firsts.count > 1, let last = firsts.last.map(Int.init),
            !groups.discontinuities.contains(last)
        else { return }
        let before = Int(firsts[firsts.count - 2])
        let longest = (before..<last).reduce(Int64(0)) {
            max($0, groups.starts[$1 + 1] - groups.starts[$1])
        }
        let sliver = IndexDurations.sliver.rounded(toTimescale: groups.timescale)
        let shortest = min(max(longest / 2, sliver), target / 2)
        if groups.starts[groups.count] - groups.starts[last] < shortest { firsts.removeLast() }
    }
}

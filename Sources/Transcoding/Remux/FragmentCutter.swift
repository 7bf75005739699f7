package import Packaging

/// Decides where fragments begin, so that they are the segments that will be served.
///
/// One track leads: the video, or the first audio where there is none. The rule is the one by which
/// an asset's segments are cut: a segment ends at the first boundary at or after the target, or at
/// the boundary before, where that is nearer to the target and at least half of it away. So the
/// leader's samples from such a boundary on wait for the next one. The other tracks are cut at the
/// same times, each at its first sample not before; a follower's sample can be placed only when the
/// leader has come so far that no cut before it can still appear.
package struct FragmentCutter {
    private let timescale: UInt32
    private let target: Int64
    private let shortest: Int64

    /// A boundary of the leader: the sample that begins there, and when it is shown.
    private struct Boundary {
        var sample: Int
        var time: Int64
    }

    private var segmentStart: Int64 = 0
    private var lastBoundary: Int64 = 0
    /// Would be cut at if the next boundary turns out to be too far away.
    private var candidate: Boundary?
    private var cuts: [Boundary] = []
    private var leaderCount = 0
    private var leaderReached: Int64?
    private var leaderEnded = false
    /// Of each track, the place in `cuts` of the next it has to cut at; -1 is the leader.
    private var next: [Int: Int] = [:]
    private static let leader = -1

    /// A cutter in the leader's timescale, in which the segments of an asset are cut, too.
    package init(target: MediaTime, timescale: UInt32) {
        self.timescale = timescale
        self.target = target.rounded(toTimescale: timescale)
        shortest = ImportLimits.shortestGroup.rounded(toTimescale: timescale)
    }

    /// Takes note of the leader's next sample in decode order; times are the leader's ticks.
    ///
    /// `isBoundary` says that decoding can begin with it, and that nothing decoded later is shown
    /// earlier nor the other way round: a key frame of a closed group.
    package mutating func lead(shown: Int64, decoded: Int64, isBoundary: Bool) {
        leaderReached = decoded
        defer { leaderCount += 1 }
        guard isBoundary, leaderCount > 0, shown - lastBoundary >= shortest else { return }
        lastBoundary = shown
        consider(Boundary(sample: leaderCount, time: shown))
    }

    private mutating func consider(_ boundary: Boundary) {
        let length = boundary.time - segmentStart
        guard length >= target else {
            if length >= (target + 1) / 2 { candidate = boundary }
            return
        }
        if let candidate, target - (candidate.time - segmentStart) < length - target {
            cut(at: candidate)
            consider(boundary)
        } else {
            cut(at: boundary)
        }
    }

    private mutating func cut(at boundary: Boundary) {
        cuts.append(boundary)
        segmentStart = boundary.time
        candidate = nil
    }

    /// No boundary appears any more; the leader's last sample ends at `end`.
    package mutating func endLeader(at end: Int64) {
        leaderEnded = true
        if let candidate {
            let shorter = candidate.time - segmentStart
            if target - shorter < end - segmentStart - target { cut(at: candidate) }
        }
        candidate = nil
    }

    /// Cuts where the leader waits, so that it need not wait any longer.
    package mutating func stopWaiting() {
        if let candidate { cut(at: candidate) }
    }

    /// How many of the leader's samples have their place.
    package var settledLeaderSamples: Int { candidate?.sample ?? leaderCount }

    /// Whether a fragment begins with this sample of the leader; asked once for each, in order.
    package mutating func beginsFragment(leaderSample: Int) -> Bool {
        passes(track: Self.leader) { $0.sample <= leaderSample }
    }

    /// Whether every cut up to this time of a follower is known.
    package func isSettled(_ shown: MediaTime) -> Bool {
        if let candidate, !(shown < MediaTime(candidate.time, timescale: timescale)) {
            return false
        }
        // A key frame still to come is shown no earlier than it is decoded.
        return leaderEnded
            || leaderReached.map { shown < MediaTime($0, timescale: timescale) } ?? false
    }

    /// Whether a fragment begins with this sample of a follower; asked once for each, in order.
    package mutating func beginsFragment(follower: Int, shown: MediaTime) -> Bool {
        let timescale = timescale
        return passes(track: follower) {
            !(shown < MediaTime($0.time, timescale: timescale))
        }
    }

    private mutating func passes(track: Int, _ isReached: (Boundary) -> Bool) -> Bool {
        let first = next[track, default: 0]
        var index = first
        while index < cuts.count, isReached(cuts[index]) { index += 1 }
        next[track] = index
        return index > first
    }
}

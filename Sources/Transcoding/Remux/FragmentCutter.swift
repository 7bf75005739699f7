package import Packaging

/// Decides where fragments begin, so that they are the segments that will be served.
///
/// One track leads: the video, or the first audio where there is none. Its fragments begin at the
/// first key frame at or after the target. The other tracks are cut at the same times, each at its
/// nearest sample not before. A follower's sample can be placed only when the leader has come so
/// far that no boundary before it can still appear: until then `isSettled` is false and it waits.
package struct FragmentCutter {
    private let target: MediaTime
    /// Start of every fragment of the leader but the first.
    private var boundaries: [MediaTime] = []
    private var fragmentStart: MediaTime?
    private var leaderReached: MediaTime?
    private var leaderEnded = false
    /// Of each follower, the place in `boundaries` of the next it has to cut at.
    private var next: [Int: Int] = [:]

    package init(target: MediaTime) {
        self.target = target
    }

    /// Takes note of the leader's next sample in decode order.
    ///
    /// - Returns: whether a fragment begins with it.
    package mutating func lead(shown: MediaTime, decoded: MediaTime, isKey: Bool) -> Bool {
        leaderReached = decoded
        guard let start = fragmentStart else {
            fragmentStart = shown
            return false
        }
        guard isKey, shown.seconds - start.seconds >= target.seconds - Self.slack else {
            return false
        }
        fragmentStart = shown
        boundaries.append(shown)
        return true
    }

    /// No boundary appears any more.
    package mutating func endLeader() {
        leaderEnded = true
    }

    /// Whether every boundary up to this time is known.
    package func isSettled(_ shown: MediaTime) -> Bool {
        // A key frame still to come is shown no earlier than it is decoded.
        leaderEnded || leaderReached.map { shown < $0 } ?? false
    }

    /// Takes note of a follower's next sample.
    ///
    /// - Returns: whether a fragment begins with it.
    package mutating func follow(track: Int, shown: MediaTime) -> Bool {
        var index = next[track, default: 0]
        let first = index
        while index < boundaries.count, !(shown < boundaries[index]) { index += 1 }
        next[track] = index
        return index > first
    }

    /// Less than any tick: what adding up exact times as seconds may lose.
    private static let slack = 1e-6
}

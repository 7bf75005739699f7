/// How a region stands; the better comes first.
package enum RegionStanding: Int, Comparable, CaseIterable, Sendable {
    case healthy
    /// It answers, but has no room for more.
    case overloaded
    /// It is about to go away.
    case draining
    /// It does not answer.
    case unhealthy

    package static func < (left: RegionStanding, right: RegionStanding) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What is known of a region from the looks at it so far.
///
/// A single failure or peak moves nobody: standing falls after several failures in a row, rises
/// after several answers, and overload ends well below where it began. Until the first look a
/// region counts as healthy, so that a restart of this edge moves nobody either.
struct RegionHealthStateMachine {
    private(set) var standing = RegionStanding.healthy
    /// Smoothed, from 0 to 1.
    private(set) var load = 0.0
    private var failureCount = 0
    private var answerCount = 0
    private var wasSeen = false

    /// - Parameters:
    ///   - document: nothing where the region gave no answer, or none that makes sense.
    ///   - isSmooth: whether its load is a mean already.
    mutating func note(_ document: RegionHealthDocument?, isSmooth: Bool = false) {
        guard let document else { return noteFailure() }
        failureCount = 0
        load = wasSeen && !isSmooth ? (load + document.load) / 2 : document.load
        wasSeen = true
        if standing == .unhealthy {
            answerCount += 1
            guard answerCount >= SteeringLimits.recoveryCount else { return }
        }
        let threshold =
            standing == .overloaded ? SteeringLimits.release : SteeringLimits.overload
        if document.isDraining {
            standing = .draining
        } else {
            standing = load >= threshold ? .overloaded : .healthy
        }
    }

    private mutating func noteFailure() {
        answerCount = 0
        failureCount += 1
        if failureCount >= SteeringLimits.failureCount { standing = .unhealthy }
    }
}

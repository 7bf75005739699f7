/// Which region a player should play from, and which next if that fails.
///
/// Standing first, then the configured preference, then room. Only a share of the players is moved
/// at one asking unless their region goes away: told all alike, a crowd would run to the emptiest
/// region, fill it, and run back.
struct SteeringOrder {
    var statuses: [RegionStatus]
    var own: String

    /// - Parameters:
    ///   - current: the region that the player plays from, if it said so.
    ///   - draw: from 0 up to, not including, 1, another one for each player.
    /// - Returns: all regions, the best first.
    func ids(current: String?, draw: Double) -> [String] {
        var ordered = statuses.sorted(by: isBetter)
        if let index = ordered.firstIndex(where: { $0.region.id == current }), index > 0,
            draw >= share(leaving: ordered[index], for: ordered[0])
        {
            ordered.insert(ordered.remove(at: index), at: 0)
        }
        return ordered.map(\.region.id)
    }

    private func isBetter(_ left: RegionStatus, _ right: RegionStatus) -> Bool {
        if left.standing != right.standing { return left.standing < right.standing }
        if left.region.preference != right.region.preference {
            return left.region.preference < right.region.preference
        }
        let (leftSteps, rightSteps) = (roomSteps(left), roomSteps(right))
        if leftSteps != rightSteps { return leftSteps > rightSteps }
        return left.region.id == own && right.region.id != own
    }

    /// The share of a region's players that should go to a better one now.
    private func share(leaving current: RegionStatus, for best: RegionStatus) -> Double {
        switch current.standing {
        case .unhealthy, .draining:
            return best.standing < current.standing ? 1 : 0
        case .overloaded:
            guard best.standing == .healthy else { return 0 }
            return max(leavingShare(current, best), balancingShare(current, best))
        case .healthy:
            if best.region.preference < current.region.preference {
                // The fuller it is, the fewer: all at once would fill it, and be sent away again.
                let room = 1 - best.load / SteeringLimits.release
                return SteeringLimits.homecomingShare * max(0, room)
            }
            return balancingShare(current, best)
        }
    }

    /// Between regions that are equal by configuration: some, until both have about as much room.
    private func balancingShare(_ current: RegionStatus, _ best: RegionStatus) -> Double {
        guard best.region.preference <= current.region.preference,
            room(best) - room(current) >= SteeringLimits.roomMargin
        else { return 0 }
        return SteeringLimits.balancingShare
    }

    /// As many as are too many, but no more than the better region has room for.
    private func leavingShare(_ current: RegionStatus, _ best: RegionStatus) -> Double {
        let target = SteeringLimits.spreadLoad
        let carried = current.load * current.region.capacity
        let room = max(0, target - best.load) * best.region.capacity
        return min(1 - target / current.load, room / carried)
    }

    /// How much more a region can take, as a share of the largest one.
    private func room(_ status: RegionStatus) -> Double {
        let largest = statuses.map(\.region.capacity).max() ?? 1
        return (1 - status.load) * status.region.capacity / largest
    }

    /// In tenths: smaller differences are noise, and the own region is as good.
    private func roomSteps(_ status: RegionStatus) -> Int { Int(room(status) * 10) }
}

/// What a region says of itself at `/steering/health`.
package struct RegionHealthDocument: Hashable, Sendable {
    /// From 0, idle, to 1, full.
    package var load: Double
    /// It is about to go away: players should leave.
    package var isDraining: Bool

    /// - Parameters:
    ///   - load: is brought into its range.
    ///   - isDraining: whether players should leave.
    package init(load: Double, isDraining: Bool = false) {
        self.load = load.isNaN ? 1 : min(max(load, 0), 1)
        self.isDraining = isDraining
    }

    /// How this edge stands: as full as the scarcer of its two resources.
    ///
    /// - Parameters:
    ///   - openConnections: of players.
    ///   - maximumConnections: how many it accepts.
    ///   - busyness: the share of time that the busiest event loop was not idle, from 0 to 1.
    ///   - isDraining: whether it was told to stop.
    package init(
        openConnections: Int,
        maximumConnections: Int,
        busyness: Double,
        isDraining: Bool
    ) {
        let connections = Double(openConnections) / Double(max(maximumConnections, 1))
        self.init(load: max(connections, busyness), isDraining: isDraining)
    }

    /// Three decimals are exact enough, and the same text for the same state.
    package var json: String {
        let thousandths = Int((load * 1000).rounded())
        let fraction = String(thousandths % 1000 + 1000).dropFirst()
        return "{\"load\":\(thousandths / 1000).\(fraction),\"draining\":\(isDraining)}\n"
    }

    /// Reads what another region says; keys that a later version adds are ignored.
    ///
    /// - Returns: nothing unless it is a flat object of numbers, booleans and plain strings with a
    ///   load from 0 to 1.
    package init?(json: [UInt8]) {
        guard json.count <= SteeringLimits.healthSizeBytes else { return nil }
        guard let text = String(validating: json, as: UTF8.self)?.trimmedSpace,
            text.hasPrefix("{"), text.hasSuffix("}")
        else { return nil }
        var load: Double?
        var isDraining = false
        for pair in text.dropFirst().dropLast().split(
            separator: ",",
            omittingEmptySubsequences: false
        ) {
            let parts = pair.split(separator: ":", maxSplits: 1).map(\.trimmedSpace)
            guard parts.count == 2, parts[0].hasPrefix("\""), parts[0].hasSuffix("\"") else {
                return nil
            }
            switch parts[0] {
            case "\"load\"": load = Double(parts[1])
            case "\"draining\"":
                guard parts[1] == "true" || parts[1] == "false" else { return nil }
                isDraining = parts[1] == "true"
            default: continue
            }
        }
        guard let load, (0...1).contains(load) else { return nil }
        self.init(load: load, isDraining: isDraining)
    }
}

extension StringProtocol {
    /// Without white space at its ends.
    fileprivate var trimmedSpace: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}

/// Whether an answer may be kept, and how long.
package enum FreshnessDecision: Hashable, Sendable {
    case store(Freshness)
    /// Whether those who wait for the same address may be given this one answer.
    case doNotStore(shareable: Bool)
}

/// Fields that are for caches like this one.
package enum SurrogateFields {
    /// Whether a field stays between caches.
    ///
    /// Such a field is left out of what players get, and sent on to an edge that asks, which needs
    /// it for its own decision. The name is in lower case.
    package static func isForEdgesOnly(_ name: String) -> Bool {
        switch name {
        case "surrogate-control", "cdn-cache-control", "surrogate-key", "cache-tag": true
        default: false
        }
    }
}

/// Whose players ask: the manifest is the same, the addresses and the query's names are not.
package enum SteeringFormat: String, CaseIterable, Sendable {
    case hls
    case dash

    /// Where its steering manifest is, on every edge.
    package var path: String { SteeringPath.root + rawValue + ".json" }

    var pathwayParameter: Substring {
        switch self {
        case .hls: "_HLS_pathway"
        case .dash: "_DASH_pathway"
        }
    }
}

/// The addresses of steering on an edge's public listener.
package enum SteeringPath {
    package static let root = "/steering/"
    /// What other regions ask: how this one stands.
    package static let health = root + "health"
}

/// What a player says when it asks for the steering manifest.
///
/// Names of regions only: what is none of the configured ones says nothing.
struct SteeringQuery: Hashable {
    /// The region whose playlist the player holds, by which clones are made; our own parameter.
    var base: String?
    /// The region that it plays from.
    var pathway: String?

    /// Reads a query as it was sent; what is no name is left out.
    init(_ query: String?, _ format: SteeringFormat) {
        guard let query, query.utf8.count <= SteeringLimits.querySizeBytes else { return }
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case Self.baseParameter: base = Self.first(parts[1])
            case format.pathwayParameter: pathway = Self.first(parts[1])
            default: break
            }
        }
    }

    static let baseParameter: Substring = "base"

    /// The first of a list, which DASH puts in quotes, the fastest first.
    private static func first(_ value: Substring) -> String? {
        let bytes = value.utf8.span
        guard let decoded = CMCDParameter.percentDecoded(bytes, 0..<bytes.count) else { return nil }
        let text = String(decoding: decoded, as: UTF8.self)
        let list = text.drop { $0 == "\"" }
        let id = String(list.prefix { $0 != "," && $0 != "\"" })
        return SteeringRegion.isID(id) ? id : nil
    }
}

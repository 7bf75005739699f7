import Platform

/// The steering manifest: where players should play from. RFC 8216bis §7
///
/// DASH's has the same keys. ETSI TS 103 998
struct SteeringManifest {
    var configuration: SteeringConfiguration
    /// Where the player will ask next.
    var format: SteeringFormat
    /// The pathway that the player's playlist names, from which it makes the others; nothing where
    /// it knows them all.
    var base: String?
    /// All regions, the best first.
    var priority: [String]
    /// Whether this edge goes away, and another one must be asked next.
    var isLeaving: Bool

    /// The manifest for one player.
    ///
    /// - Parameters:
    ///   - configuration: of this edge.
    ///   - statuses: of all regions.
    ///   - format: whose player asks.
    ///   - query: what it said.
    ///   - draw: from 0 up to, not including, 1.
    /// - Returns: what the player is told.
    static func make(
        _ configuration: SteeringConfiguration,
        _ statuses: [RegionStatus],
        _ format: SteeringFormat,
        _ query: SteeringQuery,
        draw: Double
    ) -> SteeringManifest {
        let order = SteeringOrder(statuses: statuses, own: configuration.own.id)
        let own = statuses.first { $0.region.id == configuration.own.id }
        return SteeringManifest(
            configuration: configuration,
            format: format,
            base: query.base.flatMap { configuration.region($0)?.id },
            priority: order.ids(current: query.pathway, draw: draw),
            isLeaving: own?.standing == .draining
        )
    }

    var json: String {
        var json = "{\"VERSION\":1,\"TTL\":\(configuration.ttlSeconds)"
        if let reloadURI { json += ",\"RELOAD-URI\":\(JSONText.quoted(reloadURI))" }
        let names = priority.map(JSONText.quoted).joined(separator: ",")
        json += ",\"PATHWAY-PRIORITY\":[\(names)]"
        if let base, !priority.allSatisfy({ $0 == base }) {
            json += ",\"PATHWAY-CLONES\":[\(clones(of: base))]"
        }
        return json + "}\n"
    }

    /// Nothing where this edge is asked again.
    private var reloadURI: String? {
        guard isLeaving, let first = priority.first, first != configuration.own.id,
            let region = configuration.region(first)
        else { return nil }
        return region.baseURL + format.path
            + (base.map { "?\(SteeringQuery.baseParameter)=\($0)" } ?? "")
    }

    /// In the configuration's order, which does not change with health.
    ///
    /// RFC 8216bis §7, pathway cloning
    private func clones(of base: String) -> String {
        configuration.regions.filter { $0.id != base }.map { region in
            let host = JSONText.quoted(configuration.replacementHost(of: region))
            return "{\"BASE-ID\":\(JSONText.quoted(base)),\"ID\":\(JSONText.quoted(region.id)),"
                + "\"URI-REPLACEMENT\":{\"HOST\":\(host)}}"
        }.joined(separator: ",")
    }
}

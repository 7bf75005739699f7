import Platform

/// Between which regions players may move, as an operator writes it.
package struct SteeringOptions: Hashable, Sendable {
    /// This edge's; empty: no steering.
    package var region: String
    package var regions: [String]
    package var ttl: Duration

    init(_ values: inout ConfigurationValues) throws(ConfigurationError) {
        region = values.string("steering.region", default: "")
        regions = values.list("steering.regions", default: [])
        ttl = try values.duration(
            "steering.ttl",
            default: .seconds(60),
            in: .seconds(1) ... .seconds(3600)
        )
    }

    /// Nothing where players are not steered.
    func configuration() throws(ConfigurationError) -> SteeringConfiguration? {
        guard !region.isEmpty else { return nil }
        do throws(SteeringConfigurationError) {
            var made: [SteeringRegion] = []
            for text in regions { made.append(try SteeringRegion(text)) }
            return try SteeringConfiguration(
                own: region,
                regions: made,
                ttlSeconds: Int(ttl.components.seconds)
            )
        } catch {
            throw .invalid(
                key: "steering.regions",
                value: regions.joined(separator: ", "),
                expected: "\(error)"
            )
        }
    }
}

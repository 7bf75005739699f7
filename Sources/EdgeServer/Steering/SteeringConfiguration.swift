/// The regions between which players may move, as this edge sees them.
package struct SteeringConfiguration: Hashable, Sendable {
    /// The region that this edge serves.
    package let own: SteeringRegion
    /// All of them, this one included, in the configuration's order.
    package let regions: [SteeringRegion]
    /// After how many seconds players ask again.
    package let ttlSeconds: Int

    /// - Parameters:
    ///   - own: the id of this region.
    ///   - regions: all of them, this one included.
    ///   - ttlSeconds: from 1 to 3600; lower moves players sooner and costs requests.
    /// - Throws: what is wrong.
    package init(
        own: String,
        regions: [SteeringRegion],
        ttlSeconds: Int = 60
    ) throws(SteeringConfigurationError) {
        guard regions.count <= SteeringLimits.regionCount else {
            throw .tooManyRegions(most: SteeringLimits.regionCount)
        }
        guard SteeringLimits.ttlSeconds.contains(ttlSeconds) else {
            throw .badTTL(seconds: ttlSeconds, range: SteeringLimits.ttlSeconds)
        }
        var ids: Set<String> = []
        for region in regions where !ids.insert(region.id).inserted {
            throw .duplicateRegion(id: region.id)
        }
        guard let own = regions.first(where: { $0.id == own }) else {
            throw .ownRegionMissing(id: own)
        }
        guard regions.allSatisfy({ $0.scheme == own.scheme }) else { throw .mixedSchemes }
        self.own = own
        self.regions = regions
        self.ttlSeconds = ttlSeconds
    }

    func region(_ id: String) -> SteeringRegion? { regions.first { $0.id == id } }

    /// What `HOST` of a pathway clone says.
    func replacementHost(of region: SteeringRegion) -> String {
        regions.allSatisfy { $0.port == nil } ? region.host : region.hostAndPort
    }
}

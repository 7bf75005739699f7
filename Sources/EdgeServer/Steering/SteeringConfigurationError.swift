/// What is wrong with steering's configuration.
package enum SteeringConfigurationError: Error, Hashable, Sendable {
    /// No id of `[A-Za-z0-9._-]`, no `http(s)://host[:port]`, or an unknown option.
    case badRegion(String)
    case duplicateRegion(id: String)
    /// This region's name is not among the regions.
    case ownRegionMissing(id: String)
    /// A pathway differs from another by its host only, so all must be `http` or all `https`.
    case mixedSchemes
    case tooManyRegions(most: Int)
    case badTTL(seconds: Int, range: ClosedRange<Int>)
}

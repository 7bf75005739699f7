import Platform

/// Who may have what; everything is open unless something is set.
package struct AccessConfiguration: Sendable {
    /// Where rules for media hold: tokens and pages.
    package var protectedPrefixes = ["/videos/", "/live/"]
    /// Whether protected paths open without a token while there are keys.
    ///
    /// A token that is brought along is checked all the same.
    package var isTokenOptional = false
    /// How long tokens and keys are good beyond their end, for clocks that differ; 0 s and more.
    package var clockSkewSeconds: Int64 = 30

    /// Only these networks; empty: all.
    package var allowedNetworks = NetworkSet()
    /// Not these, even where they are allowed.
    package var deniedNetworks = NetworkSet()
    /// Edges, health checks and the like, to which limits do not apply.
    package var exemptNetworks = NetworkSet()

    /// Only these countries; empty: all.
    package var allowedCountries: Set<CountryCode> = []
    package var deniedCountries: Set<CountryCode> = []
    /// Whether addresses may that the database does not know, private ones among them.
    package var allowsUnknownCountry = true

    package var pages = PageRule()

    /// Of one client: an IPv4 address, or an IPv6 /64.
    package var clientRequests: RateLimit?
    /// Bytes of answers; a client over its limit gets no new answer until it is below.
    package var clientBytes: RateLimit?
    package var tokenRequests: RateLimit?
    package var tokenBytes: RateLimit?

    package init() {}

    var hasCountryRule: Bool { !allowedCountries.isEmpty || !deniedCountries.isEmpty }

    var hasClientRule: Bool {
        !allowedNetworks.isEmpty || !deniedNetworks.isEmpty || hasCountryRule
    }

    var hasLimit: Bool {
        clientRequests != nil || clientBytes != nil || tokenRequests != nil || tokenBytes != nil
    }
}

/// What makes a configuration unusable.
package enum AccessConfigurationError: Error, Hashable, Sendable {
    /// There are rules by country, and no database to tell countries by.
    case countriesWithoutDatabase
    /// A protected prefix does not begin and end with a slash, or is not written plainly.
    case badPrefix(String)
}

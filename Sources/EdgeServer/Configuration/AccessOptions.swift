import Platform

/// Who may have what, as an operator writes it.
package struct AccessOptions: Hashable, Sendable {
    /// `ID:SECRET`, the secret in hexadecimal digits, perhaps with `:UNIXSECONDS` after which it
    /// opens nothing.
    package var keys: [String]
    package var protected: [String]
    package var isTokenOptional: Bool
    package var clockSkew: Duration
    package var allowed: [String]
    package var denied: [String]
    package var exempt: [String]
    package var allowedCountries: [String]
    package var deniedCountries: [String]
    package var allowsUnknownCountry: Bool
    package var geoDatabase: String
    /// Hosts of pages that may embed; empty: all.
    package var pages: [String]
    package var allowsMissingPage: Bool
    package var clientRequests: Rate
    package var clientBytes: Rate
    package var tokenRequests: Rate
    package var tokenBytes: Rate

    /// 0 a second: no limit.
    package struct Rate: Hashable, Sendable {
        package var perSecond: Int
        package var burst: Int
    }

    init(_ values: inout ConfigurationValues) throws(ConfigurationError) {
        keys = values.list("access.keys", default: [])
        protected = values.list("access.protect", default: ["/videos/", "/live/"])
        isTokenOptional = try values.boolean("access.optional", default: false)
        clockSkew = try values.duration(
            "access.clock_skew",
            default: .seconds(30),
            in: .zero ... .seconds(3600)
        )
        allowed = values.list("access.allow", default: [])
        denied = values.list("access.deny", default: [])
        exempt = values.list("access.exempt", default: [])
        allowedCountries = values.list("access.allow_countries", default: [])
        deniedCountries = values.list("access.deny_countries", default: [])
        allowsUnknownCountry = try values.boolean("access.allow_unknown_country", default: true)
        geoDatabase = values.string("access.geo_database", default: "")
        pages = values.list("access.referers", default: [])
        allowsMissingPage = try values.boolean("access.allow_missing_referer", default: true)
        clientRequests = try Rate.requests("client", &values)
        clientBytes = try Rate.bytes("client", &values)
        tokenRequests = try Rate.requests("token", &values)
        tokenBytes = try Rate.bytes("token", &values)
    }
}

extension AccessOptions.Rate {
    fileprivate static func requests(
        _ whose: String,
        _ values: inout ConfigurationValues
    ) throws(ConfigurationError) -> AccessOptions.Rate {
        let range = 0...10_000_000
        let rate = try values.integer("limits.\(whose)_requests_per_second", default: 0, in: range)
        let burst = try values.integer("limits.\(whose)_requests_burst", default: 0, in: range)
        return AccessOptions.Rate(perSecond: rate, burst: burst == 0 ? rate : burst)
    }

    fileprivate static func bytes(
        _ whose: String,
        _ values: inout ConfigurationValues
    ) throws(ConfigurationError) -> AccessOptions.Rate {
        let range = 0...(1 << 40)
        let rate = try values.byteSize("limits.\(whose)_bytes_per_second", default: 0, in: range)
        let burst = try values.byteSize("limits.\(whose)_bytes_burst", default: 0, in: range)
        return AccessOptions.Rate(perSecond: rate, burst: burst == 0 ? rate : burst)
    }
}

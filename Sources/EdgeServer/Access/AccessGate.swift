package import Logging
package import Platform

/// Decides about each request before anything else looks at it; from any thread, without blocking.
///
/// A gate is made of a configuration and never changes; on reload its owner swaps in another. Rates and
/// remembered tokens begin anew then, counters go on.
package final class AccessGate: Sendable {
    let configuration: AccessConfiguration
    /// Nothing without keys: tokens in paths are taken off then and not looked at.
    let verifier: AccessTokenVerifier?
    let countries: GeoDatabase?
    let counters: AccessCounters
    let log: RefusalLog
    let rates: AccessRates
    private let isOpen: Bool

    /// - Throws: `AccessConfigurationError`.
    package init(
        configuration: AccessConfiguration = AccessConfiguration(),
        keys: AccessKeys? = nil,
        countries: GeoDatabase? = nil,
        counters: AccessCounters,
        logger: Logger
    ) throws(AccessConfigurationError) {
        guard countries != nil || !configuration.hasCountryRule else {
            throw .countriesWithoutDatabase
        }
        for prefix in configuration.protectedPrefixes
        where PathPrefix.segments(of: prefix) == nil {
            throw .badPrefix(prefix)
        }
        self.configuration = configuration
        self.countries = countries
        self.counters = counters
        let usableKeys = keys.flatMap { $0.isEmpty ? nil : $0 }
        verifier = usableKeys.map {
            AccessTokenVerifier(keys: $0, clockSkewSeconds: configuration.clockSkewSeconds)
        }
        log = RefusalLog(logger: logger)
        rates = AccessRates(configuration)
        isOpen =
            verifier == nil && configuration.pages.isOpen && !configuration.hasClientRule
            && !configuration.hasLimit
    }

    /// Decides about a request.
    ///
    /// - Parameters:
    ///   - request: as it came.
    ///   - time: now.
    ///   - header: looks a field up by its name in lower case; called for few requests.
    /// - Returns: what to do with it.
    package func check(
        _ request: AccessRequest,
        at time: AccessTime,
        header: (String) -> String?
    ) -> AccessDecision {
        if isOpen, !TokenPath.hasToken(request.path.utf8.span) {
            return .allowed(AccessPass(path: request.path[...], token: nil))
        }
        do throws(AccessRefusal) {
            return try decide(request, at: time, header: header)
        } catch {
            counters.count(error)
            log.note(
                error,
                path: Self.withoutToken(request.path),
                client: request.client,
                now: time.unixSeconds
            )
            return .refused(error)
        }
    }

    /// Counts the bytes of an answer against its client's and its token's limits.
    package func charge(
        bytes: UInt64,
        to client: IPAddress,
        _ pass: AccessPass,
        at time: AccessTime
    ) {
        guard rates.countsBytes, !configuration.exemptNetworks.contains(client) else { return }
        rates.charge(bytes: bytes, client: client, token: pass.tokenID, at: time)
    }

    /// Whether `charge` has any use.
    package var countsBytes: Bool { rates.countsBytes }

    /// Whether limits do not apply to a client.
    package func isExempt(_ client: IPAddress) -> Bool {
        configuration.exemptNetworks.contains(client)
    }

    private func decide(
        _ request: AccessRequest,
        at time: AccessTime,
        header: (String) -> String?
    ) throws(AccessRefusal) -> AccessDecision {
        let isLimited = configuration.hasLimit && !isExempt(request.client)
        if configuration.hasClientRule { try checkClient(request.client) }
        if isLimited { try rates.takeRequest(client: request.client, at: time) }
        let target = try target(of: request.path)
        if target.isProtected, !configuration.pages.isOpen {
            guard configuration.pages.allows(header: header) else { throw .page }
        }
        let token: VerifiedToken?
        switch try find(request, target, at: time, header: header) {
        case .none: token = nil
        case .brought(let found): token = found
        case .redirect(let address):
            counters.redirects.add()
            return .redirect(to: address)
        }
        if isLimited, let token { try rates.takeRequest(token: token.id, at: time) }
        return .allowed(AccessPass(path: target.path(of: request.path), token: token))
    }

    private func checkClient(_ client: IPAddress) throws(AccessRefusal) {
        let allowed = configuration.allowedNetworks
        guard allowed.isEmpty || allowed.contains(client),
            !configuration.deniedNetworks.contains(client)
        else { throw .network }
        guard configuration.hasCountryRule, let countries else { return }
        guard let country = countries.country(of: client) else {
            if configuration.allowsUnknownCountry { return }
            throw .country
        }
        let allowedCountries = configuration.allowedCountries
        guard allowedCountries.isEmpty || allowedCountries.contains(country),
            !configuration.deniedCountries.contains(country)
        else { throw .country }
    }
}

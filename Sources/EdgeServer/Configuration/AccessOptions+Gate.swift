import Cryptography
package import Logging
package import Platform

extension AccessOptions {
    /// The gate that these options ask for; reads the country database, so not for event loops.
    ///
    /// - Throws: `ConfigurationError` that names the key.
    package func gate(
        counters: AccessCounters,
        logger: Logger
    ) throws(ConfigurationError) -> AccessGate {
        var rules = AccessConfiguration()
        rules.protectedPrefixes = protected
        rules.isTokenOptional = isTokenOptional
        rules.clockSkewSeconds = clockSkew.components.seconds
        rules.allowedNetworks = try Self.networks("access.allow", allowed)
        rules.deniedNetworks = try Self.networks("access.deny", denied)
        rules.exemptNetworks = try Self.networks("access.exempt", exempt)
        rules.allowedCountries = try Self.countries("access.allow_countries", allowedCountries)
        rules.deniedCountries = try Self.countries("access.deny_countries", deniedCountries)
        rules.allowsUnknownCountry = allowsUnknownCountry
        rules.pages = PageRule(hosts: try Self.hosts("access.referers", pages))
        rules.pages.allowsUnnamedPage = allowsMissingPage
        rules.clientRequests = clientRequests.limit
        rules.clientBytes = clientBytes.limit
        rules.tokenRequests = tokenRequests.limit
        rules.tokenBytes = tokenBytes.limit
        let keys = try AccessOptions.keys(self.keys)
        do throws(AccessConfigurationError) {
            return try AccessGate(
                configuration: rules,
                keys: keys,
                countries: database(),
                counters: counters,
                logger: logger
            )
        } catch {
            switch error {
            case .countriesWithoutDatabase:
                throw .invalid(
                    key: "access.geo_database",
                    value: geoDatabase,
                    expected: "an mmdb file that can be read, as there are rules by country"
                )
            case .badPrefix(let prefix):
                throw .invalid(
                    key: "access.protect",
                    value: prefix,
                    expected: "the beginning of a path, such as /videos/"
                )
            }
        }
    }

    /// Nothing where none is named; the gate says so where it needs one.
    private func database() -> GeoDatabase? {
        geoDatabase.isEmpty ? nil : try? GeoDatabase(path: geoDatabase)
    }

    static func keys(_ texts: [String]) throws(ConfigurationError) -> AccessKeys? {
        guard !texts.isEmpty else { return nil }
        var keys: [AccessKey] = []
        for text in texts { keys.append(try key(text)) }
        do throws(AccessKeyError) {
            return try AccessKeys(keys)
        } catch {
            throw .invalid(key: "access.keys", value: "…", expected: "ids that differ")
        }
    }

    /// `ID:SECRET` or `ID:SECRET:UNIXSECONDS`; what it says of errors shows no secret.
    static func key(_ text: String) throws(ConfigurationError) -> AccessKey {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let expected = "ID:SECRET, an id from 0 to 255 and at least 32 hexadecimal digits"
        guard parts.count == 2 || parts.count == 3, let id = UInt8(parts[0]),
            let secret = bytes(hexadecimal: parts[1]),
            let notAfter = parts.count == 3 ? Int64(parts[2]).map(Optional.some) : .some(nil)
        else { throw .invalid(key: "access.keys", value: "…", expected: expected) }
        do throws(AccessKeyError) {
            return try AccessKey(id: id, secret: secret, notAfter: notAfter)
        } catch {
            throw .invalid(key: "access.keys", value: "\(id):…", expected: expected)
        }
    }

    private static func bytes(hexadecimal text: Substring) -> [UInt8]? {
        guard text.utf8.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        var rest = text[...]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16), rest.first != "+" else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    static func networks(
        _ key: String,
        _ texts: [String]
    ) throws(ConfigurationError) -> NetworkSet {
        NetworkSet(try blocks(key, texts))
    }

    static func blocks(
        _ key: String,
        _ texts: [String]
    ) throws(ConfigurationError) -> [NetworkBlock] {
        var blocks: [NetworkBlock] = []
        for text in texts {
            guard let block = NetworkBlock(text) else {
                throw .invalid(
                    key: key,
                    value: text,
                    expected: "networks such as 192.0.2.0/24 or 2001:db8::/32"
                )
            }
            blocks.append(block)
        }
        return blocks
    }

    private static func countries(
        _ key: String,
        _ texts: [String]
    ) throws(ConfigurationError) -> Set<CountryCode> {
        var codes: Set<CountryCode> = []
        for text in texts {
            guard let code = CountryCode(text) else {
                throw .invalid(key: key, value: text, expected: "codes of countries such as DE")
            }
            codes.insert(code)
        }
        return codes
    }

    private static func hosts(
        _ key: String,
        _ texts: [String]
    ) throws(ConfigurationError) -> [HostPattern] {
        var hosts: [HostPattern] = []
        for text in texts {
            guard let host = HostPattern(text) else {
                throw .invalid(
                    key: key,
                    value: text,
                    expected: "hosts such as example.org or *.example.org"
                )
            }
            hosts.append(host)
        }
        return hosts
    }
}

extension AccessOptions.Rate {
    fileprivate var limit: RateLimit? {
        RateLimit(perSecond: Double(perSecond), burst: Double(burst))
    }
}

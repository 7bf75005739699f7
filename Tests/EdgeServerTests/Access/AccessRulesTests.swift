import EdgeServer
import Platform
import Testing

struct AccessRulesTests {
    private static func networks(_ texts: String...) throws -> NetworkSet {
        NetworkSet(try texts.map { try #require(NetworkBlock($0)) })
    }

    @Test func deniedNetworksAreDeniedEvenWhereAllowed() throws {
        var configuration = AccessConfiguration()
        configuration.allowedNetworks = try Self.networks("192.0.2.0/24", "2001:db8::/32")
        configuration.deniedNetworks = try Self.networks("192.0.2.66", "2001:db8:bad::/48")
        let gate = try Access.gate(configuration)
        for client in ["192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1"] {
            #expect(try gate.check("/x", from: client).path == "/x")
        }
        for client in ["192.0.2.66", "198.51.100.1", "2001:db8:bad::1", "2001:db9::1"] {
            #expect(try gate.check("/x", from: client).refusal == .network)
        }
    }

    @Test func countriesAreTold() throws {
        let bytes = try DatabaseWriter.database(["192.0.2.0/24": "DE", "198.51.100.0/24": "FR"])
        let database = try GeoDatabase(bytes: bytes)
        var configuration = AccessConfiguration()
        configuration.allowedCountries = [try #require(CountryCode("de"))]
        var gate = try Access.gate(configuration, countries: database)
        #expect(try gate.check("/x", from: "192.0.2.1").path == "/x")
        #expect(try gate.check("/x", from: "198.51.100.1").refusal == .country)
        #expect(try gate.check("/x", from: "127.0.0.1").path == "/x")
        configuration.allowsUnknownCountry = false
        gate = try Access.gate(configuration, countries: database)
        #expect(try gate.check("/x", from: "127.0.0.1").refusal == .country)

        configuration = AccessConfiguration()
        configuration.deniedCountries = [try #require(CountryCode("FR"))]
        gate = try Access.gate(configuration, countries: database)
        #expect(try gate.check("/x", from: "192.0.2.1").path == "/x")
        #expect(try gate.check("/x", from: "198.51.100.1").refusal == .country)
    }

    @Test(arguments: [
        ("https://example.org", true), ("https://EXAMPLE.org:8443/a?b", true),
        ("https://www.example.net/", true), ("http://a.b.example.net./", true),
        ("https://example.net/", false), ("https://notexample.org/", false),
        ("https://example.org.evil.test/", false), ("https://example.org@evil.test/", false),
        ("https://evil.test/https://example.org/", false),
        ("https://evil.test\\@example.org/", false),
        ("https://evil.test?example.org", false), ("https://evil.test#.example.net", false),
        ("example.org", false), ("https://", false), ("https://edge.test/watch", true),
        ("https://[2001:db8::1]:8000/", true),
    ])
    func pagesOfOtherHostsAreRefused(page: String, isAllowed: Bool) throws {
        var configuration = AccessConfiguration()
        let hosts = ["example.org", "*.example.net", "[2001:db8::1]"]
        configuration.pages.hosts = try hosts.map { try #require(HostPattern($0)) }
        let gate = try Access.gate(configuration)
        for name in ["referer", "origin"] {
            let decision = try gate.check(
                Access.path,
                headers: [name: page, "host": "edge.test:8000"]
            )
            #expect(decision.refusal == (isAllowed ? nil : .page), "\(name)")
        }
        // The page itself is asked for from anywhere.
        #expect(try gate.check("/watch/abc", headers: ["referer": page]).path == "/watch/abc")
    }

    @Test func requestsWithoutAPageAreAChoice() throws {
        var configuration = AccessConfiguration()
        configuration.pages.hosts = [try #require(HostPattern("example.org"))]
        var gate = try Access.gate(configuration)
        for headers in [[:], ["origin": "null"], ["referer": ""]] {
            #expect(try gate.check(Access.path, headers: headers).path == Access.path)
        }
        configuration.pages.allowsUnnamedPage = false
        gate = try Access.gate(configuration)
        for headers in [[:], ["origin": "null"], ["referer": ""]] {
            #expect(try gate.check(Access.path, headers: headers).refusal == .page)
        }
        // What `Origin` does not name, `Referer` may.
        let sandboxed = ["origin": "null", "referer": "https://example.org/"]
        #expect(try gate.check(Access.path, headers: sandboxed).path == Access.path)
        configuration.pages.allowsOwnHost = false
        gate = try Access.gate(configuration)
        let own = ["referer": "https://edge.test/", "host": "edge.test"]
        #expect(try gate.check(Access.path, headers: own).refusal == .page)
    }

    @Test(arguments: ["", "*", "*.", "a b", "https://example.org", "example.org/", ".org", "a.*.b"])
    func refusesWhatIsNoHost(text: String) {
        #expect(HostPattern(text) == nil)
    }

    @Test func countryCodesAreTwoLetters() {
        #expect(CountryCode("de")?.description == "DE")
        for text in ["", "d", "deu", "d1", "@[", "\u{E9}"] { #expect(CountryCode(text) == nil) }
    }
}

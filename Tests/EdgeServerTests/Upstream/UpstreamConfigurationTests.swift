import EdgeServer
import Testing

struct UpstreamConfigurationTests {
    @Test(arguments: [
        ("http://127.0.0.1:8081", "127.0.0.1:8081", 8081),
        ("http://origin/", "origin", 80),
        ("HTTPS://Origin.Example:443", "Origin.Example", 443),
        ("https://[::1]:8443", "[::1]:8443", 8443),
        ("http://[fe80::1]", "[fe80::1]", 80),
        ("unix:/run/origin.sock", "localhost", 0),
    ])
    func addressesAreRead(text: String, authority: String, port: Int) throws {
        let url = try #require(OriginURL(text: text))
        #expect(url.authority == authority && url.port == port)
        #expect(OriginURL(text: url.description) == url)
    }

    @Test(arguments: [
        "", "origin", "ftp://origin", "http://", "http://:80", "http://a:0", "http://a:65536",
        "http://a:+1", "http://u@a", "http://a/path", "http://a?q", "http://a b", "http://::1",
        "http://[::1", "http://[a]", "http://a\r\nX: y", "unix:relative", "unix:/a b",
        "unix:/" + String(repeating: "x", count: 108),
    ])
    func whatIsNoAddressIsNotRead(text: String) {
        #expect(OriginURL(text: text) == nil)
    }

    @Test func whatIsWrongIsNamed() throws {
        let valid = try UpstreamFixture.configuration(["http://a"])
        func fault(_ change: (inout UpstreamConfiguration) -> Void) -> UpstreamConfigurationError? {
            var configuration = valid
            change(&configuration)
            do throws(UpstreamConfigurationError) {
                try configuration.validate()
                return nil
            } catch {
                return error
            }
        }
        let url = try #require(OriginURL(text: "http://a"))
        #expect(fault { _ in } == nil)
        #expect(fault { $0.origins = [] } == .noOrigins)
        #expect(fault { $0.origins += $0.origins } == .duplicateOrigin(url))
        #expect(fault { $0.origins[0].weight = -1 } == .badWeight(url))
        #expect(fault { $0.origins[0].weight = 1001 } == .badWeight(url))
        #expect(fault { $0.pseudonym = "" } == .badPseudonym)
        #expect(
            fault { $0.sharedSecret = SharedSecret(fieldName: "a b", value: "c") }
                == .badSharedSecret
        )
        #expect(
            fault { $0.sharedSecret = SharedSecret(fieldName: "a", value: "b\n") }
                == .badSharedSecret
        )
        #expect(fault { $0.health.path = "healthz" } == .badHealthPath)
        #expect(fault { $0.tls.keyFile = "k" } == .incompleteCertificate)
        #expect(fault { $0.pool.connectionCount = 0 } == .notPositive("connections"))
        #expect(fault { $0.pool.waitingCount = -1 } == .notPositive("waiting"))
        #expect(fault { $0.health.interval = .zero } == .notPositive("health interval"))
    }

    @Test func aRequestThatComesRoundIsFound() {
        #expect(!ViaLoop.contains("edge-1", []))
        #expect(!ViaLoop.contains("edge-1", [("Via", "1.1 edge-10, 1.1 shield (edge-1)")]))
        #expect(ViaLoop.contains("edge-1", [("VIA", "1.0 a, HTTP/1.1 EDGE-1 (x)")]))
        #expect(ViaLoop.contains("edge-1", [("via", "1.1 b"), ("via", "1.1 edge-1")]))
        let added = ViaLoop.adding("edge-1", [("Via", "1.0 a"), ("X", "y"), ("via", "1.1 b")])
        #expect(added.map { "\($0): \($1)" } == ["X: y", "Via: 1.0 a, 1.1 b, 1.1 edge-1"])
        #expect(ViaLoop.contains("edge-1", added))
    }
}

import EdgeServer
import Foundation
import Platform
import Testing

struct EdgeConfigurationTests {
    /// What is shipped, as it stands in the repository.
    private let folder = #filePath.replacingOccurrences(
        of: "Tests/EdgeServerTests/Configuration/EdgeConfigurationTests.swift",
        with: "edge-config/"
    )

    @Test func theShippedFileIsValidAndSaysTheDefaults() throws {
        var values = try ConfigurationValues(path: folder + "edge.yaml", environment: [:])
        var nothing = ConfigurationValues(environment: [:])
        let fromFile = try EdgeConfiguration(&values)
        let standard = try EdgeConfiguration(&nothing)
        #expect(String(describing: fromFile) == String(describing: standard))
        try fromFile.check()
    }

    @Test func everyOptionStandsInTheShippedFile() throws {
        let text = try String(contentsOfFile: folder + "edge.yaml", encoding: .utf8)
        var values = ConfigurationValues(environment: [:])
        _ = try EdgeConfiguration(&values)
        for key in values.knownKeys {
            let name = key.split(separator: ".").last.map(String.init) ?? key
            #expect(text.contains("\(name):"), "\(key) is not described")
        }
    }

    @Test(arguments: ["eu", "us", "shield", "behind-shield", "behind-load-balancer"])
    func examplesAreValid(name: String) throws {
        var values = try ConfigurationValues(
            path: folder + "examples/\(name).yaml",
            environment: [:]
        )
        try EdgeConfiguration(&values).check()
    }

    @Test(arguments: [
        ("listen: nowhere", "listen"),
        ("origin: {media: 'ftp://a'}", "origin.media"),
        ("origin: {media: 'http://a weight=x'}", "origin.media"),
        ("access: {keys: ['1:short']}", "access.keys"),
        ("access: {keys: ['1:zz']}", "access.keys"),
        ("access: {allow: ['10.0.0.0/33']}", "access.allow"),
        ("access: {deny_countries: [DE]}", "access.geo_database"),
        ("memcached: {servers: ['a b:1']}", "memcached.servers"),
        ("tls: {certificate: /a.pem}", "tls.key"),
        ("steering: {region: eu}", "steering.regions"),
        ("connections: {trusted_proxies: [nobody]}", "connections.trusted_proxies"),
        ("nonsense: 1", "nonsense"),
    ])
    func aWrongValueIsRefusedByItsKey(yaml: String, key: String) throws {
        var values = ConfigurationValues(environment: [:])
        try values.add(yaml: yaml, path: "test.yaml")
        let error = #expect(throws: ConfigurationError.self) {
            try EdgeConfiguration(&values).check()
        }
        #expect("\(try #require(error))".contains(key), "\(String(describing: error))")
    }

    /// A secret in an error would end in a log.
    @Test func anErrorShowsNoSecret() throws {
        var values = ConfigurationValues(environment: [:])
        try values.add(yaml: "access: {keys: ['1:abcdefdeadbeefcafe']}", path: "test.yaml")
        let error = #expect(throws: ConfigurationError.self) {
            try EdgeConfiguration(&values).check()
        }
        #expect(!"\(try #require(error))".contains("deadbeef"))
    }
}

import EdgeServer
import Testing

struct SteeringConfigurationTests {
    @Test func aRegionIsReadFromItsLine() throws {
        let region = try SteeringRegion("us-1 https://[2001:db8::1]:8443 preference=2 capacity=0.5")
        #expect(region.id == "us-1")
        #expect(region.baseURL == "https://[2001:db8::1]:8443")
        #expect(region.preference == 2)
        #expect(region.capacity == 0.5)
        #expect(try SteeringRegion("a https://a.example:443/").baseURL == "https://a.example")
    }

    @Test(arguments: [
        "", "eu", "e/u https://a", "eu ftp://a", "eu https://", "eu https://a/path",
        "eu https://a:0",
        "eu https://a:99999", "eu https://u@a", "eu https://a?b", "eu https://a prefer=1",
        "eu https://a preference=-1", "eu https://a capacity=0", "eu https://a capacity=inf",
        "eu https://a preference", "eu https://[a", "eu https://[g]", "eu a", "eu https://a\"b",
    ])
    func aBadRegionIsNamed(_ text: String) {
        #expect(throws: SteeringConfigurationError.badRegion(text)) { try SteeringRegion(text) }
    }

    @Test func regionsMustFitTogether() throws {
        #expect(throws: SteeringConfigurationError.ownRegionMissing(id: "x")) {
            try Regions.configuration(own: "x")
        }
        #expect(throws: SteeringConfigurationError.duplicateRegion(id: "eu")) {
            try Regions.configuration(own: "eu", ["eu https://a", "eu https://b"])
        }
        #expect(throws: SteeringConfigurationError.mixedSchemes) {
            try Regions.configuration(own: "eu", ["eu https://a", "us http://b"])
        }
        #expect(throws: SteeringConfigurationError.badTTL(seconds: 0, range: 1...3600)) {
            try Regions.configuration(ttlSeconds: 0)
        }
        #expect(throws: SteeringConfigurationError.tooManyRegions(most: 32)) {
            try Regions.configuration(own: "r0", (0..<33).map { "r\($0) https://r\($0)" })
        }
    }
}

import EdgeServer
import MediaHTTP
import NIOCore
import Platform
import Synchronization
import Testing

struct SteeringManifestTests {
    private final class World: Sendable {
        let own = Mutex(RegionHealthDocument(load: 0))
        let draw = Mutex(0.99)
    }

    private let world = World()

    private func steering(own: String = "eu", _ texts: [String] = Regions.texts) throws -> Steering
    {
        let world = world
        return Steering(
            configuration: try Regions.configuration(own: own, texts),
            ownHealth: { world.own.withLock { $0 } },
            draw: { world.draw.withLock { $0 } }
        )
    }

    private func say(_ steering: Steering, _ id: String, load: Double, draining: Bool = false) {
        let json = RegionHealthDocument(load: load, isDraining: draining).json
        steering.health.note(id, body: Array(json.utf8))
    }

    private func fail(_ steering: Steering, _ id: String) {
        for _ in 0..<3 { steering.health.note(id, body: nil) }
    }

    private func body(_ steering: Steering, _ path: String, _ query: String? = nil) throws -> String
    {
        let response = try #require(steering.answer(path: path, query: query))
        #expect(response.status == 200)
        #expect(response.cacheControl == "no-store")
        guard case .bytes(let buffer) = response.body else { return "" }
        return String(buffer: buffer)
    }

    /// What the manifest names, in its order.
    private func priority(_ steering: Steering, _ query: String? = nil) throws -> String {
        let body = try body(steering, "/steering/hls.json", query)
        let start = try #require(body.firstRange(of: "\"PATHWAY-PRIORITY\":[")).upperBound
        return String(body[start...].prefix { $0 != "]" }).replacing("\"", with: "")
    }

    @Test func theManifestMakesTheOtherRegionsOfThePlayersOwn() throws {
        #expect(
            try body(steering(), "/steering/hls.json", "base=eu&_HLS_pathway=eu") == """
                {"VERSION":1,"TTL":60,"PATHWAY-PRIORITY":["eu","us","asia"],\
                "PATHWAY-CLONES":[\
                {"BASE-ID":"eu","ID":"us","URI-REPLACEMENT":{"HOST":"us.example.org"}},\
                {"BASE-ID":"eu","ID":"asia","URI-REPLACEMENT":{"HOST":"asia.example.org"}}]}

                """
        )
    }

    @Test func whoKnowsAllRegionsIsToldNoClones() throws {
        #expect(
            try body(steering(), "/steering/dash.json", "_DASH_pathway=%22us,eu%22") == """
                {"VERSION":1,"TTL":60,"PATHWAY-PRIORITY":["us","eu","asia"]}

                """
        )
    }

    @Test func wherePortsDifferEveryHostSaysItsOwn() throws {
        let steering = try steering(["eu http://a.example", "us http://a.example:8001"])
        let body = try body(steering, "/steering/hls.json", "base=us")
        #expect(body.contains("\"BASE-ID\":\"us\",\"ID\":\"eu\""))
        #expect(body.contains("\"HOST\":\"a.example:80\""))
    }

    @Test func standingComesBeforePreferenceAndPreferenceBeforeRoom() throws {
        let steering = try steering()
        say(steering, "us", load: 0.2)
        say(steering, "asia", load: 0.1)
        // 0.8 of 2 is more room than 0.9 of 1.
        #expect(try priority(steering) == "eu,us,asia")
        say(steering, "us", load: 1)
        say(steering, "us", load: 1)
        #expect(try priority(steering) == "eu,asia,us")
        fail(steering, "asia")
        world.own.withLock { $0.load = 1 }
        #expect(try priority(steering) == "us,eu,asia")
        for _ in 0..<8 { say(steering, "us", load: 1) }
        #expect(try priority(steering) == "eu,us,asia")
        world.own.withLock { $0.isDraining = true }
        #expect(try priority(steering) == "us,eu,asia")
    }

    @Test func onlyAShareLeavesAnOverloadedRegion() throws {
        let steering = try steering()
        world.own.withLock { $0.load = 1 }
        world.draw.withLock { $0 = 0.18 }
        #expect(try priority(steering, "_HLS_pathway=eu") == "eu,us,asia")
        world.draw.withLock { $0 = 0.17 }
        #expect(try priority(steering, "_HLS_pathway=eu") == "us,asia,eu")
        // Room for a tenth of them.
        say(steering, "us", load: 0.775)
        say(steering, "asia", load: 0.8)
        #expect(try priority(steering, "_HLS_pathway=eu") == "eu,us,asia")
        world.draw.withLock { $0 = 0.09 }
        #expect(try priority(steering, "_HLS_pathway=eu") == "us,asia,eu")
    }

    @Test func onlyAShareComesHomeAtOnce() throws {
        let steering = try steering()
        world.draw.withLock { $0 = 0.26 }
        #expect(try priority(steering, "_HLS_pathway=us") == "us,eu,asia")
        world.draw.withLock { $0 = 0.24 }
        #expect(try priority(steering, "_HLS_pathway=us") == "eu,us,asia")
        world.own.withLock { $0.load = 0.375 }
        #expect(try priority(steering, "_HLS_pathway=us") == "us,eu,asia")
        world.draw.withLock { $0 = 0.12 }
        #expect(try priority(steering, "_HLS_pathway=us") == "eu,us,asia")
    }

    @Test func betweenEqualRegionsOnlyMuchMoreRoomMovesAPlayer() throws {
        let steering = try steering(["eu https://a", "us https://b"])
        world.draw.withLock { $0 = 0 }
        world.own.withLock { $0.load = 0.3 }
        say(steering, "us", load: 0.15)
        #expect(try priority(steering, "_HLS_pathway=eu") == "eu,us")
        world.own.withLock { $0.load = 0.8 }
        #expect(try priority(steering, "_HLS_pathway=eu") == "us,eu")
        world.draw.withLock { $0 = 0.5 }
        #expect(try priority(steering, "_HLS_pathway=eu") == "eu,us")
    }

    @Test func aDrainingRegionLosesAllItsPlayersAndSendsThemToAskElsewhere() throws {
        let steering = try steering()
        world.own.withLock { $0.isDraining = true }
        let body = try body(steering, "/steering/hls.json", "base=eu&_HLS_pathway=eu")
        #expect(
            body.hasPrefix(
                """
                {"VERSION":1,"TTL":60,\
                "RELOAD-URI":"https://us.example.org/steering/hls.json?base=eu",\
                "PATHWAY-PRIORITY":["us","asia","eu"],
                """
            )
        )
    }

    @Test func whatThePlayerSaysOfUnknownRegionsIsIgnored() throws {
        let plain = try body(steering(), "/steering/hls.json")
        for query in [
            "base=mars&_HLS_pathway=mars", "base=%22%3Cx&_HLS_pathway=%zz", "base", "base=&&==",
            "_HLS_pathway=.", "base=" + String(repeating: "a", count: 5000),
        ] {
            #expect(try body(steering(), "/steering/hls.json", query) == plain)
        }
    }

    @Test func thisEdgesHealthIsServed() throws {
        world.own.withLock { $0.load = 0.5 }
        #expect(
            try body(steering(), "/steering/health") == "{\"load\":0.500,\"draining\":false}\n"
        )
    }

    @Test func otherAddressesAreNotItsOwn() throws {
        let steering = try steering()
        #expect(steering.answer(path: "/videos/a", query: nil) == nil)
        #expect(steering.answer(path: "/steering", query: nil) == nil)
        #expect(steering.answer(path: "/steering/x.json", query: nil)?.status == 404)
    }

    @Test func metricsTellHowRegionsStandAndWherePlayersAreSent() throws {
        let steering = try steering()
        fail(steering, "asia")
        say(steering, "us", load: 0.25)
        _ = try priority(steering)
        var text = PrometheusText()
        steering.write(to: &text)
        #expect(text.text.contains("millrace_steering_region_standing{pathway=\"asia\"} 3\n"))
        #expect(text.text.contains("millrace_steering_region_load_percent{pathway=\"us\"} 25\n"))
        #expect(text.text.contains("millrace_steering_answers_total{pathway=\"eu\"} 1\n"))
    }
}

import EdgeServer
import MediaHTTP
import NIOCore
import Synchronization
import TestSupport
import Testing

/// A crowd of players that do as they are told, asking round by round.
struct SteeringCrowdTests {
    private final class Load: Sendable {
        let own = Mutex(0.0)
        let random = Mutex(SplitMix(state: 11))
    }

    private static let playerCount = 1000

    /// Players at `eu` after each round, when all begin there.
    private func rounds(
        _ regions: [String],
        capacity: Double,
        count: Int
    ) throws -> [Int] {
        let load = Load()
        let steering = Steering(
            configuration: try Regions.configuration(own: "eu", regions),
            ownHealth: { RegionHealthDocument(load: load.own.withLock { $0 }) },
            draw: { load.random.withLock { Double.random(in: 0..<1, using: &$0) } }
        )
        var places = [String](repeating: "eu", count: Self.playerCount)
        return try (0..<count).map { _ in
            let home = places.count { $0 == "eu" }
            load.own.withLock { $0 = Double(home) / capacity }
            let others = RegionHealthDocument(load: Double(places.count - home) / capacity)
            steering.health.note("us", body: Array(others.json.utf8))
            for index in places.indices {
                let query = "_HLS_pathway=\(places[index])"
                let answer = try #require(steering.answer(path: "/steering/hls.json", query: query))
                guard case .bytes(let body) = answer.body else { continue }
                let isHome = String(buffer: body).contains("\"PATHWAY-PRIORITY\":[\"eu\"")
                places[index] = isHome ? "eu" : "us"
            }
            return places.count { $0 == "eu" }
        }
    }

    @Test func aCrowdThatIsTooLargeSpreadsAndStays() throws {
        let regions = ["eu https://eu.example", "us https://us.example preference=2"]
        let home = try rounds(regions, capacity: 600, count: 30)
        for (before, after) in zip(home.dropFirst(8), home.dropFirst(9)) {
            #expect((440...560).contains(after), "\(home)")
            #expect(abs(after - before) < 20, "\(home)")
        }
    }

    @Test func equalRegionsShareACrowdWithoutSwinging() throws {
        let regions = ["eu https://eu.example", "us https://us.example"]
        let home = try rounds(regions, capacity: 1000, count: 40)
        for (before, after) in zip(home, home.dropFirst()) { #expect(after <= before, "\(home)") }
        #expect((400...650).contains(home.last ?? 0), "\(home)")
    }
}

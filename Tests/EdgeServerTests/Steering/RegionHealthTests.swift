import EdgeServer
import Synchronization
import Testing

struct RegionHealthTests {
    private func document(_ load: Double, draining: Bool = false) -> [UInt8] {
        Array(RegionHealthDocument(load: load, isDraining: draining).json.utf8)
    }

    private func standing(_ health: RegionHealth, _ id: String = "us") -> RegionStanding? {
        health.snapshot().first { $0.region.id == id }?.standing
    }

    @Test func oneFailureMovesNobodyAndOneAnswerBringsNobodyBack() throws {
        let health = RegionHealth(try Regions.configuration())
        #expect(standing(health) == .healthy)
        health.note("us", body: nil)
        health.note("us", body: Array("nonsense".utf8))
        #expect(standing(health) == .healthy)
        health.note("us", body: nil)
        #expect(standing(health) == .unhealthy)
        health.note("us", body: document(0.1))
        #expect(standing(health) == .unhealthy)
        health.note("us", body: nil)
        health.note("us", body: document(0.1))
        #expect(standing(health) == .unhealthy)
        health.note("us", body: document(0.1))
        #expect(standing(health) == .healthy)
        #expect(standing(health, "asia") == .healthy)
    }

    @Test func overloadEndsWellBelowWhereItBegan() throws {
        let health = RegionHealth(try Regions.configuration())
        for (load, expected) in [
            (0.5, RegionStanding.healthy), (1, .healthy), (1, .healthy), (1, .overloaded),
            (0.8, .overloaded), (0.8, .overloaded), (0.6, .healthy), (0.9, .healthy),
        ] {
            health.note("us", body: document(load))
            #expect(standing(health) == expected, "at \(load)")
        }
    }

    @Test func drainingCountsAtOnce() throws {
        let health = RegionHealth(try Regions.configuration())
        health.note("us", body: document(0, draining: true))
        #expect(standing(health) == .draining)
        health.note("us", body: document(0))
        #expect(standing(health) == .healthy)
    }

    @Test func allOtherRegionsAreAsked() async throws {
        let health = RegionHealth(try Regions.configuration())
        let asked = Mutex<Set<String>>([])
        let draining = document(0.25, draining: true)
        await health.poll { region in
            asked.withLock { _ = $0.insert(region.baseURL) }
            return region.id == "us" ? draining : nil
        }
        #expect(asked.withLock { $0 } == ["https://us.example.org", "https://asia.example.org"])
        #expect(standing(health) == .draining)
        #expect(standing(health, "eu") == .healthy)
        #expect(health.snapshot()[1].load == 0.25)
    }

    @Test func watchingEndsWithItsTask() async throws {
        let health = RegionHealth(try Regions.configuration())
        let (polls, continuation) = AsyncStream.makeStream(of: String.self)
        let task = Task {
            await health.watch(every: .milliseconds(1), clock: ContinuousClock()) { region in
                continuation.yield(region.id)
                return nil
            }
        }
        var count = 0
        for await _ in polls {
            count += 1
            if count == 8 { break }
        }
        task.cancel()
        await task.value
        #expect(standing(health) == .unhealthy)
    }

    @Test func theDocumentIsWrittenAndReadBack() throws {
        let document = RegionHealthDocument(
            openConnections: 500,
            maximumConnections: 10_000,
            busyness: 0.42,
            isDraining: true
        )
        #expect(document.json == "{\"load\":0.420,\"draining\":true}\n")
        #expect(RegionHealthDocument(json: Array(document.json.utf8)) == document)
        #expect(RegionHealthDocument(load: 7).json == "{\"load\":1.000,\"draining\":false}\n")
        #expect(RegionHealthDocument(load: .nan).load == 1)
        let later = #" { "draining" : false, "name":"x" , "load" : 5e-1 } "#
        #expect(RegionHealthDocument(json: Array(later.utf8)) == RegionHealthDocument(load: 0.5))
    }

    @Test(arguments: [
        "", "{}", "[]", "{\"load\":2}", "{\"load\":-1}", "{\"load\":\"x\"}", "{\"load\":nan}",
        "{\"load\":0.5,\"draining\":1}", "{load:0.5}", "{\"load\":0.5", "{\"draining\":true}",
        "{\"load\":0.5,}", "<html>",
    ])
    func aDocumentThatMakesNoSenseIsNone(_ json: String) {
        #expect(RegionHealthDocument(json: Array(json.utf8)) == nil)
    }

    @Test func aLongDocumentIsNotRead() {
        let json = "{\"load\":0.5" + String(repeating: " ", count: 2000) + "}"
        #expect(RegionHealthDocument(json: Array(json.utf8)) == nil)
    }
}

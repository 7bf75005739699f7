import Platform
import Synchronization
import Testing

struct SingleFlightTests {
    @Test func onlyTheFirstCallerLeadsAndAllHearTheResult() {
        let flight = SingleFlight<String, Int>()
        let heard = Mutex<[Int]>([])
        let leaders = (0..<100).filter { _ in
            flight.join("asset") { value in heard.withLock { $0.append(value) } }
        }
        #expect(leaders.count == 1)
        flight.finish("asset", with: 7)
        #expect(heard.withLock { $0 } == Array(repeating: 7, count: 100))
        #expect(flight.count == 0)
    }

    @Test func aFinishedKeyFliesAgain() {
        let flight = SingleFlight<String, Int>()
        #expect(flight.join("asset") { _ in })
        flight.finish("asset", with: 1)
        #expect(flight.join("asset") { _ in })
    }

    @Test func aWaiterMayJoinTheSameKeyAgain() {
        let flight = SingleFlight<String, Int>()
        let leads = Mutex(false)
        _ = flight.join("asset") { _ in
            leads.withLock { $0 = flight.join("asset") { _ in } }
        }
        flight.finish("asset", with: 1)
        #expect(leads.withLock { $0 })
    }
}

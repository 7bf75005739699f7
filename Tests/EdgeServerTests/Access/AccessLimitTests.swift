import EdgeServer
import MediaHTTP
import Platform
import Testing

struct AccessLimitTests {
    private static let second: UInt64 = 1_000_000_000

    private static func limit(_ perSecond: Double, burst: Double) throws -> RateLimit {
        try #require(RateLimit(perSecond: perSecond, burst: burst))
    }

    @Test func aBurstPassesAndThenTheRate() throws {
        let table = RateTable(limit: try Self.limit(10, burst: 5), capacity: 128)
        let start = 7 * Self.second
        for _ in 0..<5 { #expect(table.take(1, now: start) == nil) }
        #expect(table.take(1, now: start) == Self.second / 10)
        #expect(table.take(1, now: start + Self.second / 10 - 1) == 1)
        #expect(table.take(1, now: start + Self.second / 10) == nil)
        #expect(table.take(1, now: start + Self.second / 10) == Self.second / 10)
        // Others are not held to it.
        #expect(table.take(2, now: start) == nil)
        // After a while without requests there is a burst again, and no more than that.
        let later = start + 100 * Self.second
        for _ in 0..<5 { #expect(table.take(1, now: later) == nil) }
        #expect(table.take(1, now: later) != nil)
    }

    @Test func refusedRequestsCostNothing() throws {
        let table = RateTable(limit: try Self.limit(1, burst: 1), capacity: 128)
        #expect(table.take(1, now: Self.second) == nil)
        for _ in 0..<1000 { #expect(table.take(1, now: Self.second) == Self.second) }
        #expect(table.take(1, now: 2 * Self.second) == nil)
    }

    @Test func bytesAreChargedAfterwardsAndForgivenInTheEnd() throws {
        let table = RateTable(limit: try Self.limit(1000, burst: 2000), capacity: 128)
        #expect(table.wait(1, now: Self.second) == nil)
        table.charge(1, units: 3000, now: Self.second)
        let wait = try #require(table.wait(1, now: Self.second))
        #expect(wait == Self.second + Self.second / 1000)
        #expect(table.wait(1, now: Self.second + wait) == nil)
        table.charge(1, units: 1e18, now: Self.second)
        let most = try #require(table.wait(1, now: Self.second))
        #expect(most == AccessLimits.debtNanoseconds)
    }

    @Test func aClockThatStandsStillOrGoesBackDoesNoHarm() throws {
        let table = RateTable(limit: try Self.limit(1, burst: 1), capacity: 128)
        #expect(table.take(1, now: 10 * Self.second) == nil)
        #expect(table.take(1, now: 0) == 11 * Self.second)
    }

    @Test func aFloodOfKeysStaysBounded() throws {
        let table = RateTable(limit: try Self.limit(1, burst: 10), capacity: 128)
        #expect(table.capacity == 128)
        let greedy: UInt64 = 0x1234_5678
        for _ in 0..<10 { _ = table.take(greedy, now: Self.second) }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 { _ = table.take(random.next(), now: Self.second) }
        #expect(table.count(now: Self.second) <= 128)
        // Who owes most is not forgotten for those who came once.
        #expect(table.take(greedy, now: Self.second) != nil)
        // Entries end by themselves.
        #expect(table.count(now: 100 * Self.second) == 0)
    }

    @Test func clientsAreLimitedByAddressOrNetwork() throws {
        var configuration = AccessConfiguration()
        configuration.clientRequests = try Self.limit(2, burst: 2)
        configuration.exemptNetworks = NetworkSet([try #require(NetworkBlock("10.0.0.0/8"))])
        let counters = AccessCounters()
        let gate = try Access.gate(configuration, counters: counters)
        for client in ["192.0.2.1", "192.0.2.2", "2001:db8:0:1::1", "2001:db8:0:2::1"] {
            for _ in 0..<2 { #expect(try gate.check("/x", from: client).path == "/x") }
        }
        let decision = try gate.check("/x", from: "2001:db8:0:1:ffff::9")
        #expect(decision.refusal == .clientRequests(retryAfterSeconds: 1))
        let response = try #require(decision.response)
        #expect(response.status == 429)
        #expect(response.extraHeaders.contains { $0 == ("Retry-After", "1") })
        for _ in 0..<100 { #expect(try gate.check("/x", from: "10.1.2.3").path == "/x") }
        #expect(
            try gate.check("/x", from: "192.0.2.1", nanoseconds: 3 * Self.second).path == "/x"
        )
        #expect(counters.refusals(.clientRequests) == 1)
    }

    @Test func tokensAreLimitedWhereverTheyComeFrom() throws {
        var configuration = AccessConfiguration()
        configuration.tokenRequests = try Self.limit(0.5, burst: 3)
        let gate = try Access.gate(configuration, keys: [try Access.key()])
        let target = "/_t/\(try Access.token())\(Access.path)"
        for last in 1...3 {
            #expect(try gate.check(target, from: "192.0.2.\(last)").path == Access.path)
        }
        #expect(
            try gate.check(target, from: "192.0.2.4").refusal
                == .tokenRequests(retryAfterSeconds: 2)
        )
        let other = "/_t/\(try Access.token(expiresAt: Access.now + 5))\(Access.path)"
        #expect(try gate.check(other, from: "192.0.2.4").path == Access.path)
    }

    @Test func bytesHoldUpTheNextRequest() throws {
        var configuration = AccessConfiguration()
        configuration.clientBytes = try Self.limit(1_000_000, burst: 1_000_000)
        configuration.tokenBytes = try Self.limit(4_000_000, burst: 4_000_000)
        let gate = try Access.gate(configuration, keys: [try Access.key()])
        let target = "/_t/\(try Access.token())\(Access.path)"
        let time = AccessTime(unixSeconds: Access.now, nanoseconds: Self.second)
        let pass = try #require(try gate.check(target).pass)
        gate.charge(bytes: 4_500_000, to: try Access.address("192.0.2.1"), pass, at: time)
        #expect(try gate.check(target).refusal == .clientBytes(retryAfterSeconds: 4))
        #expect(
            try gate.check(target, from: "192.0.2.2").refusal == .tokenBytes(retryAfterSeconds: 1)
        )
        #expect(try gate.check(target, nanoseconds: 6 * Self.second).path == Access.path)
    }

    @Test func ratesMustBeSome() {
        for (perSecond, burst) in [
            (0, 1), (-1, 1), (1, 0), (.nan, 1), (.infinity, 1), (1, .infinity), (0.0001, 1),
        ] {
            #expect(RateLimit(perSecond: perSecond, burst: burst) == nil)
        }
    }

    @Test func connectionsAreCapped() throws {
        let caps = ConnectionCaps(limit: 2)
        let client = try Access.address("2001:db8::1")
        let neighbour = try Access.address("2001:db8::2")
        let other = try Access.address("2001:db8:0:1::1")
        #expect(caps.enter(client))
        #expect(caps.enter(neighbour))
        #expect(!caps.enter(client))
        #expect(caps.enter(other))
        #expect(caps.enter(client, isExempt: true))
        #expect(caps.clientCount == 2)
        caps.leave(client)
        caps.leave(client)
        #expect(caps.enter(client))
        caps.setLimit(1)
        #expect(!caps.enter(other))
        for address in [client, client, other] { caps.leave(address) }
        // Leaving once too often is not a place gained.
        caps.leave(other)
        #expect(caps.clientCount == 0)
        caps.setLimit(0)
        for _ in 0..<100 { #expect(caps.enter(client)) }
    }
}

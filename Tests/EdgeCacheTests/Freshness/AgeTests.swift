import EdgeCache
import Testing

/// How old an answer is when it arrives. RFC 9111 §4.2.3, §5.1
struct AgeTests {
    private func bornAt(_ age: String?, kind: ContentKind = .vodSegment) -> Int64? {
        var fields = [("cache-control", "max-age=60")]
        if let age { fields.append(("age", age)) }
        let decision = FreshnessPolicy.sample.decide(.sample(fields, kind: kind))
        guard case .store(let freshness) = decision else { return nil }
        #expect(freshness.freshUntil == freshness.bornAt + 60_000)
        return freshness.bornAt
    }

    @Test func withoutAgeItIsBornWhenItWasAskedFor() {
        #expect(bornAt(nil) == 10_000)
    }

    @Test func ageIsBeforeTheRequest() {
        #expect(bornAt("7") == 3000)
        #expect(bornAt("70") == -60_000)
    }

    @Test func theTimeOfAHoldIsNoAge() {
        #expect(bornAt(nil, kind: .liveBlockingPlaylist) == 10_250)
        #expect(bornAt("2", kind: .liveMedia) == 8250)
        #expect(bornAt(nil, kind: .livePlaylist) == 10_000)
    }

    @Test func ofAListTheFirstCounts() {
        #expect(bornAt("7, 9") == 3000)
        #expect(bornAt(" 7 ,9") == 3000)
    }

    @Test(arguments: ["", "-1", "x", "1.5", ", 7", "+3"])
    func whatIsNoAgeIsPassedOver(age: String) {
        #expect(bornAt(age) == 10_000)
    }

    @Test func anAgeThatIsTooLargeIsLong() {
        let clamped = 10_000 - (Int64(1) << 31) * 1000
        #expect(bornAt(String(repeating: "9", count: 100)) == clamped)
    }

    @Test func whatArrivesPastItsLifeIsNotFresh() {
        let facts = AnswerFacts.sample([("cache-control", "max-age=60"), ("age", "61")])
        guard case .store(let freshness) = FreshnessPolicy.sample.decide(facts) else {
            Issue.record("not stored")
            return
        }
        #expect(freshness.state(at: 10_250) == .staleWhileRevalidate)
        #expect(freshness.ageSeconds(at: 10_250) == 61)
    }
}

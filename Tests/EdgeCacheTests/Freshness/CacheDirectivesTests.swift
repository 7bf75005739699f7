import EdgeCache
import Testing

/// Lives as fields state them, as far as they show in decisions.
struct CacheDirectivesTests {
    /// Seconds of life; nothing where it is not stored.
    private func life(_ field: String, _ name: String = "cache-control") -> Int64? {
        var facts = AnswerFacts.sample([(name, field), ("etag", "\"1\"")])
        facts.kind = .other
        guard case .store(let freshness) = FreshnessPolicy.sample.decide(facts) else { return nil }
        return (freshness.freshUntil - freshness.bornAt) / 1000
    }

    @Test(arguments: [
        ("max-age=60", 60),
        ("MAX-AGE=60", 60),
        ("max-age=\"60\"", 60),
        ("max-age=\"6\\0\"", 60),
        (",, max-age=60 ,", 60),
        ("\tmax-age=60\t", 60),
        ("public,max-age=60,immutable", 60),
        ("extension=\"a, max-age=1\", max-age=60", 60),
        ("x=\"\\\", max-age=1\", max-age=60", 60),
        ("max-age=60, s-maxage=10", 10),
        ("s-maxage=100, max-age=1", 100),
        ("xmax-age=1, max-age=60", 60),
        ("max-age=0060", 60),
    ])
    func readsALife(field: String, seconds: Int64) {
        #expect(life(field) == seconds)
    }

    /// RFC 9111 §4.2.1: what is no valid life is stale.
    @Test(arguments: [
        "max-age", "max-age=", "max-age=\"\"", "max-age=-1", "max-age=+5", "max-age=1.5",
        "max-age=60s", "max-age=0x10", "max-age= 60", "max-age =60", "max-age=60 60",
        "max-age=\"60", "max-age=\"60\"0", "max-age=\u{0661}", "max-age==60",
        "s-maxage=a, max-age=60",
    ])
    func aLifeThatCannotBeReadIsOver(field: String) {
        #expect(life(field) == 0)
    }

    @Test func ofSeveralLivesTheSmallestCounts() {
        #expect(life("max-age=60, max-age=5, max-age=100") == 5)
        #expect(life("max-age=60, max-age=x") == 0)
        let facts = AnswerFacts.sample([
            ("cache-control", "max-age=60"), ("etag", "\"1\""), ("cache-control", "max-age=7"),
        ])
        guard case .store(let freshness) = FreshnessPolicy.sample.decide(facts) else {
            Issue.record("not stored")
            return
        }
        #expect(freshness.freshUntil - freshness.bornAt == 7000)
    }

    @Test func aNumberThatIsTooLargeIsForever() {
        let year: Int64 = 365 * 86_400
        #expect(life("max-age=2147483648") == year)
        #expect(life("max-age=" + String(repeating: "9", count: 400)) == year)
    }

    @Test func aSurrogateIsMeantByItsNameOnly() {
        #expect(life("max-age=5;other-cdn, max-age=60", "surrogate-control") == 60)
        #expect(life("no-store;other-cdn, max-age=60", "surrogate-control") == 60)
        #expect(life("max-age=60+30", "surrogate-control") == 60)
        #expect(life("max-age=60+", "surrogate-control") == 0)
        #expect(life("max-age=60+30") == 60)
    }

    @Test func noBytesTrap() {
        let pieces = [
            "max-age", "=", "\"", "\\", ",", ";", " ", "60", "no-store", "\u{0}", "é", "+", "=\"",
        ]
        var state: UInt64 = 1
        for _ in 0..<3000 {
            var field = ""
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1
                field += pieces[Int(state >> 33) % pieces.count]
            }
            _ = life(field)
            _ = life(field, "surrogate-control")
        }
    }
}

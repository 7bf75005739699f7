import EdgeCache
import Testing

/// Whether answers are kept, for whom, and how long.
struct FreshnessPolicyTests {
    private let policy = FreshnessPolicy.sample

    private func decide(
        _ fields: [(String, String)] = [],
        status: Int = 200,
        kind: ContentKind = .vodSegment
    ) -> FreshnessDecision {
        policy.decide(.sample(fields, status: status, kind: kind))
    }

    private let day: Int64 = 86_400

    @Test func livesByKindHoldWhereTheOriginSaysNothing() {
        #expect(decide().windows == [3600, 600, day])
        #expect(decide(kind: .vodManifest).windows == [5, 30, 3600])
        #expect(decide(kind: .thumbnail).windows == [day, 3600, day])
        #expect(decide(kind: .staticAsset).windows == [7 * day, day, 7 * day])
        #expect(decide(kind: .livePlaylist).windows == [1, 0, 6])
        #expect(decide(kind: .liveBlockingPlaylist).windows == [12, 0, 0])
        #expect(decide(kind: .liveMedia).windows == [12, 0, 12])
        #expect(decide(kind: .other) == .doNotStore(shareable: true))
    }

    @Test func livesByKindAreConfiguration() {
        var policy = policy
        policy.lifetimes[.thumbnail] = Lifetimes.Windows(fresh: .milliseconds(1500))
        guard case .store(let freshness) = policy.decide(.sample(kind: .thumbnail)) else {
            Issue.record("not stored")
            return
        }
        #expect(freshness.freshUntil == 11_500)
        #expect(freshness.lastUse == 11_500)
    }

    // MARK: - Which field rules

    @Test func surrogateControlRulesAlone() {
        let browsers = ("cache-control", "no-store, private, max-age=1, stale-if-error=9")
        #expect(
            decide([browsers, ("surrogate-control", "max-age=60")], kind: .other).windows
                == [60, 0, 0]
        )
        #expect(
            decide([
                ("cache-control", "public, max-age=60"), ("surrogate-control", "no-store"),
            ]) == .doNotStore(shareable: true)
        )
        let windows = decide([
            ("surrogate-control", "max-age=60, stale-while-revalidate=7, stale-if-error=8"),
            ("cdn-cache-control", "max-age=30"), ("cache-control", "s-maxage=10"),
        ]).windows
        #expect(windows == [60, 7, 8])
    }

    @Test func cdnCacheControlComesBeforeCacheControl() {
        let fields = [("cache-control", "max-age=1"), ("cdn-cache-control", "max-age=60")]
        #expect(decide(fields, kind: .other).windows == [60, 0, 0])
    }

    @Test func aSurrogateFieldThatSaysNothingOfStoringRulesNothing() {
        let fields = [("surrogate-control", "content=\"ESI/1.0\""), ("cache-control", "max-age=9")]
        #expect(decide(fields, kind: .other).windows == [9, 0, 0])
    }

    @Test func expiresCountsWithoutALifeInSeconds() {
        let date = ("date", "@1000")
        #expect(decide([date, ("expires", "@1060")], kind: .other).windows == [60, 0, 0])
        let both = [date, ("expires", "@1060"), ("cache-control", "max-age=5")]
        #expect(decide(both, kind: .other).windows == [5, 0, 0])
        // A surrogate field that has no life leaves the life to the kind, not to the browsers'.
        let surrogate = [date, ("expires", "@1060"), ("surrogate-control", "no-cache")]
        #expect(decide(surrogate + [("etag", "\"1\"")]).windows == [0, 0, 0])
    }

    @Test(arguments: ["0", "-1", "@900", "@1000", "@1060, @1060"])
    func expiresInThePastOrUnreadableIsOver(value: String) {
        let fields = [("date", "@1000"), ("expires", value)]
        #expect(decide(fields, kind: .other) == .doNotStore(shareable: true))
        #expect(decide(fields + [("etag", "\"1\"")], kind: .other).windows == [0, 0, 0])
    }

    @Test func expiresWithoutADateToCountFromIsOver() {
        #expect(decide([("expires", "@1060")], kind: .other) == .doNotStore(shareable: true))
    }

    // MARK: - Stale windows

    @Test func aStatedLifeKeepsTheStaleWindowsOfItsKind() {
        #expect(decide([("cache-control", "max-age=60")]).windows == [60, 600, day])
    }

    @Test func aLifeOfNothingIsAskedForEachTimeWhileTheOriginLives() {
        #expect(decide([("cache-control", "max-age=0")]).windows == [0, 0, day])
    }

    @Test(arguments: ["must-revalidate", "proxy-revalidate"])
    func revalidationForbidsStaleness(directive: String) {
        let field = "max-age=60, stale-while-revalidate=5, stale-if-error=5, " + directive
        #expect(decide([("cache-control", field)]).windows == [60, 0, 0])
    }

    @Test func aSharedLifeAllowsOnlyTheStalenessItNames() {
        #expect(decide([("cache-control", "s-maxage=60")]).windows == [60, 0, 0])
        let field = "s-maxage=60, stale-while-revalidate=5, stale-if-error=6"
        #expect(decide([("cache-control", field)]).windows == [60, 5, 6])
    }

    @Test func staleWindowsThatCannotBeReadAreNone() {
        let field = "max-age=60, stale-while-revalidate=x, stale-if-error"
        #expect(decide([("cache-control", field)]).windows == [60, 0, 0])
    }

    @Test func blockingPlaylistsAreNeverStale() {
        let field = "max-age=6, stale-while-revalidate=60, stale-if-error=60"
        for name in ["cache-control", "surrogate-control"] {
            let windows = decide([(name, field)], kind: .liveBlockingPlaylist).windows
            #expect(windows == [6, 0, 0])
        }
    }

    @Test func aSurrogateExtensionIsForErrors() {
        let fields = [("surrogate-control", "max-age=60+30")]
        #expect(decide(fields, kind: .other).windows == [60, 0, 30])
    }

    // MARK: - What is not kept

    @Test func noStoreIsSharedByThoseWhoWait() {
        #expect(decide([("cache-control", "no-store, max-age=60")]) == .doNotStore(shareable: true))
        #expect(
            decide([("cache-control", "max-age=60, No-Store=x")])
                == .doNotStore(shareable: true)
        )
    }

    @Test func noCacheIsKeptOnlyToBeConfirmed() {
        let field = ("cache-control", "no-cache, max-age=60, stale-if-error=60")
        #expect(decide([field]) == .doNotStore(shareable: true))
        #expect(decide([field, ("etag", "\"1\"")]).windows == [0, 0, 0])
        #expect(decide([field, ("last-modified", "@1")]).windows == [0, 0, 0])
    }

    @Test func whatIsForOneIsNotShared() {
        let fresh = ("cache-control", "public, max-age=60")
        let personal: [[(String, String)]] = [
            [("cache-control", "private, max-age=60")],
            [("cache-control", "max-age=60, private=\"x-user\"")],
            [fresh, ("set-cookie", "a=b")],
            [("surrogate-control", "max-age=60"), ("set-cookie", "a=b")],
            [fresh, ("vary", "*")],
            [fresh, ("vary", "Accept-Encoding, Cookie")],
            [fresh, ("vary", "Accept-Encoding"), ("vary", "User-Agent")],
            [("cache-control", "no-store"), ("set-cookie", "a=b")],
        ]
        for fields in personal { #expect(decide(fields) == .doNotStore(shareable: false)) }
    }

    @Test func varyByWhatTheKeyHoldsIsKept() {
        let fresh = ("cache-control", "max-age=60, stale-if-error=0, stale-while-revalidate=0")
        #expect(decide([fresh, ("vary", "Accept-Encoding, ,ORIGIN")]).windows == [60, 0, 0])
        var policy = policy
        policy.variesByKey.insert("x-device")
        let facts = AnswerFacts.sample([fresh, ("vary", "X-Device")])
        #expect(policy.decide(facts).windows == [60, 0, 0])
    }

    @Test func answersToHeadAreNotKept() {
        var facts = AnswerFacts.sample([("cache-control", "max-age=60")])
        facts.isHead = true
        #expect(policy.decide(facts) == .doNotStore(shareable: false))
    }

    // RFC 9111 §3.5
    @Test func whatWasAskedForWithAuthorizationIsKeptOnlyByLeave() {
        let leaves = [
            ("max-age=60", false), ("public, max-age=60", true), ("s-maxage=60", true),
            ("max-age=60, must-revalidate", true),
        ]
        for (field, isKept) in leaves {
            var facts = AnswerFacts.sample([("cache-control", field)])
            facts.hasAuthorization = true
            #expect((policy.decide(facts).windows != nil) == isKept)
            if !isKept { #expect(policy.decide(facts) == .doNotStore(shareable: false)) }
        }
    }

    // MARK: - Statuses

    @Test(arguments: [203, 206, 301, 308])
    func theseStatusesHaveTheLifeOfTheirKind(status: Int) {
        #expect(decide(status: status).windows == [3600, 600, day])
    }

    @Test(arguments: [204, 302, 303, 307, 400, 403, 405, 414, 451])
    func theseStatusesAreKeptOnlyWhenTheOriginSaysSo(status: Int) {
        #expect(decide(status: status) == .doNotStore(shareable: true))
        #expect(decide([("cache-control", "max-age=5")], status: status).windows?[0] == 5)
    }

    @Test(arguments: [100, 304, 401, 407, 412, 416])
    func theseStatusesAreForOne(status: Int) {
        let decision = decide([("cache-control", "public, max-age=60")], status: status)
        #expect(decision == .doNotStore(shareable: false))
    }

    @Test(arguments: [201, 202, 207, 226, 418, 429, 505, 599])
    func statusesThatAreNotUnderstoodAreNotKept(status: Int) {
        let decision = decide([("cache-control", "public, max-age=60")], status: status)
        #expect(decision == .doNotStore(shareable: true))
    }

    @Test func whatIsNotThereIsRememberedBriefly() {
        for status in [404, 410] {
            #expect(decide(status: status).windows == [2, 0, 0])
            #expect(decide(status: status, kind: .other).windows == [2, 0, 0])
        }
        #expect(
            decide([("cache-control", "no-store")], status: 404)
                == .doNotStore(shareable: true)
        )
    }

    @Test func serverErrorsAreKeptWhereConfigured() {
        #expect(decide(status: 503) == .doNotStore(shareable: true))
        var policy = policy
        policy.lifetimes.serverError = .seconds(1)
        #expect(policy.decide(.sample(status: 503)).windows == [1, 0, 0])
        #expect(policy.decide(.sample(status: 503, kind: .liveMedia)).windows == nil)
    }

    @Test func errorsLiveShortWhateverTheOriginSays() {
        let field = "public, max-age=31536000, immutable, stale-if-error=86400"
        #expect(decide([("cache-control", field)], status: 404).windows == [60, 0, 60])
        #expect(decide([("surrogate-control", field)], status: 500).windows == [60, 0, 60])
    }

    @Test(arguments: [400, 404, 410, 500, 503])
    func whatDoesNotExistYetInLiveIsKeptOnlyWhenTheOriginSaysSo(status: Int) {
        for kind in [ContentKind.livePlaylist, .liveBlockingPlaylist, .liveMedia] {
            #expect(decide(status: status, kind: kind) == .doNotStore(shareable: true))
            let stated = decide([("cache-control", "max-age=1")], status: status, kind: kind)
            #expect(stated.windows == [1, 0, 0])
        }
    }

    @Test func fieldsBetweenCachesDoNotReachPlayers() {
        for name in ["surrogate-control", "cdn-cache-control", "surrogate-key", "cache-tag"] {
            #expect(SurrogateFields.isForEdgesOnly(name))
        }
        #expect(!SurrogateFields.isForEdgesOnly("cache-control"))
    }
}

import EdgeCache
import Testing

/// What a purge takes, and what survives it.
struct PurgeLogTests {
    private let log = PurgeLog()

    private func isDead(
        _ address: String,
        bornAt: Int64 = 1000,
        tags: [String] = []
    ) -> Bool {
        log.isDead(.sample(bornAt: bornAt, tags: tags), for: CacheKey(address))
    }

    @Test func withoutAPurgeNothingIsDead() {
        #expect(!isDead("/a", bornAt: -1 << 60, tags: ["video:1"]))
    }

    @Test func aTagTakesWhatHasItAndIsNotYounger() {
        log.record(.tag("video:1"), at: 1000)
        #expect(isDead("/a", bornAt: 999, tags: ["channel:1", "video:1"]))
        #expect(isDead("/a", bornAt: 1000, tags: ["video:1"]))
        #expect(!isDead("/a", bornAt: 1001, tags: ["video:1"]))
        #expect(!isDead("/a", bornAt: 999, tags: ["video:10", "VIDEO:1"]))
        #expect(!isDead("/a", bornAt: 999))
    }

    @Test func anAddressTakesItsQueriesAndSlices() {
        log.record(.address("/a"), at: 1000)
        for address in ["/a", "/a#0", "/a?x=1", "/a?x=1#7"] { #expect(isDead(address)) }
        for address in ["/", "/ab", "/a/b", "/b?/a"] { #expect(!isDead(address)) }
    }

    @Test func anAddressWithAQueryTakesThatOneOnly() {
        log.record(.address("/a?x=1"), at: 1000)
        for address in ["/a?x=1", "/a?x=1#2"] { #expect(isDead(address)) }
        for address in ["/a", "/a?x=12", "/a#0", "/a?x=2"] { #expect(!isDead(address)) }
    }

    @Test func aPrefixTakesAllBelow() {
        log.record(.prefix("/videos/7/"), at: 1000)
        #expect(isDead("/videos/7/hls/master.m3u8"))
        #expect(!isDead("/videos/70/hls/master.m3u8"))
        #expect(!isDead("/videos/7/x", bornAt: 1001))
    }

    @Test func everythingIsEverything() {
        log.record(.everything, at: 1000)
        #expect(isDead("/a"))
        #expect(!isDead("/a", bornAt: 1001))
    }

    @Test func anEarlierPurgeDoesNotTakeBackALaterOne() {
        log.record(.tag("t"), at: 2000)
        log.record(.tag("t"), at: 1000)
        #expect(isDead("/a", bornAt: 1500, tags: ["t"]))
    }

    @Test func whatCannotBeRecordedPurgesEverything() {
        log.record(.tag(String(repeating: "t", count: 3000)), at: 1000)
        #expect(isDead("/a"))
        let other = PurgeLog()
        other.record(.tag("a\nend 0"), at: 1000)
        #expect(other.isDead(.sample(bornAt: 1000), for: CacheKey("/b")))
    }

    @Test func tooManyPurgesTakeMoreAndNeverLess() {
        for number in 0..<40_000 { log.record(.tag("\(number)"), at: Int64(number)) }
        #expect(log.count <= 16_384)
        let missed = (0..<40_000).count {
            !isDead("/a", bornAt: Int64($0), tags: ["\($0)"])
        }
        #expect(missed == 0)
        // The younger half is still told apart.
        #expect(!isDead("/a", bornAt: 35_000, tags: ["other"]))
        #expect(isDead("/a", bornAt: 10_000, tags: ["other"]))
    }

    @Test func tooManyPrefixesTakeMoreAndNeverLess() {
        for number in 0..<200 { log.record(.prefix("/\(number)/"), at: Int64(number)) }
        #expect(log.count <= 64)
        #expect((0..<200).allSatisfy { isDead("/\($0)/x", bornAt: Int64($0)) })
        #expect(!isDead("/other", bornAt: 150))
    }

    @Test(arguments: [
        ("*", PurgeTarget.everything),
        ("/a/b.m3u8", .address("/a/b.m3u8")),
        ("/a#3", .address("/a")),
        ("/a/*", .prefix("/a/")),
        ("https://edge.example:8443/a?b=c", .address("/a?b=c")),
        ("HTTP://edge.example/a/*", .prefix("/a/")),
        ("http://edge.example", .address("/")),
        ("video:1", .tag("video:1")),
    ])
    func targetsAreReadAsPeopleWriteThem(text: String, target: PurgeTarget) {
        #expect(PurgeTarget(text) == target)
    }

    @Test func targetsThatNobodyCanMeanAreRefused() {
        for text in ["", "a\nb", "\u{7F}", String(repeating: "x", count: 2049)] {
            #expect(PurgeTarget(text) == nil)
        }
    }
}

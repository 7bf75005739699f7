import EdgeCache
import Glibc
import NIOCore
import TestSupport
import Testing

struct MemcachedTierTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: [0, 1, 187, 20_000, 500_000, 5_000_000])
    func objectComesBackAsItWasStored(sizeBytes: Int) async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier([server.server])
        let object = makeObject(bodySizeBytes: sizeBytes)
        try await running.store(object, "/videos/1/seg-1.m4s")
        let found = try #require(try await running.object("/videos/1/seg-1.m4s"))
        #expect(found.body.bytes == object.body.bytes)
        #expect(found.head == object.head)
        #expect(found.kind == object.kind)
        let drift = found.freshness.freshUntil - object.freshness.freshUntil
        // Both clocks are read in whole milliseconds.
        #expect((-10_000...2).contains(drift))
        #expect(running.tier.statistics.hits == 1)
        #expect(running.tier.statistics.readBytes == UInt64(sizeBytes))
        try await running.stop()
        await server.end()
    }

    @Test func unknownKeyIsMiss() async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier([server.server])
        #expect(try await running.object("/nothing") == nil)
        #expect(running.tier.statistics.misses == 1)
        #expect(running.tier.statistics.breaker == .closed)
        try await running.stop()
        await server.end()
    }

    @Test func objectIsThereForAnotherEdge() async throws {
        let server = try await MemcachedProcess(in: folder)
        let (one, other) = (try RunningTier([server.server]), try RunningTier([server.server]))
        let object = makeObject(bodySizeBytes: 100_000)
        try await one.store(object, "/a")
        try await one.stop()
        try await eventually {
            RawMemcached(server.path)?.get(MemcachedKey(CacheKey("/a")).bytes) != nil
        }
        #expect(try await other.object("/a")?.body.bytes == object.body.bytes)
        try await other.stop()
        await server.end()
    }

    @Test func newestStoreWins() async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier([server.server])
        try await running.store(makeObject(bodySizeBytes: 3_000_000, seed: 1), "/a")
        let newest = makeObject(bodySizeBytes: 2_500_000, seed: 2)
        try await running.store(newest, "/a")
        #expect(try await running.object("/a")?.body.bytes == newest.body.bytes)
        try await running.stop()
        await server.end()
    }

    @Test func removedObjectIsMiss() async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier([server.server])
        // In one thread's order, although nobody waits for either.
        for index in 0..<50 {
            running.tier.store(makeObject(bodySizeBytes: 1000), for: CacheKey("/\(index)"))
            running.tier.remove(CacheKey("/\(index)"))
        }
        try await eventually { running.tier.statistics.removals == 50 }
        for index in 0..<50 { #expect(try await running.object("/\(index)") == nil) }
        try await running.stop()
        await server.end()
    }

    @Test func nothingIsLeftAfterRemovalOfAll() async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier([server.server])
        try await running.store(makeObject(bodySizeBytes: 1000), "/a")
        running.tier.removeAll()
        try await eventually { running.tier.statistics.removals == 1 }
        #expect(try await running.object("/a") == nil)
        try await running.stop()
        await server.end()
    }

    @Test func whatIsOverIsNotStored() async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier([server.server])
        let now = MemcachedSurroundings.monotonicClock()
        running.tier.store(makeObject(bodySizeBytes: 10, now: now - 100_000), for: CacheKey("/a"))
        try await eventually { running.tier.statistics.failedStores == 1 }
        #expect(try await running.object("/a") == nil)
        try await running.stop()
        await server.end()
    }

    /// memcached takes more than 30 days for a date in 1970.
    @Test func lifeOfMoreThanThirtyDaysIsKept() async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier([server.server])
        let object = makeObject(bodySizeBytes: 10)
        var freshness = object.freshness
        freshness.freshUntil += 60 * 24 * 3_600_000
        let longLived = CachedObject(
            head: object.head,
            body: object.body,
            freshness: freshness,
            kind: 0
        )
        try await running.store(longLived, "/a")
        #expect(try await running.object("/a") != nil)
        try await running.stop()
        await server.end()
    }

    @Test func bodyAboveLimitIsDropped() async throws {
        let running = try RunningTier([.unix(path: folder.path("none"))]) {
            $0.largestObjectBytes = 1000
        }
        running.tier.store(makeObject(bodySizeBytes: 1001), for: CacheKey("/a"))
        #expect(running.tier.statistics.droppedStores == 1)
        try await running.stop()
    }

    @Test func storesBeyondQueueAreDropped() async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier([server.server]) {
            $0.queuedStoreBytes = 3_000_000
            $0.threadCount = 1
        }
        try server.freeze()
        // The first few fill the socket of the frozen server.
        for index in 0..<20 {
            let object = makeObject(bodySizeBytes: 1_000_000)
            running.tier.store(object, for: CacheKey("/\(index)"))
        }
        #expect(running.tier.statistics.droppedStores >= 10)
        #expect(running.tier.statistics.queuedStores <= 3)
        server.signal(SIGCONT)
        try await running.stop()
        await server.end()
    }

    @Test func lookupsBeyondQueueAreMissesAtOnce() async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier([server.server], deadline: .milliseconds(300)) {
            $0.queuedLookupCount = 4
            $0.threadCount = 1
            $0.tierBreaker.failureCount = 1000
        }
        try server.freeze()
        let futures = (0..<50).map { index in
            running.tier.object(for: CacheKey("/\(index)"), on: running.eventLoop)
        }
        for future in futures { #expect(try await future.get() == nil) }
        let statistics = running.tier.statistics
        #expect(statistics.refusedLookups >= 45)
        #expect(statistics.refusedLookups + statistics.deadlineMisses == 50)
        server.signal(SIGCONT)
        try await running.stop()
        await server.end()
    }

    @Test func stoppedTierMisses() async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier([server.server])
        try await running.store(makeObject(bodySizeBytes: 10), "/a")
        try await running.stop()
        #expect(try await running.object("/a") == nil)
        running.tier.store(makeObject(bodySizeBytes: 10), for: CacheKey("/b"))
        #expect(running.tier.statistics.droppedStores == 1)
        await server.end()
    }
}

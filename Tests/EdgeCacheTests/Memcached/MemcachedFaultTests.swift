import EdgeCache
import Glibc
import NIOCore
import Synchronization
import TestSupport
import Testing

/// Whatever happens to memcached, a look-up is a hit or a miss, in time.
@Suite(.serialized)
struct MemcachedFaultTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func raw(_ server: MemcachedProcess) throws -> RawMemcached {
        try #require(RawMemcached(server.path))
    }

    @Test func absentServerIsMiss() async throws {
        let running = try RunningTier([.unix(path: folder.path("none.sock"))])
        for _ in 0..<20 { #expect(try await running.object("/a") == nil) }
        #expect(running.tier.statistics.connectionFailures >= 1)
        #expect(running.tier.statistics.breaker == .open)
        try await running.stop()
    }

    @Test func asManyServersAsThereMayBeAreTakenAndUsed() async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier(
            (0..<63).map { .unix(path: folder.path("\($0).sock")) } + [server.server]
        ) {
            $0.sliceSizeBytes = 128 << 10
            $0.serverBreaker.failureCount = .max
            $0.tierBreaker.failureCount = .max
            $0.threadCount = 1
            $0.retryAfter = .seconds(60)
        }
        // All others are found to be absent, one by one.
        let start = ContinuousClock.now
        while running.tier.statistics.stores < 10 {
            try #require(ContinuousClock.now - start < .seconds(20))
            for index in 0..<100 { _ = try await running.object("/\(index)") }
            running.tier.store(makeObject(bodySizeBytes: 10), for: CacheKey("/1"))
        }
        try await eventually { running.tier.statistics.queuedStores == 0 }
        #expect(try await running.object("/1") != nil)
        try await running.stop()
        await server.end()
    }

    /// A byte at a time, always within the time limit of the server.
    @Test func dribblingServerIsMissInTime() async throws {
        let liar = try await LyingServer(isDribbling: true) { line in
            let key = line.split(separator: " ").dropFirst().first ?? ""
            return Array("VALUE \(key) 0 100000\r\n".utf8)
        }
        let running = try RunningTier([liar.server], deadline: .milliseconds(20)) {
            $0.queuedLookupCount = 16
        }
        for _ in 0..<30 { #expect(try await running.object("/a") == nil) }
        #expect(running.tier.statistics.breaker != .closed)
        #expect(running.tier.statistics.skippedLookups > 0)
        try await liar.stop()
        try await running.stop()
    }

    @Test func slicesOfTwoStoresAreMiss() async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier([server.server])
        let name = MemcachedKey(CacheKey("/a"))
        try await running.store(makeObject(bodySizeBytes: 3_000_000, seed: 1), "/a")
        _ = try await running.object("/a")
        let old = try #require(try raw(server).get(name.slice(1)))
        try await running.store(makeObject(bodySizeBytes: 3_000_000, seed: 2), "/a")
        #expect(try await running.object("/a") != nil)
        try raw(server).set(name.slice(1), old)
        #expect(try await running.object("/a") == nil)
        #expect(running.tier.statistics.incompleteObjects == 1)
        #expect(running.tier.statistics.serverBreakers == [.closed])
        try await running.stop()
        await server.end()
    }

    @Test func missingSliceIsMiss() async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier([server.server])
        try await running.store(makeObject(bodySizeBytes: 3_000_000), "/a")
        #expect(try await running.object("/a") != nil)
        try raw(server).delete(MemcachedKey(CacheKey("/a")).slice(1))
        #expect(try await running.object("/a") == nil)
        #expect(running.tier.statistics.incompleteObjects == 1)
        try await running.stop()
        await server.end()
    }

    @Test(arguments: [0, 1, 2])
    func corruptedSliceIsMiss(index: Int) async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier([server.server])
        let name = MemcachedKey(CacheKey("/a"))
        try await running.store(makeObject(bodySizeBytes: 3_000_000), "/a")
        #expect(try await running.object("/a") != nil)
        var slice = try #require(try raw(server).get(name.slice(index)))
        slice[slice.count / 2] ^= 1
        try raw(server).set(name.slice(index), slice)
        #expect(try await running.object("/a") == nil)
        #expect(running.tier.statistics.malformedAnswers == 1)
        try await running.stop()
        await server.end()
    }

    @Test func anotherKeyUnderTheNameIsMiss() async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier([server.server])
        try await running.store(makeObject(bodySizeBytes: 1000), "/a")
        #expect(try await running.object("/a") != nil)
        let value = try #require(try raw(server).get(MemcachedKey(CacheKey("/a")).bytes))
        try raw(server).set(MemcachedKey(CacheKey("/b")).bytes, value)
        #expect(try await running.object("/b") == nil)
        #expect(running.tier.statistics.incompleteObjects == 1)
        try await running.stop()
        await server.end()
    }

    @Test func killedServerIsMissAndComesBackEmpty() async throws {
        let server = try await MemcachedProcess(in: folder)
        let running = try RunningTier([server.server])
        let object = makeObject(bodySizeBytes: 500_000)
        for index in 0..<20 { try await running.store(object, "/\(index)") }
        // In the middle of many look-ups.
        let futures = (0..<200).map {
            running.tier.object(for: CacheKey("/\($0 % 20)"), on: running.eventLoop)
        }
        await server.end()
        for future in futures {
            let found = try await future.get()
            #expect(found == nil || found?.body.bytes == object.body.bytes)
        }
        #expect(try await running.object("/1") == nil)
        let next = try await MemcachedProcess(in: folder)
        try await storedAgain(running, object)
        #expect(try await running.object("/2") == nil)
        try await running.stop()
        await next.end()
    }

    /// Stores and asks until the tier uses its server again.
    private func storedAgain(_ running: RunningTier, _ object: CachedObject) async throws {
        let start = ContinuousClock.now
        var isBack = false
        while !isBack {
            try #require(ContinuousClock.now - start < .seconds(20))
            running.tier.store(object, for: CacheKey("/back"))
            let future = running.eventLoop.scheduleTask(in: .milliseconds(20)) {}.futureResult
            try await future.get()
            isBack = try await running.object("/back") != nil
        }
        #expect(running.tier.statistics.serverBreakers.allSatisfy { $0 == .closed })
    }

    @Test func frozenServerMissesInTimeAndIsUsedAgainAfter() async throws {
        let server = try await MemcachedProcess(in: folder)
        let deadline = Duration.milliseconds(20)
        let running = try RunningTier([server.server], deadline: deadline) {
            $0.serverTimeout = .milliseconds(100)
        }
        let object = makeObject(bodySizeBytes: 500_000)
        running.tier.store(object, for: CacheKey("/a"))
        try await eventually { running.tier.statistics.stores == 1 }
        try server.freeze()
        var waits: [Duration] = []
        for _ in 0..<40 {
            let start = ContinuousClock.now
            #expect(try await running.object("/a") == nil)
            waits.append(ContinuousClock.now - start)
        }
        waits.sort()
        // The median, as the tests' processors are busy with others too.
        #expect(waits[waits.count / 2] < deadline * 3)
        let frozen = running.tier.statistics
        #expect(frozen.breaker != .closed)
        #expect(frozen.skippedLookups > 0)
        #expect(frozen.deadlineMisses < 40)
        server.signal(SIGCONT)
        let start = ContinuousClock.now
        var found: CachedObject?
        while found == nil {
            try #require(ContinuousClock.now - start < .seconds(20))
            let pause = running.eventLoop.scheduleTask(in: .milliseconds(10)) {}
            try await pause.futureResult.get()
            found = try await running.object("/a")
        }
        #expect(found?.body.bytes == object.body.bytes)
        #expect(running.tier.statistics.breaker == .closed)
        try await running.stop()
        await server.end()
    }

    static let lies: [String] = [
        "\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "END\r\n", "ERROR\r\n", "STORED\r\n",
        "SERVER_ERROR out of memory\r\n", "CLIENT_ERROR bad\r\n", "VALUE\r\n", "VALUE \r\n",
        "VALUE other 0 5\r\nhello\r\nEND\r\n", "VALUE @ 0 0\r\n\r\nEND\r\n",
        "VALUE @ 0 5\r\nhello\r\nEND\r\n", "VALUE @ 0 18446744073709551615\r\nx",
        "VALUE @ 0 99999999999999999999999\r\nx", "VALUE @ 0 1073741824\r\nx",
        "VALUE @ 0 -1\r\nx\r\nEND\r\n", "VALUE @ 99999999999 5\r\nhello\r\nEND\r\n",
        "VALUE @ 0 5\r\nhello\r\nVALUE @ 0 5\r\nhello\r\nEND\r\n",
        "VALUE " + String(repeating: "k", count: 300) + " 0 5\r\nhello\r\nEND\r\n",
        "VALUE " + String(repeating: "k", count: 330) + " 0 1\r\nhello\r\nEND\r\n",
        "VALUE " + String(repeating: "k", count: 5000) + " 0 5\r\nhello\r\nEND\r\n",
        String(repeating: "x", count: 100_000), "VERSION 1.2.3\r\n", "OK\r\n", "123\r\n",
        "\0\0\0\0\n",
        "STAT a b\r\nEND\r\n", "ITEM a [1 b; 2 s]\r\nEND\r\n",
    ]

    @Test(arguments: lies)
    func lieIsMiss(lie: String) async throws {
        let liar = try await LyingServer { line in
            let key = line.split(separator: " ").dropFirst().first ?? ""
            return Array(lie.replacing("@", with: key).utf8)
        }
        let running = try RunningTier([liar.server]) { $0.serverTimeout = .milliseconds(50) }
        for _ in 0..<12 {
            #expect(try await running.object("/a") == nil)
            running.tier.store(makeObject(bodySizeBytes: 100), for: CacheKey("/a"))
            running.tier.remove(CacheKey("/a"))
        }
        #expect(running.tier.statistics.hits == 0)
        try await running.stop()
        try await liar.stop()
    }

    @Test func randomBytesAreMisses() async throws {
        let random = Mutex(SplitMix(state: 7))
        let liar = try await LyingServer { line in
            random.withLock { random in
                if Int.random(in: 0..<10, using: &random) == 0 { return nil }
                let key = line.split(separator: " ").dropFirst().first ?? ""
                var bytes = Array("VALUE \(key) 0 100\r\n".utf8)
                bytes += (0..<100).map { _ in UInt8.random(in: 0...255, using: &random) }
                bytes += Array("\r\nEND\r\n".utf8)
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    bytes[place] = UInt8.random(in: 0...255, using: &random)
                }
                return bytes
            }
        }
        let running = try RunningTier([liar.server]) {
            $0.serverTimeout = .milliseconds(10)
            // Never open, so that all are asked.
            $0.serverBreaker.failureCount = .max
            $0.tierBreaker.failureCount = .max
        }
        for _ in 0..<1500 { #expect(try await running.object("/a") == nil) }
        #expect(running.tier.statistics.malformedAnswers > 100)
        try await running.stop()
        try await liar.stop()
    }

    /// Every object is where it was, but for the share of the lost server, which moves.
    @Test func lostServerMovesOnlyItsShare() async throws {
        var servers: [MemcachedProcess] = []
        for index in 0..<3 {
            servers.append(try await MemcachedProcess(in: folder, name: "m\(index).sock"))
        }
        let running = try RunningTier(servers.map(\.server)) {
            $0.serverBreaker.failureCount = .max
            $0.tierBreaker.failureCount = .max
            $0.retryAfter = .seconds(30)
            // Each thread notices for itself.
            $0.threadCount = 1
        }
        let keys = (0..<300).map { "/videos/\($0)/seg.m4s" }
        for key in keys { try await running.store(makeObject(bodySizeBytes: 100), key) }
        let names = keys.map { MemcachedKey(CacheKey($0)).bytes }
        let lost = try raw(servers[1])
        let share = Set(keys.indices.filter { lost.get(names[$0]) != nil })
        #expect((50..<160).contains(share.count))
        await servers[1].end()
        // The thread has to notice.
        for key in keys.prefix(60) { _ = try await running.object(key) }
        for index in keys.indices {
            let isFound = try await running.object(keys[index]) != nil
            #expect(isFound == !share.contains(index))
        }
        let before = running.tier.statistics.stores
        for index in share {
            running.tier.store(makeObject(bodySizeBytes: 100), for: CacheKey(keys[index]))
        }
        try await eventually { running.tier.statistics.stores == before + UInt64(share.count) }
        for index in share { #expect(try await running.object(keys[index]) != nil) }
        try await running.stop()
        for server in servers { await server.end() }
    }

    @Test func lostServerIsUsedAgain() async throws {
        var servers: [MemcachedProcess] = []
        for index in 0..<2 {
            servers.append(try await MemcachedProcess(in: folder, name: "m\(index).sock"))
        }
        let running = try RunningTier(servers.map(\.server))
        await servers[1].end()
        for index in 0..<100 { _ = try await running.object("/\(index)") }
        let next = try await MemcachedProcess(in: folder, name: "m1.sock")
        let start = ContinuousClock.now
        // As soon as something is stored there.
        while true {
            for index in 0..<100 {
                running.tier.store(makeObject(bodySizeBytes: 10), for: CacheKey("/\(index)"))
                _ = try await running.object("/\(index)")
            }
            let raw = try #require(RawMemcached(next.path))
            let isUsed = (0..<100).contains {
                raw.get(MemcachedKey(CacheKey("/\($0)")).bytes) != nil
            }
            if isUsed { break }
            try #require(ContinuousClock.now - start < .seconds(20))
        }
        try await running.stop()
        await servers[0].end()
        await next.end()
    }
}

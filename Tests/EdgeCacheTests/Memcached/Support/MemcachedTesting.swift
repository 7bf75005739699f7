import EdgeCache
import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

/// Waits until something is so, and fails where it never is.
func eventually(
    within limit: Duration = .seconds(20),
    _ isMet: @Sendable () async throws -> Bool
) async throws {
    let start = ContinuousClock.now
    let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
    while try await !isMet() {
        try #require(ContinuousClock.now - start < limit)
        try await eventLoop.scheduleTask(in: .milliseconds(2)) {}.futureResult.get()
    }
}

/// Clocks that go when the test says so.
final class HandClock: Sendable {
    let monotonic = Mutex<Int64>(1_000_000)
    let wall = Mutex<Int64>(1_700_000_000_000)

    func advance(monotonic step: Int64, wall wallStep: Int64) {
        monotonic.withLock { $0 += step }
        wall.withLock { $0 += wallStep }
    }

    var surroundings: MemcachedSurroundings {
        MemcachedSurroundings(
            monotonicMilliseconds: { self.monotonic.withLock { $0 } },
            wallMilliseconds: { self.wall.withLock { $0 } }
        )
    }
}

/// An object with a body of this size, which lives for a minute from now.
func makeObject(
    bodySizeBytes: Int,
    seed: UInt64 = 1,
    now: Int64 = MemcachedSurroundings.monotonicClock()
) -> CachedObject {
    var random = SplitMix(state: seed)
    var body = ByteBufferAllocator().buffer(capacity: bodySizeBytes)
    while body.readableBytes + 8 <= bodySizeBytes { body.writeInteger(random.next()) }
    while body.readableBytes < bodySizeBytes { body.writeInteger(UInt8(7)) }
    return CachedObject(
        head: StoredHead(
            status: 200,
            contentType: "video/mp4",
            cacheControl: "public, max-age=3600",
            entityTag: "v\(seed)",
            lastModified: 1_700_000_000,
            totalSizeBytes: nil,
            fields: [("x-one", "1"), ("x-two", "zwei é")],
            tags: ["video:7", "channel:8"]
        ),
        body: .bytes(body),
        freshness: Freshness(
            bornAt: now - 3000,
            freshUntil: now + 60_000,
            staleWhileRevalidateUntil: now + 70_000,
            staleIfErrorUntil: now + 80_000
        ),
        kind: 3
    )
}

/// A tier on its threads, with an event loop to ask it from.
final class RunningTier: Sendable {
    let tier: MemcachedTier
    let eventLoop = MultiThreadedEventLoopGroup.singleton.next()

    /// The deadline is long here, as tests share the processors; those of the deadline set it.
    init(
        _ servers: [MemcachedServer],
        surroundings: MemcachedSurroundings = MemcachedSurroundings(),
        deadline: Duration = .seconds(10),
        _ change: (inout MemcachedConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = MemcachedConfiguration(servers: servers)
        configuration.deadline = deadline
        configuration.serverTimeout = .seconds(2)
        change(&configuration)
        tier = try MemcachedTier(
            configuration: configuration,
            surroundings: surroundings,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        tier.start()
    }

    func object(_ key: String) async throws -> CachedObject? {
        try await tier.object(for: CacheKey(key), on: eventLoop).get()
    }

    /// Stores it, and returns when a server has it.
    func store(_ object: CachedObject, _ key: String) async throws {
        let before = tier.statistics
        tier.store(object, for: CacheKey(key))
        try await eventually { self.tier.statistics.stores > before.stores }
    }

    func stop() async throws {
        try await tier.stop(on: eventLoop).get()
    }
}

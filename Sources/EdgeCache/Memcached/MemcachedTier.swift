package import Logging
package import NIOCore
internal import Platform

/// Objects in memcached servers: shared by the edges of a region, and there after a restart.
///
/// Whatever is wrong with memcached is a miss, never an error. libmemcached blocks, so it lives on
/// threads of this tier, behind a queue with an end; a look-up has a deadline, after which nobody
/// waits although the thread may; breakers keep sick servers, and a sick tier, off the path. Nothing
/// that comes from a server is believed: see `SliceHeader`, `ObjectDescription` and `FencedMemory`.
///
/// What is removed while its server is out of reach may come back with it, and so may what was
/// stored elsewhere while the server was left out: `PurgeLog` has to have the last word.
package final class MemcachedTier: Sendable {
    private let configuration: MemcachedConfiguration
    private let surroundings: MemcachedSurroundings
    private let logger: Logger
    private let deadline: TimeAmount
    private let queue: WorkQueue
    private let health: MemcachedHealth
    private let counters = MemcachedCounters()
    private let threads = RunningThreads()
    private let pool = ValuePool()

    /// Reaches for nothing before `start`.
    ///
    /// - Throws: what is wrong with the configuration.
    package init(
        configuration: MemcachedConfiguration,
        surroundings: MemcachedSurroundings = MemcachedSurroundings(),
        logger: Logger
    ) throws(MemcachedConfigurationError) {
        try configuration.validate()
        self.configuration = configuration
        self.surroundings = surroundings
        self.logger = logger
        deadline = .milliseconds(configuration.deadline.wholeMilliseconds)
        health = MemcachedHealth(configuration: configuration, logger: logger)
        queue = WorkQueue(
            threadCount: configuration.threadCount,
            lookupLimit: configuration.queuedLookupCount,
            storeLimitBytes: configuration.queuedStoreBytes
        )
    }

    /// Starts the threads, once; servers are connected to by the first that needs them.
    package func start() {
        for index in 0..<configuration.threadCount {
            threads.enter()
            let isStarted = DetachedThread.start {
                self.work(thread: index)
                self.threads.leave()
            }
            if !isStarted { threads.leave() }
        }
    }

    /// Ends the threads: what is queued is a miss, or not stored.
    ///
    /// - Returns: a future that succeeds when they have ended, or when one hangs for too long.
    package func stop(on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        for lookup in queue.stop() where lookup.settles() { lookup.succeed(with: nil) }
        let promise = eventLoop.makePromise(of: Void.self)
        // The first of both counts.
        let limit = TimeAmount.milliseconds(MemcachedLimits.stopMilliseconds)
        let timer = eventLoop.scheduleTask(in: limit) { promise.succeed() }
        threads.whenAllHaveLeft { promise.succeed() }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        return promise.futureResult
    }

    /// The object, or nothing: also where memcached is slow, sick, or says what cannot be.
    ///
    /// Its freshness may be over: that is for the caller to look at. The future completes on the event
    /// loop, at the latest when the deadline has passed.
    package func object(
        for key: CacheKey,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<CachedObject?> {
        guard health.tierAdmits(at: surroundings.monotonicMilliseconds()) else {
            counters.skippedLookups.add()
            return eventLoop.makeSucceededFuture(nil)
        }
        let promise = eventLoop.makePromise(of: CachedObject?.self)
        let lookup = MemcachedLookup(key: key, promise: promise)
        guard queue.push(lookup) else {
            counters.refusedLookups.add()
            report(inTime: false)
            promise.succeed(nil)
            return promise.futureResult
        }
        let timer = eventLoop.scheduleTask(in: deadline) { self.expire(lookup) }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        return promise.futureResult
    }

    /// Keeps an object for as long as anybody may have a use for it; returns at once.
    package func store(_ object: CachedObject, for key: CacheKey) {
        guard object.body.sizeBytes <= configuration.largestObjectBytes else {
            counters.droppedStores.add()
            return
        }
        let description = ObjectDescription(
            of: object,
            key: key,
            now: surroundings.monotonicMilliseconds(),
            wallNow: surroundings.wallMilliseconds()
        )
        let change = MemcachedChange.store(object, key: key, description: description)
        if !queue.push(change, place: place(key)) { counters.droppedStores.add() }
    }

    /// Removes it from its server, where that can be reached; returns at once.
    package func remove(_ key: CacheKey) {
        if !queue.push(.remove(key), place: place(key)) { counters.failedRemovals.add() }
    }

    /// Removes everything, of other edges too, from all servers that can be reached.
    package func removeAll() {
        if !queue.push(.removeAll, place: 0) { counters.failedRemovals.add() }
    }

    package var statistics: MemcachedStatistics {
        var now = counters.statistics
        (now.queuedLookups, now.queuedStores) = queue.counts
        (now.breaker, now.serverBreakers) = health.states
        return now
    }

    private func expire(_ lookup: MemcachedLookup) {
        guard let lateness = lookup.expire() else { return }
        defer { lookup.succeed(with: nil) }
        counters.deadlineMisses.add()
        report(inTime: false)
        if case .asking(let server) = lateness {
            let now = surroundings.monotonicMilliseconds()
            health.serverAnswered(server, well: false, at: now)
        }
    }

    private func report(inTime: Bool) {
        health.lookupEnded(inTime: inTime, at: surroundings.monotonicMilliseconds())
    }

    private func place(_ key: CacheKey) -> UInt { UInt(bitPattern: key.hashValue) }

    private func work(thread: Int) {
        do throws(MemcachedFailure) {
            var worker = MemcachedWorker(
                client: try MemcachedClient(configuration, pool: pool),
                configuration: configuration,
                surroundings: surroundings,
                health: health,
                counters: counters
            )
            worker.run(queue, thread: thread)
        } catch {
            logger.error("libmemcached cannot be set up", metadata: ["error": "\(error)"])
        }
    }
}

package import Logging
package import NIOCore
package import NIOPosix
import Packaging
package import Platform
import Synchronization

/// The assets that are open, by video id.
///
/// An asset is served for `recheckInterval` before its files are looked at again, so a file that
/// appears, changes or goes is noticed without a watcher, on any file system. Whatever blocks
/// runs on the store's own threads, once for all who wait for the same video.
///
/// The lock guards the table only; loading, checking and answering happen outside it.
package final class AssetStore: Sendable {
    package typealias LookUp = Swift.Result<LoadedAsset, AssetFailure>

    private struct Entry {
        var result: LookUp
        var snapshot: LibrarySnapshot
        var checkedAt: NIODeadline
        var usedAt: NIODeadline
    }

    package struct Limits: Sendable {
        package var memoryBytes: Int
        package var maximumOpen: Int
        package var recheckInterval: TimeAmount

        package init(memoryBytes: Int, maximumOpen: Int, recheckInterval: TimeAmount) {
            self.memoryBytes = memoryBytes
            self.maximumOpen = maximumOpen
            self.recheckInterval = recheckInterval
        }
    }

    package let library: LibraryFolder
    private let loader: AssetLoader
    private let threads: NIOThreadPool
    private let limits: Limits
    private let logger: Logger
    private let now: @Sendable () -> NIODeadline
    private let entries = Mutex<[String: Entry]>([:])
    private let flights = SingleFlight<String, LookUp>()
    package let counters = AssetCounters()

    package init(
        library: LibraryFolder,
        loader: AssetLoader,
        threads: NIOThreadPool,
        limits: Limits,
        logger: Logger,
        now: @escaping @Sendable () -> NIODeadline = { .now() }
    ) {
        self.library = library
        self.loader = loader
        self.threads = threads
        self.limits = limits
        self.logger = logger
        self.now = now
    }

    /// The asset of a video, where it is known and was looked at lately; never blocks.
    package func ready(_ id: String) -> LookUp? {
        let moment = now()
        let result = entries.withLock { entries -> LookUp? in
            guard let entry = entries[id],
                moment - entry.checkedAt < limits.recheckInterval
            else {
                return nil
            }
            entries[id]?.usedAt = moment
            return entry.result
        }
        if result != nil { counters.hits.add() }
        return result
    }

    /// The asset of a video, loaded or checked first where need be.
    package func load(_ id: String, on eventLoop: any EventLoop) -> EventLoopFuture<LookUp> {
        let promise = eventLoop.makePromise(of: LookUp.self)
        let leads = flights.join(id) { promise.succeed($0) }
        if leads {
            threads.submit { [self] state in
                switch state {
                case .active: finish(id)
                case .cancelled:
                    flights.finish(id, with: .failure(Self.stopping))
                }
            }
        }
        return promise.futureResult
    }

    /// The same for callers on threads of their own and in tests.
    package func load(_ id: String) async -> LookUp {
        await withCheckedContinuation { continuation in
            let leads = flights.join(id) { continuation.resume(returning: $0) }
            if leads {
                threads.submit { [self] _ in finish(id) }
            }
        }
    }

    /// Runs what takes too long for an event loop on one of the store's threads.
    package func onThread<Value: Sendable>(
        on eventLoop: any EventLoop,
        _ work: @escaping @Sendable () throws -> Value
    ) -> EventLoopFuture<Value> {
        threads.runIfActive(eventLoop: eventLoop, work)
    }

    /// The ids of all videos of the library.
    package func videoIDs() async throws -> [String] {
        try await threads.runIfActive { [library] in try library.videoIDs() }
    }

    /// Ids, results and sizes of what is open, for `/status`.
    package var contents: [(id: String, result: LookUp)] {
        entries.withLock { entries in entries.map { ($0.key, $0.value.result) } }
            .sorted { $0.0 < $1.0 }
    }

    // MARK: On the store's threads

    private func finish(_ id: String) {
        let (result, fresh) = check(id)
        flights.finish(id, with: result)
        // Forcing an index to disk takes long; whoever waited has been answered by now.
        if let fresh { loader.store(fresh) }
    }

    /// Looks at a video's files and loads what changed; second, what should be stored.
    private func check(_ id: String) -> (LookUp, LoadedAsset?) {
        let snapshot: LibrarySnapshot?
        do {
            snapshot = try library.snapshot(of: id)
        } catch {
            logger.error(
                "the library cannot be read",
                metadata: ["video": "\(id)", "error": "\(error)"]
            )
            return (.failure(.unavailable(reason: error.publicDescription)), nil)
        }
        guard let snapshot else {
            entries.withLock { _ = $0.removeValue(forKey: id) }
            return (.failure(.unknown), nil)
        }
        let moment = now()
        let known = entries.withLock { entries -> LookUp? in
            guard let entry = entries[id], entry.snapshot == snapshot else { return nil }
            entries[id]?.checkedAt = moment
            entries[id]?.usedAt = moment
            return entry.result
        }
        if let known { return (known, nil) }
        let loaded = load(id: id, snapshot: snapshot)
        if case .failure(.unavailable) = loaded.0 { return loaded }
        entries.withLock { entries in
            entries[id] = Entry(
                result: loaded.0,
                snapshot: snapshot,
                checkedAt: moment,
                usedAt: moment
            )
            evict(from: &entries)
        }
        return loaded
    }

    private func load(id: String, snapshot: LibrarySnapshot) -> (LookUp, LoadedAsset?) {
        let start = now()
        do {
            let result = try loader.load(id: id, snapshot: snapshot)
            counters.loadTime.observe(nanoseconds: UInt64((now() - start).nanoseconds))
            (result.isFresh ? counters.built : counters.read).add()
            for omission in result.asset.index.omissions {
                logger.notice(
                    "part of a video is left out",
                    metadata: [
                        "video": "\(id)",
                        "file": "\(omission.file)",
                        "reason": "\(omission.reason)",
                    ]
                )
            }
            return (.success(result.asset), result.isFresh ? result.asset : nil)
        } catch {
            counters.failed.add()
            logger.error(
                "a video cannot be served",
                metadata: ["video": "\(id)", "error": "\(error)"]
            )
            return (.failure(error), nil)
        }
    }

    /// Drops assets where what was made of them takes more memory than there may be.
    package func makeRoom() {
        entries.withLock { evict(from: &$0) }
    }

    /// Drops what was used least lately until the table is within its limits.
    private func evict(from entries: inout [String: Entry]) {
        var bytes = entries.values.reduce(0) { $0 + Self.sizeBytes($1.result) }
        while entries.count > 1, bytes > limits.memoryBytes || entries.count > limits.maximumOpen {
            guard let oldest = entries.min(by: { $0.value.usedAt < $1.value.usedAt }) else {
                return
            }
            bytes -= Self.sizeBytes(oldest.value.result)
            entries.removeValue(forKey: oldest.key)
            counters.evicted.add()
        }
    }

    private static let stopping = AssetFailure.unavailable(reason: "the origin is stopping")

    private static func sizeBytes(_ result: LookUp) -> Int {
        switch result {
        case .success(let asset): asset.sizeBytes
        case .failure: 256
        }
    }

    /// Bytes of all assets in memory: their indexes and what was made of them.
    package var memoryBytes: Int {
        entries.withLock { $0.values.reduce(0) { $0 + Self.sizeBytes($1.result) } }
    }

    /// Bytes of their indexes alone.
    package var indexBytes: Int {
        contents.reduce(0) { sum, entry in
            sum + ((try? entry.result.get().indexBytes) ?? 0)
        }
    }

    package var count: Int { entries.withLock { $0.count } }
}

/// What the store counts, for `/metrics`.
package final class AssetCounters: Sendable {
    package let hits = Counter()
    /// Indexes built from the files' headers.
    package let built = Counter()
    /// Indexes read back from the data folder.
    package let read = Counter()
    package let failed = Counter()
    package let evicted = Counter()
    package let loadTime = LatencyHistogram()
}

package import EdgeCache
package import NIOCore
import NIOPosix

/// Removes what an operator or an origin names from both tiers.
///
/// The log decides; what it names goes from memory at once, and from memcached when it is met there.
package final class Purging: Sendable {
    private let log: PurgeLog
    private let memory: MemoryTier
    private let shared: (any SharedTier)?
    private let clock: @Sendable () -> Int64
    private let save: @Sendable (PurgeLog) -> Void
    private let thread = NIOThreadPool(numberOfThreads: 1)

    package init(
        log: PurgeLog,
        memory: MemoryTier,
        shared: (any SharedTier)?,
        clock: @escaping @Sendable () -> Int64,
        save: @escaping @Sendable (PurgeLog) -> Void
    ) {
        self.log = log
        self.memory = memory
        self.shared = shared
        self.clock = clock
        self.save = save
        thread.start()
    }

    /// Purges on a thread of its own, one after another: it looks at every object and writes a file.
    ///
    /// - Returns: how many objects went from memory.
    package func purge(
        _ target: PurgeTarget,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<Int> {
        thread.runIfActive(eventLoop: eventLoop) { self.purge(target) }
    }

    private func purge(_ target: PurgeTarget) -> Int {
        log.record(target, at: clock())
        if case .address(let address) = target { shared?.remove(CacheKey(address)) }
        let removed = memory.removeDead()
        save(log)
        return removed
    }

    /// Lets running purges end.
    package func stop() async {
        try? await thread.shutdownGracefully()
    }
}

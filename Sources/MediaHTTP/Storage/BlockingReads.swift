import NIOPosix
import Synchronization

/// A few threads for what would block an event loop, with a queue that has an end.
final class BlockingReads: Sendable {
    private let threads: NIOThreadPool
    private let limit: Int
    private let pending = Atomic<Int>(0)

    init(limits: MediaLimits) {
        self.threads = NIOThreadPool(numberOfThreads: limits.blockingThreadCount)
        self.limit = limits.blockingReadCount
        threads.start()
    }

    /// Waiting and running work.
    var count: Int { pending.load(ordering: .relaxed) }

    /// Runs the work on a thread soon, or says that the queue is full.
    ///
    /// Work that is still queued when the threads stop is not run.
    func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        guard pending.wrappingAdd(1, ordering: .relaxed).newValue <= limit else {
            pending.wrappingSubtract(1, ordering: .relaxed)
            return false
        }
        threads.submit { state in
            if state == .active { work() }
            self.pending.wrappingSubtract(1, ordering: .relaxed)
        }
        return true
    }

    func stop() async throws {
        try await threads.shutdownGracefully()
    }
}

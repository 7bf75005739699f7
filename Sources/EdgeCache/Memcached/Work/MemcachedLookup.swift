internal import NIOCore
internal import Synchronization

/// One look-up that somebody waits for: on its way to a thread, with a server, or settled.
///
/// Settled once, by whoever is first: the thread with an answer, or the deadline.
final class MemcachedLookup: Sendable {
    /// Where a look-up was when its deadline passed.
    enum Lateness: Hashable {
        case queued
        case asking(server: Int)
    }

    let key: CacheKey
    private let promise: EventLoopPromise<CachedObject?>
    /// A server's place once one is asked.
    private let progress = Atomic<Int>(MemcachedLookup.queued)

    private static let queued = -1
    private static let settled = -2

    init(key: CacheKey, promise: EventLoopPromise<CachedObject?>) {
        self.key = key
        self.promise = promise
    }

    /// A thread starts with it; false where nobody waits any more.
    func starts(with server: Int) -> Bool {
        progress.compareExchange(
            expected: Self.queued,
            desired: server,
            ordering: .acquiringAndReleasing
        ).exchanged
    }

    /// There is an answer; false where nobody waits any more, else `succeed` has to follow.
    func settles() -> Bool {
        progress.exchange(Self.settled, ordering: .acquiringAndReleasing) != Self.settled
    }

    func succeed(with object: CachedObject?) {
        promise.succeed(object)
    }

    /// The deadline has passed: says where it was, and `succeed` has to follow; nothing where it was
    /// settled before.
    func expire() -> Lateness? {
        let was = progress.exchange(Self.settled, ordering: .acquiringAndReleasing)
        guard was != Self.settled else { return nil }
        return was == Self.queued ? .queued : .asking(server: was)
    }
}

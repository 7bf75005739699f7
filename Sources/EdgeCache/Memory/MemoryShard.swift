import Synchronization

/// A part of the memory tier's index, with a lock of its own.
final class MemoryShard: Sendable {
    private struct State {
        var entries = EntryIndex()
        var hits: UInt64 = 0
        var misses: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Finds what a request asks for, and counts it.
    func object(for key: CacheKey) -> CachedObject? {
        state.withLock { state in
            guard let entry = state.entries.find(key) else {
                state.misses &+= 1
                return nil
            }
            state.hits &+= 1
            entry.visit()
            return entry.object
        }
    }

    func entry(for key: CacheKey) -> CacheEntry? {
        state.withLock { $0.entries.find(key) }
    }

    func put(_ entry: CacheEntry) {
        state.withLock { $0.entries.put(entry) }
    }

    /// Removes this very entry, which the caller still holds: its body must not end under the lock.
    func remove(_ entry: CacheEntry) {
        state.withLock { $0.entries.remove(entry) }
    }

    /// Empties the shard; the caller lets go of what was in it.
    func takeAll() -> EntryIndex {
        state.withLock { state in
            let entries = state.entries
            state.entries = EntryIndex()
            return entries
        }
    }

    var counts: (hits: UInt64, misses: UInt64) {
        state.withLock { ($0.hits, $0.misses) }
    }
}

internal import NIOCore
internal import Synchronization

/// What the threads have to do: look-ups for any of them, changes each for one.
///
/// Changes of one key all go to one thread, in order, so that an object that was stored before its
/// key was removed does not come back. Look-ups go first, as somebody waits for them. A thread that
/// has nothing to do waits on its own semaphore, and the last to go to sleep is woken first, while
/// its memory is still in the caches.
final class WorkQueue: Sendable {
    enum Work: Sendable {
        case lookup(MemcachedLookup)
        case change(MemcachedChange)
        case stop
    }

    fileprivate struct State {
        var lookups = CircularBuffer<MemcachedLookup>()
        var changes: [CircularBuffer<MemcachedChange>]
        var storeBytes = 0
        var storeCount = 0
        var removalCount = 0
        var idle: [Int] = []
        var isStopped = false
    }

    private let state: Mutex<State>
    private let wakes: [ThreadWake]
    private let lookupLimit: Int
    private let storeLimitBytes: Int

    init(threadCount: Int, lookupLimit: Int, storeLimitBytes: Int) {
        state = Mutex(State(changes: (0..<threadCount).map { _ in CircularBuffer() }))
        wakes = (0..<threadCount).map { _ in ThreadWake() }
        self.lookupLimit = lookupLimit
        self.storeLimitBytes = storeLimitBytes
    }

    /// False where the queue is full, or stopped.
    func push(_ lookup: MemcachedLookup) -> Bool {
        let (isTaken, thread) = state.withLock { state -> (Bool, Int?) in
            guard !state.isStopped, state.lookups.count < lookupLimit else { return (false, nil) }
            state.lookups.append(lookup)
            return (true, state.idle.popLast())
        }
        if let thread { wakes[thread].wake() }
        return isTaken
    }

    /// False where the queue is full, or stopped.
    ///
    /// The place is the same for all changes that must keep their order.
    func push(_ change: MemcachedChange, place: UInt) -> Bool {
        let thread = Int(place % UInt(wakes.count))
        let (isTaken, isIdle) = state.withLock { state -> (Bool, Bool) in
            guard !state.isStopped else { return (false, false) }
            switch change {
            case .store:
                guard state.storeBytes + change.costBytes <= storeLimitBytes else {
                    return (false, false)
                }
                state.storeBytes += change.costBytes
                state.storeCount += 1
            case .remove, .removeAll:
                if case .removeAll = change { state.dropStores() }
                guard state.removalCount < MemcachedLimits.queuedRemovalCount else {
                    return (false, false)
                }
                state.removalCount += 1
            }
            state.changes[thread].append(change)
            guard let index = state.idle.firstIndex(of: thread) else { return (true, false) }
            state.idle.remove(at: index)
            return (true, true)
        }
        if isIdle { wakes[thread].wake() }
        return isTaken
    }

    /// Waits for something to do; called by the threads only.
    func next(for thread: Int) -> Work {
        while true {
            let work: Work? = state.withLock { state in
                if state.isStopped { return .stop }
                if let lookup = state.lookups.popFirst() { return .lookup(lookup) }
                if let change = state.changes[thread].popFirst() {
                    state.release(change)
                    return .change(change)
                }
                state.idle.append(thread)
                return nil
            }
            if let work { return work }
            wakes[thread].wait()
        }
    }

    /// Ends the threads as soon as each has done what it is doing, and gives back what was left.
    func stop() -> [MemcachedLookup] {
        let left = state.withLock { state in
            state.isStopped = true
            defer {
                state.lookups.removeAll()
                for thread in state.changes.indices { state.changes[thread].removeAll() }
                state.idle.removeAll()
                (state.storeBytes, state.storeCount, state.removalCount) = (0, 0, 0)
            }
            return Array(state.lookups)
        }
        for wake in wakes { wake.wake() }
        return left
    }

    var counts: (lookups: Int, stores: Int) {
        state.withLock { ($0.lookups.count, $0.storeCount) }
    }
}

extension WorkQueue.State {
    /// Everything is to be removed: what has not been stored yet would come after that.
    fileprivate mutating func dropStores() {
        for thread in changes.indices {
            changes[thread].removeAll { change in
                guard case .store = change else { return false }
                return true
            }
        }
        (storeBytes, storeCount) = (0, 0)
    }

    fileprivate mutating func release(_ change: MemcachedChange) {
        switch change {
        case .store:
            storeBytes -= change.costBytes
            storeCount -= 1
        case .remove, .removeAll:
            removalCount -= 1
        }
    }
}

import Synchronization

/// One piece of work for any number of callers that want the same thing at the same time.
///
/// The first caller of a key leads: it starts the work and calls `finish`. Who comes before that
/// waits for its result. The waiters are called outside the lock, on the thread that finishes.
package final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    package typealias Waiter = @Sendable (Value) -> Void

    private let flights = Mutex<[Key: [Waiter]]>([:])

    package init() {}

    /// Waits for `key`; true where the caller leads and must see to the work and to `finish`.
    package func join(_ key: Key, _ waiter: @escaping Waiter) -> Bool {
        flights.withLock { flights in
            let isFirst = flights[key] == nil
            flights[key, default: []].append(waiter)
            return isFirst
        }
    }

    /// Hands the result to all who wait and opens the key for another flight.
    package func finish(_ key: Key, with value: Value) {
        let waiters = flights.withLock { $0.removeValue(forKey: key) ?? [] }
        for waiter in waiters { waiter(value) }
    }

    /// Keys under way.
    package var count: Int { flights.withLock { $0.count } }
}

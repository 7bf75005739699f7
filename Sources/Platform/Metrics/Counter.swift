import Synchronization

/// A number that only grows; from any thread.
package final class Counter: Sendable {
    private let count = Atomic<UInt64>(0)

    package init() {}

    package func add(_ amount: UInt64 = 1) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    /// Adds one; a value that no other call gets.
    package func next() -> UInt64 {
        count.wrappingAdd(1, ordering: .relaxed).newValue
    }

    package var value: UInt64 { count.load(ordering: .relaxed) }
}

/// A number that goes up and down; from any thread.
package final class Gauge: Sendable {
    private let level = Atomic<Int64>(0)

    package init() {}

    package func add(_ amount: Int64) {
        level.wrappingAdd(amount, ordering: .relaxed)
    }

    package func set(_ value: Int64) {
        level.store(value, ordering: .relaxed)
    }

    package var value: Int64 { level.load(ordering: .relaxed) }
}

import Foundation
import Synchronization

/// Where threads wait until a test lets them on: closed at first, then open for good.
///
/// Not a semaphore with a number of signals: how often a thread comes by depends on how much the
/// kernel takes at once, and one signal too few would hold it for ever.
package final class Gate: Sendable {
    private let isOpen = Mutex(false)
    private let changed = DispatchSemaphore(value: 0)

    package init() {}

    package func open() {
        isOpen.withLock { $0 = true }
        changed.signal()
    }

    /// Blocks until it is open; not for threads of the concurrency runtime.
    package func pass() {
        while !isOpen.withLock({ $0 }) {
            changed.wait()
        }
        // The next one that waits.
        changed.signal()
    }
}

import Synchronization

/// The access gate in force; another one takes its place when the configuration is read again.
package final class CurrentGate: Sendable {
    private let current: Mutex<AccessGate>

    package init(_ gate: AccessGate) {
        current = Mutex(gate)
    }

    package var gate: AccessGate {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }
}

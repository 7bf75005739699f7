import Synchronization

/// Counts connections, and says who may come in.
///
/// Used from every event loop.
final class ConnectionGate: Sendable {
    enum Entry: Hashable, Sendable {
        case open
        /// To be told, with an answer, that there is no place.
        case refused(RefusalReason)
        /// Too many are being told already.
        case closed

        var refusal: RefusalReason? {
            guard case .refused(let reason) = self else { return nil }
            return reason
        }
    }

    private let limits: MediaLimits
    private let open = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let isDraining = Atomic<Bool>(false)

    init(limits: MediaLimits) {
        self.limits = limits
    }

    var connectionCount: Int { open.load(ordering: .relaxed) }

    func startDraining() {
        isDraining.store(true, ordering: .relaxed)
    }

    func enter() -> Entry {
        if !isDraining.load(ordering: .relaxed) {
            if open.wrappingAdd(1, ordering: .relaxed).newValue <= limits.connectionCount {
                return .open
            }
            open.wrappingSubtract(1, ordering: .relaxed)
        }
        guard refused.wrappingAdd(1, ordering: .relaxed).newValue <= limits.refusalCount else {
            refused.wrappingSubtract(1, ordering: .relaxed)
            return .closed
        }
        let reason: RefusalReason =
            isDraining.load(ordering: .relaxed) ? .draining : .connectionLimit
        return .refused(reason)
    }

    func leave(_ entry: Entry) {
        switch entry {
        case .open: open.wrappingSubtract(1, ordering: .relaxed)
        case .refused: refused.wrappingSubtract(1, ordering: .relaxed)
        case .closed: break
        }
    }
}

import NIOCore

/// The keys of objects that went from probation lately: who comes back from here is wanted.
///
/// Bounded by what the objects cost, so that it looks back about as far as the tier itself, and by
/// number. Keys are their hashes; two that share one cost a wrong guess, nothing else.
struct GhostList {
    private struct Ghost {
        let hash: Int
        let costBytes: Int
    }

    var capacityBytes: Int { didSet { trim() } }
    private var order: CircularBuffer<Ghost> = []
    /// The turn in which a hash was added last; an older turn in `order` says nothing any more.
    private var turns: [Int: Int] = [:]
    private var firstTurn = 0
    private var costBytes = 0

    init(capacityBytes: Int) {
        self.capacityBytes = capacityBytes
    }

    var count: Int { turns.count }

    mutating func add(_ hash: Int, costBytes cost: Int) {
        turns[hash] = firstTurn + order.count
        order.append(Ghost(hash: hash, costBytes: cost))
        costBytes += cost
        trim()
    }

    /// Takes a hash out; whether it was there.
    mutating func take(_ hash: Int) -> Bool {
        turns.removeValue(forKey: hash) != nil
    }

    private mutating func trim() {
        while costBytes > capacityBytes || order.count > MemoryLimits.mostGhosts,
            let ghost = order.popFirst()
        {
            if turns[ghost.hash] == firstTurn { turns[ghost.hash] = nil }
            firstTurn += 1
            costBytes -= ghost.costBytes
        }
    }
}

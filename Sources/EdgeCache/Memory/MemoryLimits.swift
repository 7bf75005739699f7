/// The memory tier's proportions and bounds.
enum MemoryLimits {
    /// Of the capacity, what is kept for objects that have yet to show that they are wanted.
    static let probationPercent = 10
    /// An object that costs more of the capacity than this is not kept.
    static let largestObjectPercent = 50
    /// Visits that are counted; more say nothing new.
    static let mostVisits: UInt8 = 3
    /// Visits on probation that earn a place in the main queue.
    static let visitsToStay: UInt8 = 2
    /// Further rounds given while room is made for one object, so that no insert holds the lock for
    /// as long as a walk through the whole queue takes.
    static let secondChances = 256
    /// Keys remembered of objects that went, at some 50 bytes each.
    static let mostGhosts = 1 << 17
    /// Entries looked at, or evicted, in one hold of the lock while a purge or a new capacity is
    /// worked through.
    static let batchCount = 256
    static let shardCount = 16
}

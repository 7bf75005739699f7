/// Which objects stay: S3-FIFO, by bytes.
///
/// What is new waits in a short queue, on probation. Whoever leaves it without a visit goes, and
/// only its key is remembered; a visited one moves on to the main queue, as does what comes back
/// while its key is remembered. At the end of the main queue each visit earns another round. So a
/// walk through a whole library passes through the short queue and touches nothing else, and a hit
/// writes one byte where LRU and W-TinyLFU would take a lock and move a link.
///
/// An object that would fill the short queue alone must be asked for twice before others have to
/// make room for it. One that is past its last use gets no further round: that is how the parts of a
/// live stream, wanted by everybody for seconds, leave.
///
/// Not for several threads: the tier holds its lock. J. Yang et al., "FIFO queues are all you need
/// for cache eviction", SOSP 2023; `docs/decisions/0006-eviction.md`
package struct EvictionQueues {
    package private(set) var capacityBytes: Int
    private var table = EntryTable()
    private var ghosts: GhostList
    /// Never after the present: the tier has no clock, and needs none.
    private var newestBirth = Int64.min

    package init(capacityBytes: Int) {
        self.capacityBytes = capacityBytes
        self.ghosts = GhostList(capacityBytes: Self.ghostBytes(capacityBytes))
    }

    package var count: Int { table.count }
    package var costBytes: Int { table.costBytes }
    package var ghostCount: Int { ghosts.count }
    var placeCount: Int { table.placeCount }

    private var probationBytes: Int { capacityBytes / 100 * MemoryLimits.probationPercent }

    private static func ghostBytes(_ capacityBytes: Int) -> Int { capacityBytes }

    func entry(at place: Int) -> CacheEntry? { table[place] }

    /// Takes an object in, where it is admitted, and makes room for it.
    ///
    /// - Parameters:
    ///   - object: what is new.
    ///   - key: what it is asked for by.
    ///   - costBytes: what it counts for.
    ///   - old: the entry that it replaces; gone from the queues after the call in any case.
    ///   - evicted: gets who made room.
    /// - Returns: its entry; nothing where it was not admitted.
    package mutating func insert(
        _ object: CachedObject,
        for key: CacheKey,
        costBytes: Int,
        replacing old: CacheEntry?,
        evicted: inout [CacheEntry]
    ) -> CacheEntry? {
        newestBirth = max(newestBirth, object.freshness.bornAt)
        let oldQueue = old.map { table.queue(of: $0) }
        if let old { table.remove(old) }
        guard let queue = oldQueue ?? admission(of: key, costBytes),
            costBytes <= capacityBytes / 100 * MemoryLimits.largestObjectPercent
        else { return nil }
        makeRoom(for: costBytes, in: queue, &evicted)
        return table.add(
            object,
            for: key,
            costBytes: costBytes,
            visits: old?.visitCount ?? 0,
            to: queue
        )
    }

    package mutating func remove(_ entry: CacheEntry) {
        table.remove(entry)
    }

    /// Sets the capacity; `evict` brings the queues under it.
    mutating func resize(capacityBytes: Int) {
        self.capacityBytes = capacityBytes
        ghosts.capacityBytes = Self.ghostBytes(capacityBytes)
    }

    /// Evicts up to a number of entries for as long as there is more than the capacity.
    mutating func evict(atMost limit: Int, _ evicted: inout [CacheEntry]) {
        while evicted.count < limit, table.costBytes > capacityBytes {
            makeRoom(for: table.costBytes - capacityBytes, in: .main, &evicted, atMost: 1)
        }
    }

    private mutating func admission(of key: CacheKey, _ costBytes: Int) -> EntryTable.QueueName? {
        if ghosts.take(key.hash) { return .main }
        if costBytes <= probationBytes || table.costBytes + costBytes <= capacityBytes {
            return .probation
        }
        ghosts.add(key.hash, costBytes: costBytes)
        return nil
    }
}

// MARK: - Making room

extension EvictionQueues {
    private mutating func makeRoom(
        for costBytes: Int,
        in queue: EntryTable.QueueName,
        _ evicted: inout [CacheEntry],
        atMost limit: Int = .max
    ) {
        var chances = MemoryLimits.secondChances
        var count = 0
        while table.costBytes + costBytes > capacityBytes, table.count > 0, count < limit {
            let onProbation = table.probation.costBytes + (queue == .probation ? costBytes : 0)
            let isFull = onProbation > probationBytes && !table.probation.isEmpty
            let name: EntryTable.QueueName = isFull || table.main.isEmpty ? .probation : .main
            guard let entry = table.oldest(of: name) else { return }
            if chances > 0, stays(entry, in: name) {
                chances -= 1
                continue
            }
            table.remove(entry)
            if name == .probation, !isUseless(entry) {
                ghosts.add(entry.key.hash, costBytes: entry.costBytes)
            }
            evicted.append(entry)
            count += 1
        }
    }

    /// Gives the oldest of a queue another round in the main queue, where its visits earned one.
    private mutating func stays(_ entry: CacheEntry, in name: EntryTable.QueueName) -> Bool {
        let visits = entry.visitCount
        guard !isUseless(entry) else { return false }
        switch name {
        case .probation:
            guard visits >= MemoryLimits.visitsToStay else { return false }
            entry.setVisits(0)
        case .main:
            guard visits > 0 else { return false }
            entry.setVisits(visits - 1)
        }
        table.move(entry, to: .main)
        return true
    }

    private func isUseless(_ entry: CacheEntry) -> Bool {
        entry.object.freshness.lastUse < newestBirth
    }
}

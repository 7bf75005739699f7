/// Entries by key: open addressing with linear probing.
///
/// A look-up reads one line of this table and then the entry itself; `Dictionary` hashes the hash
/// again and reads three lines before it. Keys' hashes are seeded, so nobody outside can make
/// them meet in one place.
struct EntryIndex {
    private struct Slot {
        var hash = 0
        var entry: CacheEntry?
    }

    private var slots = [Slot](repeating: Slot(), count: 64)
    private var count = 0

    /// The lowest bits choose the shard.
    private static let bitsOfShard = 8

    func find(_ key: CacheKey) -> CacheEntry? {
        let mask = slots.count - 1
        var index = Self.home(key.hash, mask)
        while let entry = slots[index].entry {
            if slots[index].hash == key.hash, entry.key == key { return entry }
            index = (index + 1) & mask
        }
        return nil
    }

    /// Puts an entry in place of the one with its key.
    mutating func put(_ entry: CacheEntry) {
        if count >= slots.count / 4 * 3 { grow() }
        let mask = slots.count - 1
        var index = Self.home(entry.key.hash, mask)
        while let other = slots[index].entry {
            if other.key == entry.key {
                slots[index].entry = entry
                return
            }
            index = (index + 1) & mask
        }
        slots[index] = Slot(hash: entry.key.hash, entry: entry)
        count += 1
    }

    /// Removes this very entry.
    mutating func remove(_ entry: CacheEntry) {
        let mask = slots.count - 1
        var index = Self.home(entry.key.hash, mask)
        while let other = slots[index].entry, other !== entry { index = (index + 1) & mask }
        guard slots[index].entry != nil else { return }
        slots[index] = Slot()
        count -= 1
        closeGap(at: index)
    }

    /// Moves back those behind a gap that would not be found across it.
    private mutating func closeGap(at gap: Int) {
        let mask = slots.count - 1
        var gap = gap
        var index = (gap + 1) & mask
        while slots[index].entry != nil {
            let home = Self.home(slots[index].hash, mask)
            if (index - home) & mask >= (index - gap) & mask {
                slots.swapAt(gap, index)
                gap = index
            }
            index = (index + 1) & mask
        }
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        let mask = slots.count - 1
        for slot in old where slot.entry != nil {
            var index = Self.home(slot.hash, mask)
            while slots[index].entry != nil { index = (index + 1) & mask }
            slots[index] = slot
        }
    }

    private static func home(_ hash: Int, _ mask: Int) -> Int {
        (hash >> bitsOfShard) & mask
    }
}

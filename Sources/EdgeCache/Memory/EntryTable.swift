/// Places for entries, linked into queues by index: no allocation for a link, and an entry leaves
/// the middle of its queue at once.
struct EntryTable {
    enum QueueName: UInt8 { case probation, main }

    /// First in, first out; `costBytes` is the sum over its entries.
    struct Queue {
        fileprivate(set) var costBytes = 0
        fileprivate var oldest = EntryTable.none
        fileprivate var newest = EntryTable.none

        var isEmpty: Bool { oldest == EntryTable.none }
    }

    private struct Place {
        var entry: CacheEntry?
        var queue: QueueName
        /// Towards the newest of its queue; of a free place, the next free one.
        var newer: Int32
        var older: Int32
    }

    private static let none: Int32 = -1

    private var places: [Place] = []
    private var firstFree = EntryTable.none
    private(set) var probation = Queue()
    private(set) var main = Queue()
    private(set) var count = 0

    var placeCount: Int { places.count }
    var costBytes: Int { probation.costBytes + main.costBytes }

    subscript(_ index: Int) -> CacheEntry? { places[index].entry }

    func queue(of entry: CacheEntry) -> QueueName { places[Int(entry.slot)].queue }

    func oldest(of name: QueueName) -> CacheEntry? {
        let index = name == .main ? main.oldest : probation.oldest
        return index == Self.none ? nil : places[Int(index)].entry
    }

    /// Makes an entry at a free place, as the newest of a queue.
    mutating func add(
        _ object: CachedObject,
        for key: CacheKey,
        costBytes: Int,
        visits: UInt8,
        to name: QueueName
    ) -> CacheEntry {
        let slot: Int32
        if firstFree == Self.none {
            slot = Int32(places.count)
            places.append(Place(queue: name, newer: Self.none, older: Self.none))
        } else {
            slot = firstFree
            firstFree = places[Int(slot)].newer
        }
        let entry = CacheEntry(
            key: key,
            object: object,
            costBytes: costBytes,
            slot: slot,
            visits: visits
        )
        places[Int(slot)].entry = entry
        count += 1
        link(entry, to: name)
        return entry
    }

    /// Frees an entry's place.
    mutating func remove(_ entry: CacheEntry) {
        unlink(entry)
        places[Int(entry.slot)].entry = nil
        places[Int(entry.slot)].newer = firstFree
        firstFree = entry.slot
        count -= 1
    }

    /// Makes an entry the newest of a queue, its own or the other.
    mutating func move(_ entry: CacheEntry, to name: QueueName) {
        unlink(entry)
        link(entry, to: name)
    }

    private mutating func link(_ entry: CacheEntry, to name: QueueName) {
        var queue = name == .main ? main : probation
        let slot = entry.slot
        places[Int(slot)].queue = name
        places[Int(slot)].newer = Self.none
        places[Int(slot)].older = queue.newest
        if queue.newest == Self.none {
            queue.oldest = slot
        } else {
            places[Int(queue.newest)].newer = slot
        }
        queue.newest = slot
        queue.costBytes += entry.costBytes
        store(queue, as: name)
    }

    private mutating func unlink(_ entry: CacheEntry) {
        let place = places[Int(entry.slot)]
        var queue = place.queue == .main ? main : probation
        if place.older == Self.none {
            queue.oldest = place.newer
        } else {
            places[Int(place.older)].newer = place.newer
        }
        if place.newer == Self.none {
            queue.newest = place.older
        } else {
            places[Int(place.newer)].older = place.older
        }
        queue.costBytes -= entry.costBytes
        store(queue, as: place.queue)
    }

    private mutating func store(_ queue: Queue, as name: QueueName) {
        if name == .main { main = queue } else { probation = queue }
    }
}

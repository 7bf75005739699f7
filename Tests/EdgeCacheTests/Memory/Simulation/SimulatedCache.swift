import EdgeCache
import NIOCore

/// An eviction policy, asked as a cache would ask it.
protocol SimulatedCache {
    /// Whether the object is there; where not, it is fetched and offered.
    mutating func request(_ index: Int, sizeBytes: Int) -> Bool
    var costBytes: Int { get }
}

/// The policy under test: the tier's own queues, with one object in the place of all.
struct S3FIFOCache: SimulatedCache {
    private var queues: EvictionQueues
    private var entries: [CacheEntry?]
    private let keys: [CacheKey]
    private let indices: [CacheKey: Int]
    private let object = CachedObject(
        head: StoredHead(status: 200, contentType: "video/mp4", cacheControl: ""),
        body: .bytes(ByteBuffer()),
        freshness: Freshness(
            bornAt: 0,
            freshUntil: .max,
            staleWhileRevalidateUntil: .max,
            staleIfErrorUntil: .max
        ),
        kind: 0
    )

    init(capacityBytes: Int, objectCount: Int) {
        queues = EvictionQueues(capacityBytes: capacityBytes)
        entries = Array(repeating: nil, count: objectCount)
        keys = (0..<objectCount).map { CacheKey("/\($0)") }
        indices = Dictionary(uniqueKeysWithValues: zip(keys, 0..<objectCount))
    }

    var costBytes: Int { queues.costBytes }

    mutating func request(_ index: Int, sizeBytes: Int) -> Bool {
        if let entry = entries[index] {
            entry.visit()
            return true
        }
        var evicted: [CacheEntry] = []
        entries[index] = queues.insert(
            object,
            for: keys[index],
            costBytes: sizeBytes,
            replacing: nil,
            evicted: &evicted
        )
        for entry in evicted {
            if let index = indices[entry.key] { entries[index] = nil }
        }
        return false
    }
}

/// The usual: what was asked for longest ago goes.
struct LRUCache: SimulatedCache {
    private var list: LinkedSizes
    private let capacityBytes: Int

    init(capacityBytes: Int, objectCount: Int) {
        self.capacityBytes = capacityBytes
        self.list = LinkedSizes(objectCount: objectCount)
    }

    var costBytes: Int { list.sizeBytes }

    mutating func request(_ index: Int, sizeBytes: Int) -> Bool {
        if list.contains(index) {
            list.remove(index)
            list.append(index, sizeBytes: sizeBytes)
            return true
        }
        while list.sizeBytes + sizeBytes > capacityBytes, let oldest = list.oldest {
            list.remove(oldest)
        }
        list.append(index, sizeBytes: sizeBytes)
        return false
    }
}

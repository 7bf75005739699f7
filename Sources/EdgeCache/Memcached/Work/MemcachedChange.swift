/// Something to change on the servers, that nobody waits for.
enum MemcachedChange: Sendable {
    case store(CachedObject, key: CacheKey, description: ObjectDescription)
    case remove(CacheKey)
    case removeAll

    /// What it holds in memory while it waits.
    var costBytes: Int {
        switch self {
        case .store(let object, _, _): object.costBytes
        case .remove, .removeAll: 0
        }
    }
}

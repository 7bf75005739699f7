/// What memcached, its protocol and this tier can hold at most.
enum MemcachedLimits {
    /// `sockaddr_un.sun_path` with its ending zero.
    static let socketPathSizeBytes = 107
    /// A name of the DNS. RFC 1035 §2.3.4
    static let hostSizeBytes = 255
    static let serverCount = 64
    /// More than libmemcached needs for that many servers, some 20 KB each.
    static let handleSizeBytes = 4 << 20
    static let threadCounts = 1...16
    /// A stock server takes items of 1 MiB, its own bookkeeping and the key included.
    static let defaultSliceSizeBytes = (1 << 20) - itemOverheadBytes
    /// Room for what a server keeps beside a value, which depends on its version and options.
    static let itemOverheadBytes = 1 << 10
    /// More than the largest description of an object, so that only bodies are cut.
    static let sliceSizesBytes = (128 << 10)...(128 << 20)
    static let sliceCount = 4096
    /// Of all but the body: key, fields and tags.
    static let descriptionSizeBytes = 64 << 10
    /// Smaller values are of the C library, which has such blocks ready.
    static let smallestPooledValueBytes = 64 << 10
    /// Memory that waits for the next values.
    static let idleValueBytes = 16 << 20
    static let largestObjectBytes = 512 << 20
    static let fieldCount = 256
    static let tagCount = 4096
    /// Longer than this, memcached takes a life for a moment in time.
    static let relativeLifeSeconds: Int64 = 30 * 24 * 3600
    /// The longest that a value may say it may be used: a lying server cannot say more.
    static let lifeMilliseconds: Int64 = 366 * 24 * 3_600_000
    /// Stops of threads are waited for this long; one that hangs in a server's answer ends later.
    static let stopMilliseconds: Int64 = 2000
    /// Keys that wait to be removed.
    static let queuedRemovalCount = 64 << 10
}

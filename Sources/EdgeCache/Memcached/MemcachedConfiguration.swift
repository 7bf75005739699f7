/// How the memcached tier is reached and bounded.
package struct MemcachedConfiguration: Hashable, Sendable {
    /// In any order; every edge of a region must name them alike, as names place keys.
    package var servers: [MemcachedServer]
    /// Each has connections of its own to all servers.
    package var threadCount = 2
    /// A look-up that takes longer is a miss.
    package var deadline = Duration.milliseconds(5)
    /// The largest value to give to a server, a little less than its item limit (`-I`).
    package var sliceSizeBytes = MemcachedLimits.defaultSliceSizeBytes
    /// Objects with a larger body stay out of this tier.
    package var largestObjectBytes = 64 << 20
    /// Look-ups that wait for a thread; one more is a miss.
    package var queuedLookupCount = 256
    /// Bodies that wait to be stored; what comes on top is dropped.
    package var queuedStoreBytes = 64 << 20
    /// How long a thread waits for a server that says nothing, or for a connection.
    package var serverTimeout = Duration.milliseconds(50)
    /// For how long a server that cannot be reached is left out; its share is with the others then.
    package var retryAfter = Duration.seconds(1)
    /// For one server that times out or answers nonsense.
    package var serverBreaker = CircuitBreakerConfiguration(failureShare: 0.5)
    /// For all of the tier: when threads or servers no longer answer in time.
    package var tierBreaker = CircuitBreakerConfiguration(failureShare: 0.9)

    package init(servers: [MemcachedServer]) {
        self.servers = servers
    }

    /// - Throws: the first thing that is wrong with it.
    package func validate() throws(MemcachedConfigurationError) {
        guard !servers.isEmpty, servers.count <= MemcachedLimits.serverCount else {
            throw .serverCount(servers.count)
        }
        guard MemcachedLimits.threadCounts.contains(threadCount) else {
            throw .threadCount(threadCount)
        }
        guard MemcachedLimits.sliceSizesBytes.contains(sliceSizeBytes) else {
            throw .sliceSize(sliceSizeBytes)
        }
        guard largestObjectBytes > 0, largestObjectBytes <= MemcachedLimits.largestObjectBytes,
            largestObjectBytes / (sliceSizeBytes / 2) < MemcachedLimits.sliceCount
        else { throw .largestObject(largestObjectBytes) }
        guard queuedLookupCount > 0, queuedStoreBytes > 0 else { throw .emptyQueue }
        guard deadline > .zero, serverTimeout >= .milliseconds(1), retryAfter >= .seconds(1) else {
            throw .tooShort
        }
    }
}

/// When to stop asking, and for how long.
package struct CircuitBreakerConfiguration: Hashable, Sendable {
    /// Fewer failures than this in a window say nothing.
    package var failureCount = 8
    /// Of all outcomes in a window, from 0 to 1.
    package var failureShare: Double
    package var window = Duration.seconds(1)
    /// For the first time; doubled each time that a trial fails.
    package var shortestPause = Duration.milliseconds(250)
    package var longestPause = Duration.seconds(2)

    package init(failureShare: Double) {
        self.failureShare = failureShare
    }
}

package enum MemcachedConfigurationError: Error, Hashable, Sendable {
    /// Neither `host:port` nor an absolute path.
    case badServer(String)
    /// The kernel takes 107 bytes: choose a shorter folder.
    case socketPathTooLong(String)
    case serverCount(Int)
    case threadCount(Int)
    case sliceSize(Int)
    case largestObject(Int)
    case emptyQueue
    /// A time limit of zero, or one that is finer than what it is counted in.
    case tooShort
}

extension Duration {
    /// Rounded up, so that no limit becomes zero.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}

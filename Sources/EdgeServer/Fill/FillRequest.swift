package import EdgeCache
package import MediaHTTP
package import NIOCore

/// What a fill is to bring.
package struct FillRequest: Sendable {
    package var target: MediaTarget
    /// What is kept under the key but may not be served as it is: confirmed where it has a tag, and
    /// served where no origin answers, if its life allows.
    package var stale: CachedObject?
    /// The part of the representation that is wanted, where the key names a slice.
    package var slice: SliceRange?
    /// Not kept, whatever the origin says: one viewer's own.
    package var isSolo = false
    /// A viewer waits for it; false for what is fetched ahead, or while an old one is served.
    package var isForViewer = true
    package var requestID: String
    /// Which edges the request has come through, so that none meets it twice.
    package var via: String?

    package init(target: MediaTarget, requestID: String) {
        self.target = target
        self.requestID = requestID
    }
}

/// A slice of a large representation.
package struct SliceRange: Hashable, Sendable {
    package var bytes: Range<UInt64>
    /// The tag that it must have, where an earlier slice said so.
    package var entityTag: String?
}

/// What fills work with; one for all of them.
package struct FillServices: Sendable {
    package var memory: MemoryTier
    /// Where large bodies lie; nothing where the system has no such memory.
    package var arena: MemoryArena?
    /// What is put into entry points, where players are steered.
    package var steering: SteeringInsertion?
    package var shared: (any SharedTier)?
    package var upstream: any UpstreamCalling
    /// Of the configuration in force.
    package var originCount: @Sendable () -> Int
    /// The configured origin that has an address, for redirects from one to another.
    package var originAt: @Sendable (OriginURL) -> OriginID? = { _ in nil }
    package var judge: any AnswerJudge
    package var options: FillOptions
    package var metrics: EdgeMetrics
    package var clock: @Sendable () -> Int64
    /// Told of every text that became whole: playlists name what comes next.
    package var onText: @Sendable (MediaTarget, ByteBuffer) -> Void

    package init(
        memory: MemoryTier,
        arena: MemoryArena?,
        steering: SteeringInsertion? = nil,
        shared: (any SharedTier)?,
        upstream: any UpstreamCalling,
        originCount: @escaping @Sendable () -> Int,
        judge: any AnswerJudge,
        options: FillOptions,
        metrics: EdgeMetrics,
        clock: @escaping @Sendable () -> Int64,
        onText: @escaping @Sendable (MediaTarget, ByteBuffer) -> Void
    ) {
        self.memory = memory
        self.arena = arena
        self.steering = steering
        self.shared = shared
        self.upstream = upstream
        self.originCount = originCount
        self.judge = judge
        self.options = options
        self.metrics = metrics
        self.clock = clock
        self.onText = onText
    }
}

/// The tier behind memory, shared with whoever else reaches it.
package protocol SharedTier: Sendable {
    /// Never fails: what is not there in time is nothing.
    func object(
        for key: CacheKey,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<CachedObject?>
    func store(_ object: CachedObject, for key: CacheKey)
    func remove(_ key: CacheKey)
}

/// Says what may become of an answer.
package protocol AnswerJudge: Sendable {
    /// - Parameters:
    ///   - head: as it came.
    ///   - target: what was asked for.
    ///   - askedAt: when, in the monotonic clock's milliseconds.
    ///   - now: when the head came.
    /// - Returns: whether it is kept, and for how long.
    func judge(
        _ head: UpstreamHead,
        _ target: MediaTarget,
        askedAt: Int64,
        now: Int64
    ) -> FreshnessDecision
    /// Whether a purge has overtaken an object.
    func isPurged(_ object: CachedObject, key: CacheKey) -> Bool
}

/// Limits of fills.
package struct FillOptions: Hashable, Sendable {
    /// A larger object is not kept: it passes through.
    package var largestObjectBytes = 64 << 20
    /// All tries together may last this long until an answer's head is there.
    package var budget = Duration.seconds(15)
    package var connect = Duration.seconds(2)
    /// For one try's head, where it is not live.
    package var head = Duration.seconds(10)
    package var stall = Duration.seconds(10)
    /// A live answer may be held this long upstream: three target durations and some.
    package var liveHold = Duration.seconds(20)
    /// Bytes of a passing body that wait for a slow viewer.
    package var windowBytes = 1 << 20
    /// How often a body that breaks off is fetched on from where it broke.
    package var healCount = 2
    /// A shared body of unknown length is cut at this many times the largest object.
    static let unsizedFactor: UInt64 = 2
    /// An answer with less life is not worth the way to the shared tier.
    package var sharedTierMinimumLife = Duration.seconds(10)

    package init() {}
}

/// How far a fill has come; of its event loop.
struct FillProgress {
    var call: (any UpstreamCall)?
    var tried: Set<OriginID> = []
    var startedAt: Int64 = 0
    var askedAt: Int64 = 0
    var head: StoredHead?
    var freshness: Freshness?
    var body: GrowingBody?
    var expectedBytes: UInt64?
    var origin: OriginID?
    var heals = 0
    /// The call now under way continues a body at this place.
    var healingFrom: UInt64?
    /// Bytes of a healing answer that are there already.
    var skipBytes: UInt64 = 0
    var stale: CachedObject?
    /// An origin has named another one: where the next request goes, and that there was one.
    var owner: OriginID?
    var isRedirected = false
    var isEnded = false
}

import NIOCore

/// What the connections of one event loop share.
///
/// Used on that event loop only.
final class ConnectionLoop {
    let eventLoop: any EventLoop
    let limits: MediaLimits
    let times: Times
    let reading: FileReading
    let handler: any MediaHandler
    let takesAllMethods: Bool
    let observer: any MediaObserver
    let blockingReads: BlockingReads

    var pieces: PiecePool
    var hotBodies: HotBodies
    var headWriter = HeadWriter()
    /// Heads are made here.
    ///
    /// Writing shares its storage; once the kernel has taken a head, the
    /// storage is ours alone again and the next head costs no memory.
    var headBuffer: ByteBuffer
    /// HTTP/2's frames are gathered here; TLS has encrypted them when a flush returns.
    var frames = ByteBuffer()
    private(set) var isDraining = false
    /// This loop's own handle of the arena that bodies were last sent from.
    private var arenaHandle: (arena: MemoryArena, handle: NIOFileHandle)?

    private let wallClock: @Sendable () -> Int64
    private var connections: [ObjectIdentifier: any LoopConnection] = [:]
    private var memoryWaiters: CircularBuffer<any MemoryWaiter> = []
    private var isWakingMemoryWaiters = false
    private var idState: UInt64
    private var ticking: RepeatedTask?
    private var trimmedAt = NIODeadline.now()
    private var hotTrimmedAt = NIODeadline.now()
    private var drained: EventLoopPromise<Void>?

    init(
        eventLoop: any EventLoop,
        configuration: MediaServerConfiguration,
        handler: any MediaHandler,
        observer: any MediaObserver,
        blockingReads: BlockingReads,
        idSeed: UInt64
    ) {
        self.eventLoop = eventLoop
        self.limits = configuration.limits
        self.times = Times(configuration.limits)
        self.reading = configuration.reading
        self.wallClock = configuration.wallClock
        self.handler = handler
        self.takesAllMethods = handler.takesAllMethods
        self.observer = observer
        self.blockingReads = blockingReads
        self.pieces = PiecePool(limits: configuration.limits)
        self.hotBodies = HotBodies(limits: configuration.limits)
        self.headBuffer = ByteBufferAllocator().buffer(capacity: HeadWriter.typicalSizeBytes)
        self.idState = idSeed
    }

    deinit {
        try? arenaHandle?.handle.close()
    }

    /// The loop's handle for an arena; there is one arena for all practical purposes.
    func handle(for arena: MemoryArena) -> NIOFileHandle? {
        if let arenaHandle, arenaHandle.arena === arena { return arenaHandle.handle }
        // One that is closed while its bytes wait to be sent would cut them, so it must be unused.
        try? arenaHandle?.handle.close()
        arenaHandle = arena.makeHandle().map { (arena, $0) }
        return arenaHandle?.handle
    }

    /// Starts the one timer of the loop, from which every limit of time is checked.
    func start() {
        let interval = times.tick
        let loop = NIOLoopBound(self, eventLoop: eventLoop)
        ticking = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            loop.value.tick()
        }
    }

    private func tick() {
        let now = NIODeadline.now()
        for connection in Array(connections.values) { connection.checkTime(now) }
        if now - trimmedAt >= Self.trimInterval {
            trimmedAt = now
            pieces.trim()
        }
        if now - hotTrimmedAt >= Self.hotTrimInterval {
            hotTrimmedAt = now
            hotBodies.trim()
        }
    }

    private static let trimInterval = TimeAmount.seconds(2)
    private static let hotTrimInterval = TimeAmount.seconds(30)

    // MARK: - For connections

    func add(_ connection: any LoopConnection) {
        connections[ObjectIdentifier(connection)] = connection
    }

    func remove(_ connection: any LoopConnection) {
        connections[ObjectIdentifier(connection)] = nil
        if connections.isEmpty { drained?.succeed() }
    }

    func updateDate() {
        headWriter.setTime(wallClock())
    }

    /// SplitMix64: names need to differ, not to be secret.
    func nextRequestID() -> RequestID {
        idState &+= 0x9E37_79B9_7F4A_7C15
        var mixed = idState
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return RequestID(value: mixed ^ (mixed >> 31))
    }

    // MARK: - Piece memory

    var hasMemoryWaiters: Bool { !memoryWaiters.isEmpty }

    /// Queues an answer for memory, or says that the queue is full.
    func waitForMemory(_ connection: any MemoryWaiter) -> Bool {
        guard memoryWaiters.count < limits.memoryWaiterCount else { return false }
        memoryWaiters.append(connection)
        return true
    }

    func giveBack(_ piece: Piece) {
        pieces.giveBack(piece)
        guard !memoryWaiters.isEmpty, !isWakingMemoryWaiters else { return }
        isWakingMemoryWaiters = true
        eventLoop.assumeIsolated().execute { self.wakeMemoryWaiters() }
    }

    /// In order, until one does not get what it needs.
    private func wakeMemoryWaiters() {
        isWakingMemoryWaiters = false
        while let connection = memoryWaiters.first {
            memoryWaiters.removeFirst()
            guard connection.resumeAfterMemoryWait() else {
                memoryWaiters.prepend(connection)
                return
            }
        }
    }

    // MARK: - Stopping

    /// Closes idle connections now and the others after their answers.
    func drain() -> EventLoopFuture<Void> {
        isDraining = true
        let promise = eventLoop.makePromise(of: Void.self)
        drained = promise
        for connection in Array(connections.values) { connection.drain() }
        if connections.isEmpty { promise.succeed() }
        return promise.futureResult
    }

    func stop() {
        ticking?.cancel()
        for connection in Array(connections.values) { connection.cut() }
    }
}

/// The limits of time as the event loop counts them.
struct Times {
    let idle: TimeAmount
    let head: TimeAmount
    let writeStall: TimeAmount
    let linger: TimeAmount
    let memoryWait: TimeAmount
    let bodyStall: TimeAmount
    let switchedIdle: TimeAmount
    /// How often they are checked, and so how late they may be noticed.
    let tick: TimeAmount

    init(_ limits: MediaLimits) {
        idle = TimeAmount(limits.idleTime)
        head = TimeAmount(limits.headTime)
        writeStall = TimeAmount(limits.writeStallTime)
        linger = TimeAmount(limits.lingerTime)
        memoryWait = TimeAmount(limits.memoryWaitTime)
        bodyStall = TimeAmount(limits.bodyStallTime)
        switchedIdle = TimeAmount(limits.switchedIdleTime)
        let shortest = [idle, head, writeStall, linger, memoryWait, bodyStall, switchedIdle]
            .reduce(idle, min)
        tick = max(.milliseconds(5), .nanoseconds(shortest.nanoseconds / 8))
    }
}

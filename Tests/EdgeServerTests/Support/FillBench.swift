import EdgeCache
import EdgeServer
import MediaHTTP
import NIOCore
import NIOPosix
import Synchronization

/// An edge's core over scripted origins, on one event loop and with a clock that stands.
final class FillBench: Sendable {
    let upstream = ScriptedUpstream()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let metrics = EdgeMetrics()
    let core: EdgeCore
    let memory: MemoryTier

    init(origins: Int = 2, options: FillOptions = FillOptions(), sliceSizeBytes: UInt64 = 10) {
        let memory = MemoryTier(capacityBytes: 1 << 20)
        self.memory = memory
        let time = Clock()
        clock = time
        let foresight = Foresight(clock: { time.value })
        var identity = EdgeCore.Identity()
        identity.secret = "secret"
        var services = FillServices(
            memory: memory,
            arena: MemoryArena(),
            shared: nil,
            upstream: upstream,
            originCount: { origins },
            judge: PlainJudge(),
            options: options,
            metrics: metrics,
            clock: { time.value },
            onText: { foresight.learn($0, $1) }
        )
        services.originAt = { url in
            (0..<origins).first { url == OriginURL(text: "http://origin-\($0):8081") }
                .map(OriginID.init)
        }
        core = EdgeCore(
            services: services,
            foresight: foresight,
            sliceSizeBytes: sliceSizeBytes,
            identity: identity
        )
    }

    let clock: Clock

    final class Clock: Sendable {
        private let milliseconds = Mutex<Int64>(1_000_000)
        var value: Int64 { milliseconds.withLock { $0 } }
        func advance(seconds: Int64) { milliseconds.withLock { $0 += seconds * 1000 } }
    }

    var loop: any EventLoop { group.next() }

    func stop() async throws { try await group.shutdownGracefully() }

    /// Asks as a viewer does.
    func ask(
        _ path: String,
        query: String? = nil,
        isForEdge: Bool = false
    ) async throws -> Viewer {
        guard case .media(let target) = MediaTarget.parse(path: path, query: query) else {
            throw NoTarget()
        }
        return try await loop.submit {
            let viewer = Viewer(on: self.loop)
            switch self.core.answer(
                target,
                requestID: RequestID(value: 1),
                header: { isForEdge && $0 == "x-millrace-edge" ? "secret" : nil },
                on: self.loop
            ) {
            case .now(let response): viewer.take(response)
            case .later(let future): future.whenSuccess { viewer.take($0) }
            case .relay: break
            }
            return viewer
        }.get()
    }

    /// Lets an origin speak, and waits for all that follows on the loop.
    func origin(
        _ index: Int,
        _ script: @escaping @Sendable (ScriptedUpstream.Call) -> Void
    )
        async throws
    {
        let call = upstream.calls[index]
        try await loop.submit { script(call) }.get()
        try await settle()
    }

    func settle() async throws {
        for _ in 0..<8 { try await loop.submit {}.get() }
    }

    struct NoTarget: Error {}
}

/// What one viewer has got so far.
final class Viewer: BodyWaiter {
    struct Got: Sendable {
        var status: Int?
        var ageSeconds: Int64?
        var text = ""
        var sizeBytes: UInt64?
        var fields: [String: String] = [:]
        var isCompressible = false
        var hasEnded = false
        var hasFailed = false
    }

    let eventLoop: any EventLoop
    private let got = Mutex(Got())
    private let source = Mutex<(any BodySource)?>(nil)

    init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    var result: Got { got.withLock { $0 } }

    func take(_ response: MediaResponse) {
        got.withLock {
            $0.status = response.status
            $0.ageSeconds = response.ageSeconds
            $0.fields = Dictionary(response.extraHeaders, uniquingKeysWith: { $0 + ", " + $1 })
            if case .text = response.body { $0.isCompressible = true }
        }
        switch response.body {
        case .empty: got.withLock { $0.hasEnded = true }
        case .bytes(let bytes): whole(bytes)
        case .text(let text): whole(text.identity)
        case .region(let region): whole(region.bytes(0..<region.sizeBytes) ?? ByteBuffer())
        case .stored: break
        case .source(let source, let size):
            self.source.withLock { $0 = source }
            got.withLock { $0.sizeBytes = size }
            resume()
        }
    }

    private func whole(_ bytes: ByteBuffer) {
        got.withLock {
            $0.text = String(buffer: bytes)
            $0.hasEnded = true
        }
    }

    /// Goes away.
    func leave() { source.withLock { $0 = nil } }

    func resume() {
        guard let source = source.withLock({ $0 }) else { return }
        while true {
            let offset = UInt64(result.text.utf8.count)
            switch source.read(at: offset, atMost: 4) {
            case .bytes(let bytes): got.withLock { $0.text += String(buffer: bytes) }
            case .pending: return source.wake(self, at: offset)
            case .end: return got.withLock { $0.hasEnded = true }
            case .failed: return got.withLock { $0.hasFailed = true }
            }
        }
    }
}

/// `max-age` and `private` in their simplest form.
struct PlainJudge: AnswerJudge {
    func judge(
        _ head: UpstreamHead,
        _ target: MediaTarget,
        askedAt: Int64,
        now: Int64
    ) -> FreshnessDecision {
        let control = head.value("cache-control") ?? ""
        if control == "private" { return .doNotStore(shareable: false) }
        guard control.hasPrefix("max-age="), let life = Int64(control.dropFirst(8)) else {
            return .doNotStore(shareable: true)
        }
        let end = now + life * 1000
        return .store(
            Freshness(
                bornAt: now,
                freshUntil: end,
                staleWhileRevalidateUntil: end + 5000,
                staleIfErrorUntil: end + 60_000
            )
        )
    }

    func isPurged(_ object: CachedObject, key: CacheKey) -> Bool { false }
}

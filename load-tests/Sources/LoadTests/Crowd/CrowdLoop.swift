import Histogram
import NIOCore
import NIOPosix
import NIOSSL

/// What the viewers of one event loop share.
///
/// Used on that loop only.
final class CrowdLoop {
    let eventLoop: any EventLoop
    let options: CrowdOptions
    let ledger: ResourceLedger
    let reference: ReferenceCheck?
    let tls: NIOSSLContext?
    let zipf: Zipf?
    let shared = SharedReadBuffer()
    var tally = LoopTally()
    var random: SplitMix
    private var parsed: [UInt64: Playlist] = [:]
    private var viewers: [Viewer] = []
    private var ticking: RepeatedTask?
    private var isStopped = false
    private var tickedAt: NIODeadline?
    private var ticks = 0
    private var sessionCount: UInt64 = 0

    init(
        eventLoop: any EventLoop,
        options: CrowdOptions,
        ledger: ResourceLedger,
        reference: ReferenceCheck?,
        tls: NIOSSLContext?,
        seed: UInt64
    ) {
        self.eventLoop = eventLoop
        self.options = options
        self.ledger = ledger
        self.reference = reference
        self.tls = tls
        random = SplitMix(seed: seed)
        zipf =
            options.videos.isEmpty
            ? nil : Zipf(count: options.videos.count, exponent: options.zipfExponent)
    }

    var viewerCount: Int { viewers.count }

    /// Starts the timer that ends requests which take too long, and that sees how late it is.
    func start() {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        ticking = eventLoop.scheduleRepeatedTask(
            initialDelay: Self.tick,
            delay: Self.tick
        ) { _ in
            bound.value.checkTime()
        }
    }

    private static let tick = TimeAmount.milliseconds(50)
    private static let ticksPerCheck = 10

    private func checkTime() {
        let now = NIODeadline.now()
        if let tickedAt {
            tally.lateness.record(LoopTally.clamped((now - tickedAt - Self.tick).wholeMicroseconds))
        }
        tickedAt = now
        ticks += 1
        guard ticks % Self.ticksPerCheck == 0 else { return }
        for viewer in viewers { viewer.checkTime(now) }
    }

    func addViewer(_ number: Int) {
        guard !isStopped else { return }
        let prefixes = options.prefixes
        let viewer = Viewer(
            loop: self,
            number: number,
            prefix: prefixes.isEmpty ? "" : prefixes[number % prefixes.count]
        )
        viewers.append(viewer)
        viewer.startSession()
    }

    func stop() {
        isStopped = true
        ticking?.cancel()
        let now = NIODeadline.now()
        for viewer in viewers { viewer.stop(now) }
        viewers = []
    }

    func takeTally() -> LoopTally {
        defer { tally = LoopTally() }
        return tally
    }

    /// The playlist that a body is; bytes that were seen before are not parsed again.
    func playlist(_ text: ByteBuffer, hash: UInt64) throws(ResponseFault) -> Playlist {
        if let known = parsed[hash] { return known }
        if parsed.count >= CrowdLimits.parsedPlaylists { parsed.removeAll() }
        let playlist = try Playlist(String(buffer: text))
        parsed[hash] = playlist
        return playlist
    }

    /// A new session's player, as the scenario has it.
    func player(prefix: String, now: NIODeadline) -> any Player {
        sessionCount += 1
        let seed = random.next()
        switch scenario() {
        case .liveCrowd:
            return LivePlayer(
                address: "\(path(prefix))/live/\(options.liveStream)/master.m3u8",
                authority: options.target.authority,
                settings: options.players,
                seed: seed,
                now: now
            )
        case .apiBrowse:
            return APIBrowser(
                base: options.target.prefix + options.players.apiBase,
                settings: options.players,
                seed: seed
            )
        case .vodCrowd, .flashCrowd, .soak:
            let rank = options.scenario == .flashCrowd ? 0 : zipf?.next(&random) ?? 0
            return VODPlayer(
                address: "\(path(prefix))/videos/\(options.videos[rank])/hls/master.m3u8",
                authority: options.target.authority,
                settings: options.players,
                seed: seed,
                now: now
            )
        }
    }

    private func scenario() -> Scenario {
        guard options.scenario == .soak else { return options.scenario }
        // Six of ten watch videos, three follow the live stream, one browses.
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<6: return .vodCrowd
        case 6..<9: return options.liveStream.isEmpty ? .vodCrowd : .liveCrowd
        default: return .apiBrowse
        }
    }

    private func path(_ prefix: String) -> String { options.target.prefix + prefix }

    /// - Returns: a channel with `connection` in it.
    func connect(_ connection: ViewerConnection, number: Int) -> EventLoopFuture<any Channel> {
        let allocator = SharedReadAllocator(shared: NIOLoopBound(shared, eventLoop: eventLoop))
        let bound = NIOLoopBound(connection, eventLoop: eventLoop)
        let tls = tls
        // Over TLS the bytes are in the TLS handler's buffers, which it keeps small by itself.
        let reads: any RecvByteBufferAllocator =
            tls == nil ? allocator : AdaptiveRecvByteBufferAllocator()
        var bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(CrowdLimits.connectTime)
            .channelOption(.socketOption(.so_reuseaddr), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: reads)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            try NIOSSLClientHandler(context: tls, serverHostname: nil)
                        )
                    }
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
        if options.sources > 0,
            let source = try? SocketAddress(
                ipAddress: "127.0.1.\(1 + number % options.sources)",
                port: 0
            )
        {
            bootstrap = bootstrap.bind(to: source)
        }
        tally.connections += 1
        return bootstrap.connect(host: options.target.address, port: options.target.port)
    }
}

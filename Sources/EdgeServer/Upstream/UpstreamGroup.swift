package import NIOCore
import NIOSSL
import Synchronization

/// Origins that hold the same, called by health and weight over connections that are kept.
///
/// From any thread, but for `call`. What decides on an origin is behind one lock, held for as long as
/// it takes to look at each origin; connections belong to event loops.
package final class UpstreamGroup: UpstreamCalling {
    private struct Member {
        var id: OriginID
        var configuration: OriginConfiguration
        var origin: Origin
    }

    private struct State {
        var members: [Member]
        var rotation: WeightedRotation
        var loops: [ObjectIdentifier: NIOLoopBound<UpstreamLoop>] = [:]
        var isStopped = false
    }

    private let limits: UpstreamLimits
    private let resolve: NameResolution.Resolve
    private let state: Mutex<State>
    private let checks: HealthChecks

    /// Reads the TLS files, so not for event loops, and starts to check the origins.
    ///
    /// - Parameters:
    ///   - configuration: the origins and all about them.
    ///   - eventLoop: where health checks run.
    ///   - limits: what no configuration sets.
    ///   - jitter: by how much the time between two checks is multiplied.
    ///   - resolve: how names are looked up, on a thread of its own.
    /// - Throws: what is wrong with the configuration.
    package init(
        configuration: UpstreamConfiguration,
        checkingOn eventLoop: any EventLoop,
        limits: UpstreamLimits = UpstreamLimits(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0.9...1.1) },
        resolve: @escaping NameResolution.Resolve = NameResolution.resolve
    ) throws(UpstreamConfigurationError) {
        self.limits = limits
        self.resolve = resolve
        let members = try Self.members(configuration, limits, resolve, keeping: [])
        state = Mutex(
            State(members: members, rotation: WeightedRotation(count: members.count))
        )
        checks = HealthChecks(eventLoop: eventLoop, jitter: jitter)
        checks.start(self)
    }

    // MARK: - Calls

    package func call(
        _ request: UpstreamRequest,
        excluding: Set<OriginID>,
        on eventLoop: any EventLoop,
        receiver: any UpstreamReceiver
    ) -> any UpstreamCall {
        eventLoop.preconditionInEventLoop()
        let now = NIODeadline.now()
        let (chosen, loop) = state.withLock {
            state -> (Member?, NIOLoopBound<UpstreamLoop>?) in
            (Self.choose(&state, excluding, now), self.loop(&state, eventLoop))
        }
        guard let chosen, let loop else {
            let call = RefusedCall(receiver: receiver)
            eventLoop.assumeIsolated().execute { call.refuse() }
            return call
        }
        let exchange = UpstreamExchange(
            request: request,
            originID: chosen.id,
            pool: loop.value.pool(chosen.origin),
            receiver: receiver
        )
        eventLoop.assumeIsolated().execute { exchange.start() }
        return exchange
    }

    /// Asks one origin, whatever its health, for a sign of life.
    func check(
        _ origin: Origin,
        on eventLoop: any EventLoop,
        _ receiver: any UpstreamReceiver
    )
        -> (any UpstreamCall)?
    {
        guard let loop = state.withLock({ self.loop(&$0, eventLoop) }) else { return nil }
        let health = origin.settings.configuration.health
        var request = UpstreamRequest(target: health.path)
        request.timeLimits.connect = health.timeout
        request.timeLimits.head = health.timeout
        let exchange = UpstreamExchange(
            request: request,
            originID: OriginID(index: -1),
            pool: loop.value.pool(origin),
            receiver: receiver,
            isCheck: true
        )
        exchange.start()
        return exchange
    }

    /// The healthy ones by weight; backups where none is; where all are down, any, as a check may be
    /// wrong and refusing is certain to fail.
    private static func choose(
        _ state: inout State,
        _ excluding: Set<OriginID>,
        _ now: NIODeadline
    ) -> Member? {
        func next(_ share: (Member) -> Int) -> Member? {
            let shares = state.members.map { excluding.contains($0.id) ? 0 : share($0) }
            return state.rotation.next(shares: shares).map { state.members[$0] }
        }
        let healthy = state.members.map { member in
            member.origin.share(ofWeight: member.configuration.weight, now)
        }
        return next { $0.configuration.isBackup ? 0 : healthy[$0.id.index] }
            ?? next { healthy[$0.id.index] }
            ?? next { $0.configuration.isBackup ? 0 : $0.configuration.weight }
            ?? next { $0.configuration.weight }
    }

    private func loop(
        _ state: inout State,
        _ eventLoop: any EventLoop
    ) -> NIOLoopBound<UpstreamLoop>? {
        guard !state.isStopped else { return nil }
        if let loop = state.loops[ObjectIdentifier(eventLoop)] { return loop }
        let made = UpstreamLoop(eventLoop: eventLoop, limits: limits)
        let loop = NIOLoopBound(made, eventLoop: eventLoop)
        state.loops[ObjectIdentifier(eventLoop)] = loop
        return loop
    }

    // MARK: - Configuration

    /// Takes a new configuration; origins that stay keep their connections, health and counts.
    ///
    /// Certificates are read again, and used by new connections. Not for event loops.
    ///
    /// - Throws: what is wrong with it; the old one stays in force then.
    package func reconfigure(
        _ configuration: UpstreamConfiguration
    ) throws(UpstreamConfigurationError) {
        let old = origins
        let members = try Self.members(configuration, limits, resolve, keeping: old)
        state.withLock { state in
            state.members = members
            state.rotation = WeightedRotation(count: members.count)
        }
        for origin in old where !members.contains(where: { $0.origin === origin }) {
            origin.retire()
        }
    }

    private static func members(
        _ configuration: UpstreamConfiguration,
        _ limits: UpstreamLimits,
        _ resolve: @escaping NameResolution.Resolve,
        keeping old: [Origin]
    ) throws(UpstreamConfigurationError) -> [Member] {
        try configuration.validate()
        let isSecured = configuration.origins.contains { $0.url.scheme == .https }
        let settings = Origin.Settings(
            configuration: configuration,
            tlsContext: isSecured ? try configuration.tls.makeContext() : nil
        )
        return configuration.origins.enumerated().map { index, wanted in
            let kept = old.first { $0.url == wanted.url }
            kept?.update(settings)
            return Member(
                id: OriginID(index: index),
                configuration: wanted,
                origin: kept
                    ?? Origin(
                        url: wanted.url,
                        settings: settings,
                        limits: limits,
                        resolve: resolve
                    )
            )
        }
    }

    package var originCount: Int { state.withLock { $0.members.count } }

    /// The origin of the configuration in force that has an address.
    package func origin(at url: OriginURL) -> OriginID? {
        state.withLock { state in state.members.first { $0.origin.url == url }?.id }
    }

    var origins: [Origin] { state.withLock { $0.members.map(\.origin) } }

    // MARK: - State

    package var snapshot: UpstreamSnapshot {
        let members = state.withLock { $0.members }
        return UpstreamSnapshot(
            origins: members.map { $0.origin.snapshot($0.id, $0.configuration) }
        )
    }

    /// Ends all calls, as `closed`, and all connections; calls after that find no origin.
    package func stop() async {
        let loops = state.withLock { state in
            state.isStopped = true
            defer { state.loops = [:] }
            return Array(state.loops.values)
        }
        await checks.stop()
        for loop in loops {
            try? await loop.eventLoop.submit { loop.value.stop() }.get()
        }
    }
}

/// A call that found no origin.
private final class RefusedCall: UpstreamCall {
    private var receiver: (any UpstreamReceiver)?

    init(receiver: any UpstreamReceiver) {
        self.receiver = receiver
    }

    var origin: OriginID? { nil }

    func refuse() {
        let receiver = receiver
        self.receiver = nil
        receiver?.failed(.noOrigin)
    }

    var isReading = true
    var canSendMore: Bool { false }
    func send(_ bytes: ByteBuffer) {}
    func sendEnd() {}
    func cancel() { receiver = nil }
}

import NIOCore
import NIOSSL
import Platform
import Synchronization

/// One origin, as all event loops share it; it lives as long as configurations name its address.
final class Origin: Sendable {
    /// What a new configuration replaces; a class, as each call looks at it.
    final class Settings: Sendable {
        let configuration: UpstreamConfiguration
        /// There where any origin's scheme is `https`.
        let tlsContext: NIOSSLContext?

        init(configuration: UpstreamConfiguration, tlsContext: NIOSSLContext?) {
            self.configuration = configuration
            self.tlsContext = tlsContext
        }
    }

    let url: OriginURL
    let limits: UpstreamLimits
    let addresses: OriginAddresses
    let slots = ConnectionSlots()
    let statistics = OriginStatistics()
    private let state: Mutex<State>

    private struct State {
        var settings: Settings
        var health: OriginHealthStateMachine
        var isRetired = false
    }

    init(
        url: OriginURL,
        settings: Settings,
        limits: UpstreamLimits,
        resolve: @escaping NameResolution.Resolve
    ) {
        self.url = url
        self.limits = limits
        addresses = OriginAddresses(url: url, limits: limits, resolve: resolve)
        state = Mutex(State(settings: settings, health: OriginHealthStateMachine(now: .now())))
    }

    // MARK: - Configuration

    var settings: Settings { state.withLock { $0.settings } }

    func update(_ settings: Settings) {
        state.withLock { $0.settings = settings }
    }

    /// No configuration names it any more: its idle connections are closed, the others after use.
    func retire() {
        state.withLock { $0.isRetired = true }
        for pool in slots.pools { pool.execute { $0.closeIdle() } }
    }

    var isRetired: Bool { state.withLock { $0.isRetired } }

    /// The name in the certificate that is asked for; nothing where that is an address.
    func serverName(_ settings: Settings) -> String? {
        if let name = settings.configuration.tls.serverName { return name }
        return (try? SocketAddress(ipAddress: url.host, port: 0)) == nil ? url.host : nil
    }

    // MARK: - Health

    func share(ofWeight weight: Int, _ now: NIODeadline) -> Int {
        state.withLock { state in
            state.health.share(ofWeight: weight, now, state.settings.configuration.health)
        }
    }

    func callAnswered() {
        state.withLock { $0.health.callAnswered() }
    }

    /// Counts a failed call, and holds it against the origin where it is to blame.
    func callFailed(_ error: UpstreamError, isToBlame: Bool) {
        statistics.count(error)
        guard isToBlame else { return }
        switch error {
        case .noOrigin, .tooManyCalls, .cancelled: return
        case .cannotConnect, .timedOut, .closed, .malformed: break
        }
        state.withLock { state in
            state.health.callFailed(error, .now(), state.settings.configuration.health)
        }
    }

    func checked(isAlive: Bool) {
        state.withLock { state in
            let configuration = state.settings.configuration.health
            if isAlive {
                state.health.checkSucceeded(.now(), configuration)
            } else {
                state.health.checkFailed(.now(), configuration)
            }
        }
    }

    func snapshot(_ id: OriginID, _ configuration: OriginConfiguration) -> OriginSnapshot {
        let health = state.withLock { $0.health }
        return OriginSnapshot(
            id: id,
            url: url,
            isBackup: configuration.isBackup,
            weight: configuration.weight,
            isUp: health.isUp,
            reason: health.reason,
            since: .nanoseconds((NIODeadline.now() - health.since).nanoseconds),
            openConnections: Int(statistics.openConnections.value),
            idleConnections: Int(statistics.idleConnections.value),
            waitingCalls: slots.waitingCount,
            calls: statistics.calls.value,
            connectionsOpened: statistics.connectionsOpened.value,
            retries: statistics.retries.value,
            errors: statistics.errorCounts,
            firstByte: statistics.firstByte
        )
    }
}

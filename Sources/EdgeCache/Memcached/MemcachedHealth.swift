internal import Logging
internal import Synchronization

/// The breakers of the tier and of each of its servers; from any thread.
final class MemcachedHealth: Sendable {
    private struct Breakers {
        var tier: CircuitBreakerStateMachine
        var servers: [CircuitBreakerStateMachine]
    }

    private let breakers: Mutex<Breakers>
    private let names: [String]
    private let logger: Logger

    init(configuration: MemcachedConfiguration, logger: Logger) {
        let server = CircuitBreakerStateMachine(configuration: configuration.serverBreaker)
        breakers = Mutex(
            Breakers(
                tier: CircuitBreakerStateMachine(configuration: configuration.tierBreaker),
                servers: configuration.servers.map { _ in server }
            )
        )
        names = configuration.servers.map(\.description)
        self.logger = logger
    }

    func tierAdmits(at now: Int64) -> Bool {
        breakers.withLock { $0.tier.admits(at: now) }
    }

    func admits(_ server: Int, at now: Int64) -> Bool {
        breakers.withLock { $0.servers[server].admits(at: now) }
    }

    /// Whether to send what nobody waits for; never a trial.
    func isClosed(_ server: Int) -> Bool {
        breakers.withLock { $0.servers[server].state == .closed }
    }

    /// What has become of a look-up, for the tier.
    func lookupEnded(inTime: Bool, at now: Int64) {
        let change = breakers.withLock {
            inTime ? $0.tier.succeeded(at: now) : $0.tier.failed(at: now)
        }
        report(change, "memcached")
    }

    /// What has become of a question to a server.
    func serverAnswered(_ server: Int, well: Bool, at now: Int64) {
        let change = breakers.withLock {
            well ? $0.servers[server].succeeded(at: now) : $0.servers[server].failed(at: now)
        }
        report(change, names[server])
    }

    var states:
        (tier: MemcachedStatistics.BreakerState, servers: [MemcachedStatistics.BreakerState])
    {
        breakers.withLock { ($0.tier.reported, $0.servers.map(\.reported)) }
    }

    private func report(_ change: CircuitBreakerStateMachine.Change?, _ name: String) {
        switch change {
        case nil: break
        case .closed: logger.notice("memcached is used again", metadata: ["server": "\(name)"])
        case .opened(let milliseconds):
            logger.warning(
                "memcached is left alone for a while",
                metadata: ["server": "\(name)", "milliseconds": "\(milliseconds)"]
            )
        }
    }
}

extension CircuitBreakerStateMachine {
    var reported: MemcachedStatistics.BreakerState {
        switch state {
        case .closed: .closed
        case .open: .open
        case .trial: .trial
        }
    }
}

import EdgeCache
import Logging
import MediaHTTP
import Platform

extension EdgeConfiguration {
    /// The public listeners as the lane wants them.
    func server(
        tls reloading: TLSReloading?,
        admission: (any ConnectionAdmission)?,
        logger: Logger
    ) -> MediaServerConfiguration {
        var limits = MediaLimits()
        let files = OpenFileLimit.current
        let affordable = OpenFileLimit.connections(of: files)
        if affordable < connections.maximum {
            logger.log(
                level: affordable < connections.maximum / 2 ? .warning : .info,
                "fewer connections than configured: the system's limit of open files is too low",
                metadata: ["connections.maximum": "\(affordable)"]
            )
        }
        limits.connectionCount = min(connections.maximum, affordable)
        limits.refusalCount = min(limits.refusalCount, OpenFileLimit.refusals(of: files))
        limits.idleTime = connections.idleTimeout
        limits.headTime = connections.headTimeout
        limits.writeStallTime = connections.writeTimeout
        var listeners = [
            MediaServerConfiguration.Listener(.init(host: listen.host, port: listen.port))
        ]
        if let tls, let reloading {
            listeners.append(
                .init(.init(host: tls.listen.host, port: tls.listen.port), tls: reloading)
            )
        }
        // Counted always, so that a limit set later holds for those who are there.
        var server = MediaServerConfiguration(listeners: listeners, limits: limits)
        server.proxyProtocol = connections.proxyProtocol
        server.admission = admission
        return server
    }

    /// What a request meets of these options.
    func handlerOptions() throws(ConfigurationError) -> EdgeHandler.Options {
        var options = EdgeHandler.Options()
        options.trustedProxies = try AccessOptions.blocks(
            "connections.trusted_proxies",
            connections.trustedProxies
        )
        options.pseudonym = origin.pseudonym
        // The group of origins writes `Via` itself.
        options.passThrough = PassThroughConfiguration(
            pseudonym: nil,
            trustedNetworks: options.trustedProxies,
            removedFields: ["x-millrace-edge"]
        )
        return options
    }

    /// Finds what only shows when the parts are made: addresses, keys, networks.
    ///
    /// - Throws: `ConfigurationError` that names the key.
    package func check() throws {
        _ = try upstream(origin.media, key: "origin.media")
        _ = try upstream(origin.api, key: "origin.api")
        _ = try handlerOptions()
        _ = try steering.configuration()
        _ = try AccessOptions.keys(access.keys)
        _ = try access.gate(counters: AccessCounters(), logger: Logger(label: "check"))
        for server in memcached.servers {
            do throws(MemcachedConfigurationError) {
                _ = try MemcachedServer(server)
            } catch {
                throw ConfigurationError.invalid(
                    key: "memcached.servers",
                    value: server,
                    expected: "HOST:PORT or the path of a socket"
                )
            }
        }
    }

    /// The options that differ from `old` and need a start to take effect.
    func waitingForRestart(since old: EdgeConfiguration) -> [String] {
        let fixed: [(String, (EdgeConfiguration) -> String)] = [
            ("data", { $0.dataFolder }), ("listen", { "\($0.listen)" }),
            ("tls.listen", { "\($0.tls.map { "\($0.listen)" } ?? "")" }),
            ("admin.listen", { "\($0.admin)" }), ("connections", { "\($0.connections.lasting)" }),
            ("origin.budget", { "\($0.fillOptions)" }), ("memcached", { "\($0.memcached)" }),
            ("lives", { "\($0.lifetimes)" }), ("steering", { "\($0.steering)" }),
            ("foresight", { "\($0.foresight)" }),
            ("cache.slice", { "\($0.cache.sliceBytes)" }),
            ("log.format", { $0.log.format.rawValue }),
            ("log.access_sample", { "\($0.log.accessSample)" }),
        ]
        return fixed.filter { $0.1(old) != $0.1(self) }.map(\.0)
    }
}

extension MediaLimits {
    /// For the operator's listener: few connections, and no memory for bodies.
    static var admin: MediaLimits {
        var limits = MediaLimits()
        limits.connectionCount = 64
        limits.refusalCount = 16
        limits.pieceMemoryBytes = 1 << 20
        limits.hotMemoryBytes = 0
        limits.blockingThreadCount = 1
        return limits
    }
}

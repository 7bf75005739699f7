import EdgeCache
import Logging
package import MediaHTTP
import NIOCore
import NIOPosix
import Platform

/// All that a running edge is made of, put together from its configuration.
struct EdgeParts: Sendable {
    let core: EdgeCore
    let mediaOrigins: UpstreamGroup
    let apiOrigins: UpstreamGroup
    let memory: MemoryTier
    let shared: MemcachedTier?
    let privateMemcached: PrivateMemcached?
    let purging: Purging
    let gate: CurrentGate
    let counters: AccessCounters
    let caps: ConnectionCaps
    let cmcd: CMCDCounters
    let steering: Steering?
    let ownHealth: OwnHealth
    let polling: RegionPolling?
    let tls: TLSReloading?
    let metrics: EdgeMetrics

    /// Reads certificates and databases, and starts a memcached: not for event loops.
    static func make(
        _ configuration: EdgeConfiguration,
        group: MultiThreadedEventLoopGroup,
        lane: LaneMetrics,
        loopCount: Int,
        logger: Logger
    ) throws -> EdgeParts {
        let clock = MemcachedSurroundings.monotonicClock
        let ownHealth = OwnHealth(
            lane: lane,
            maximumConnections: configuration.connections.maximum,
            loopCount: loopCount,
            clock: clock
        )
        let steering = try configuration.steering.configuration().map {
            Steering(
                configuration: $0,
                ownHealth: { ownHealth.document },
                draw: { .random(in: 0..<1) }
            )
        }
        let media = try UpstreamGroup(
            configuration: configuration.upstream(configuration.origin.media, key: "origin.media"),
            checkingOn: group.next()
        )
        let api = try UpstreamGroup(
            configuration: configuration.upstream(configuration.origin.api, key: "origin.api"),
            checkingOn: group.next()
        )
        let (shared, own) = try sharedTier(configuration, logger)
        let purgeFile = PurgeFile(folder: configuration.dataFolder)
        let purges = purgeFile.read(now: clock())
        let memory = MemoryTier(
            capacityBytes: configuration.cache.memoryBytes,
            purges: purges
        )
        let metrics = EdgeMetrics()
        let counters = AccessCounters()
        let foresight = Foresight(
            limits: configuration.foresight.limits,
            clock: clock
        )
        var services = FillServices(
            memory: memory,
            arena: try configuration.cache.arena(),
            steering: steering?.insertion,
            shared: shared,
            upstream: media,
            originCount: { media.originCount },
            judge: EdgeJudge(lifetimes: configuration.lifetimes, purges: purges),
            options: configuration.fillOptions,
            metrics: metrics,
            clock: clock,
            onText: { foresight.learn($0, $1) }
        )
        services.originAt = { media.origin(at: $0) }
        let core = EdgeCore(
            services: services,
            foresight: foresight,
            sliceSizeBytes: UInt64(configuration.cache.sliceBytes),
            identity: configuration.identity
        )
        return EdgeParts(
            core: core,
            mediaOrigins: media,
            apiOrigins: api,
            memory: memory,
            shared: shared,
            privateMemcached: own,
            purging: Purging(
                log: purges,
                memory: memory,
                shared: shared,
                clock: clock,
                save: { purgeFile.write($0, now: clock()) }
            ),
            gate: CurrentGate(
                try configuration.access.gate(counters: counters, logger: logger)
            ),
            counters: counters,
            caps: ConnectionCaps(limit: configuration.connections.perClient),
            cmcd: CMCDCounters(second: { clock() / 1000 }),
            steering: steering,
            ownHealth: ownHealth,
            polling: try steering.map { try RegionPolling($0, on: group.next()) },
            tls: try configuration.tls.map { try TLSReloading($0.files) },
            metrics: metrics
        )
    }

    private static func sharedTier(
        _ configuration: EdgeConfiguration,
        _ logger: Logger
    ) throws -> (MemcachedTier?, PrivateMemcached?) {
        let options = configuration.memcached
        guard options.isOn else { return (nil, nil) }
        var servers: [MemcachedServer] = []
        for text in options.servers { servers.append(try MemcachedServer(text)) }
        var own: PrivateMemcached?
        var sliceBytes = options.sliceBytes
        if servers.isEmpty {
            let made = configuration.privateMemcached
            let memcached = try PrivateMemcached(configuration: made)
            do {
                _ = try memcached.start()
            } catch {
                // Memory and the origins remain; an edge that serves is better than none.
                logger.error(
                    "there is no private memcached: the edge serves without its second tier",
                    metadata: ["error": "\(error)"]
                )
                return (nil, nil)
            }
            own = memcached
            servers = [memcached.server]
            if sliceBytes == 0 { sliceBytes = made.sliceSizeBytes }
        }
        var tier = MemcachedConfiguration(servers: servers)
        tier.threadCount = options.threads
        tier.deadline = options.deadline
        tier.largestObjectBytes = configuration.cache.largestObjectBytes
        if sliceBytes > 0 { tier.sliceSizeBytes = sliceBytes }
        return (try MemcachedTier(configuration: tier, logger: logger), own)
    }
}

extension MemcachedTier: SharedTier {}

extension EdgeConfiguration {
    /// A group of origins as the client wants it.
    func upstream(_ addresses: [String], key: String) throws -> UpstreamConfiguration {
        var origins: [OriginConfiguration] = []
        for text in addresses {
            var words = text.split(separator: " ").map(String.init)
            guard !words.isEmpty, let url = OriginURL(text: words.removeFirst()) else {
                throw ConfigurationError.invalid(
                    key: key,
                    value: text,
                    expected: "http://HOST:PORT, https://HOST:PORT or unix:/PATH"
                )
            }
            var made = OriginConfiguration(url: url)
            for word in words {
                if word == "backup" {
                    made.isBackup = true
                } else if word.hasPrefix("weight="), let weight = Int(word.dropFirst(7)) {
                    made.weight = weight
                } else {
                    throw ConfigurationError.invalid(
                        key: key,
                        value: text,
                        expected: "weight=N or backup behind the address"
                    )
                }
            }
            origins.append(made)
        }
        var upstream = UpstreamConfiguration(origins: origins)
        upstream.pseudonym = origin.pseudonym
        if !origin.secret.isEmpty {
            upstream.sharedSecret = SharedSecret(
                fieldName: "X-Millrace-Edge",
                value: origin.secret
            )
        }
        upstream.tls.authoritiesFile = origin.authorities.nonEmpty
        upstream.tls.certificateFile = origin.certificate.nonEmpty
        upstream.tls.keyFile = origin.key.nonEmpty
        upstream.tls.serverName = origin.serverName.nonEmpty
        upstream.pool.connectionCount = origin.connections
        upstream.health.path = origin.healthPath
        upstream.health.interval = origin.healthInterval
        do throws(UpstreamConfigurationError) {
            try upstream.validate()
        } catch {
            throw ConfigurationError.invalid(
                key: key,
                value: addresses.joined(separator: ","),
                expected: "\(error)"
            )
        }
        return upstream
    }

    var identity: EdgeCore.Identity {
        var identity = EdgeCore.Identity()
        identity.pseudonym = origin.pseudonym
        identity.secret = origin.secret
        return identity
    }

    var privateMemcached: PrivateMemcachedConfiguration {
        var made = PrivateMemcachedConfiguration(folder: dataFolder)
        made.sizeMegabytes = memcached.memoryBytes >> 20
        if !memcached.flashPath.isEmpty {
            made.flash = .init(
                path: memcached.flashPath,
                sizeGigabytes: memcached.flashBytes >> 30
            )
        }
        return made
    }

    var fillOptions: FillOptions {
        var options = FillOptions()
        options.largestObjectBytes = cache.largestObjectBytes
        options.budget = origin.budget
        options.liveHold = origin.liveHold
        options.connect = origin.connectTimeout
        options.head = origin.headTimeout
        options.stall = origin.stallTimeout
        return options
    }
}

extension EdgeConfiguration.ForesightOptions {
    var limits: Foresight.Limits {
        var limits = Foresight.Limits()
        limits.fetchCount = isOn ? fetches : 0
        limits.unusedBytes = bytes
        return limits
    }
}

extension EdgeConfiguration.TLSOptions {
    package var files: TLSFiles {
        TLSFiles(
            certificateChain: certificate,
            privateKey: key,
            clientAuthorities: clientAuthorities.nonEmpty
        )
    }
}

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }
}

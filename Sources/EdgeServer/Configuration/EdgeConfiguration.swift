package import EdgeCache
package import Logging
package import Platform

/// What an operator can choose about an edge; every option has a default.
///
/// `edge-config/edge.yaml` describes each; a test holds the two together.
package struct EdgeConfiguration: Sendable {
    /// Where the edge keeps its private memcached's socket and what else outlives it.
    package var dataFolder: String
    package var listen: ListenAddress
    package var tls: TLSOptions?
    package var admin: ListenAddress
    package var connections: ConnectionOptions
    package var origin: OriginOptions
    package var cache: CacheOptions
    package var memcached: MemcachedOptions
    package var lifetimes: Lifetimes
    package var foresight: ForesightOptions
    package var access: AccessOptions
    package var steering: SteeringOptions
    package var log: LogOptions

    package struct ConnectionOptions: Hashable, Sendable {
        /// 0: one for each core.
        package var eventLoops: Int
        package var maximum: Int
        package var idleTimeout: Duration
        package var headTimeout: Duration
        package var writeTimeout: Duration
        package var drainTimeout: Duration
        /// Every connection begins with a PROXY protocol header.
        package var proxyProtocol: Bool
        /// Proxies whose `X-Forwarded-For` is believed: networks such as `10.0.0.0/8`.
        package var trustedProxies: [String]
        /// Connections of one client address; 0: any number.
        package var perClient: Int

        /// Without what a reload changes.
        var lasting: ConnectionOptions {
            var lasting = self
            lasting.perClient = 0
            return lasting
        }
    }

    package struct OriginOptions: Hashable, Sendable {
        /// Addresses of media listeners, each with `weight=N` or `backup` behind a space.
        package var media: [String]
        package var api: [String]
        /// Told to origins, which answer nobody else then.
        package var secret: String
        package var connections: Int
        package var connectTimeout: Duration
        package var headTimeout: Duration
        package var stallTimeout: Duration
        /// All tries of one request together.
        package var budget: Duration
        package var liveHold: Duration
        package var healthPath: String
        package var healthInterval: Duration
        /// This edge's name in `Via`; edges that ask each other need different ones.
        package var pseudonym: String
        /// Files in PEM for origins with TLS: who signs their certificates, and our own.
        package var authorities: String
        package var certificate: String
        package var key: String
        package var serverName: String

        /// Different for each process, so that no two edges take each other for themselves.
        static let processName = "edge-" + String(UInt64.random(in: 0 ... .max), radix: 36)
    }

    package struct CacheOptions: Hashable, Sendable {
        package var memoryBytes: Int
        package var largestObjectBytes: Int
        package var sliceBytes: Int
        /// A folder of a tmpfs, where large bodies lie; empty: wherever the process may put them.
        package var bodiesFolder: String
    }

    package struct ForesightOptions: Hashable, Sendable {
        package var isOn: Bool
        package var fetches: Int
        package var bytes: Int
    }

    package struct TLSOptions: Hashable, Sendable {
        package var listen: ListenAddress
        package var certificate: String
        package var key: String
        package var clientAuthorities: String
    }

    package struct MemcachedOptions: Hashable, Sendable {
        package var isOn: Bool
        /// Empty: a private one, in the data folder.
        package var servers: [String]
        package var memoryBytes: Int
        package var flashPath: String
        package var flashBytes: Int
        package var threads: Int
        package var deadline: Duration
        /// 0: what fits the private one, or memcached's own item limit.
        package var sliceBytes: Int
    }

    package struct LogOptions: Sendable {
        package var level: Logger.Level
        package var format: LogFormat
        /// Share of requests that get a line in the access log.
        package var accessSample: Double
    }
}

extension EdgeConfiguration {
    /// Reads all options and refuses keys that are none.
    package init(_ values: inout ConfigurationValues) throws(ConfigurationError) {
        dataFolder = values.string("data", default: "millrace-edge-data")
        listen = try values.address("listen", default: "0.0.0.0:8000")
        admin = try values.address("admin.listen", default: "127.0.0.1:9091")
        tls = try TLSOptions.read(&values)
        connections = try ConnectionOptions(&values)
        origin = try OriginOptions(&values)
        cache = try CacheOptions(&values)
        memcached = try MemcachedOptions(&values)
        lifetimes = try Lifetimes.read(&values)
        foresight = ForesightOptions(
            isOn: try values.boolean("foresight.on", default: true),
            fetches: try values.integer("foresight.fetches", default: 16, in: 1...10_000),
            bytes: try values.byteSize(
                "foresight.unused_bytes",
                default: 64 << 20,
                in: 0...(1 << 40)
            )
        )
        access = try AccessOptions(&values)
        steering = try SteeringOptions(&values)
        log = LogOptions(
            level: try values.choice("log.level", default: Logger.Level.notice),
            format: try values.choice("log.format", default: LogFormat.text),
            accessSample: try values.fraction("log.access_sample", default: 0)
        )
        try values.refuseUnknownKeys()
    }
}

private let waits = Duration.milliseconds(10) ... .seconds(3600)

extension EdgeConfiguration.ConnectionOptions {
    fileprivate init(_ values: inout ConfigurationValues) throws(ConfigurationError) {
        eventLoops = try values.integer("connections.event_loops", default: 0, in: 0...256)
        maximum = try values.integer("connections.maximum", default: 50_000, in: 1...10_000_000)
        idleTimeout = try values.duration(
            "connections.idle_timeout",
            default: .seconds(75),
            in: waits
        )
        headTimeout = try values.duration(
            "connections.head_timeout",
            default: .seconds(10),
            in: waits
        )
        writeTimeout = try values.duration(
            "connections.write_timeout",
            default: .seconds(30),
            in: waits
        )
        drainTimeout = try values.duration(
            "connections.drain_timeout",
            default: .seconds(20),
            in: waits
        )
        proxyProtocol = try values.boolean("connections.proxy_protocol", default: false)
        trustedProxies = values.list("connections.trusted_proxies", default: [])
        perClient = try values.integer("connections.per_client", default: 0, in: 0...1_000_000)
    }
}

extension EdgeConfiguration.OriginOptions {
    fileprivate init(_ values: inout ConfigurationValues) throws(ConfigurationError) {
        media = values.list("origin.media", default: ["http://127.0.0.1:8081"])
        api = values.list("origin.api", default: ["http://127.0.0.1:8080"])
        secret = values.string("origin.secret", default: "")
        connections = try values.integer("origin.connections", default: 256, in: 1...100_000)
        connectTimeout = try values.duration(
            "origin.connect_timeout",
            default: .seconds(2),
            in: waits
        )
        headTimeout = try values.duration("origin.head_timeout", default: .seconds(10), in: waits)
        stallTimeout = try values.duration("origin.stall_timeout", default: .seconds(10), in: waits)
        budget = try values.duration("origin.budget", default: .seconds(15), in: waits)
        liveHold = try values.duration("origin.live_hold", default: .seconds(20), in: waits)
        healthPath = values.string("origin.health_path", default: "/healthz")
        healthInterval = try values.duration(
            "origin.health_interval",
            default: .seconds(2),
            in: waits
        )
        let name = values.string("origin.pseudonym", default: "")
        pseudonym = name.isEmpty ? Self.processName : name
        authorities = values.string("origin.authorities", default: "")
        certificate = values.string("origin.certificate", default: "")
        key = values.string("origin.key", default: "")
        serverName = values.string("origin.server_name", default: "")
    }
}

extension EdgeConfiguration.CacheOptions {
    fileprivate init(_ values: inout ConfigurationValues) throws(ConfigurationError) {
        memoryBytes = try values.byteSize(
            "cache.memory",
            default: 256 << 20,
            in: (1 << 20)...(1 << 44)
        )
        largestObjectBytes = try values.byteSize(
            "cache.largest_object",
            default: 64 << 20,
            in: (64 << 10)...(1 << 32)
        )
        sliceBytes = try values.byteSize(
            "cache.slice",
            default: 4 << 20,
            in: (64 << 10)...(1 << 30)
        )
        bodiesFolder = values.string("cache.bodies", default: "")
    }
}

package import Logging
package import Packaging
package import Platform

/// What an operator can choose about the origin; every option has a default.
///
/// `origin-config/origin.yaml` describes each; a test holds the two together.
package struct OriginConfiguration: Sendable {
    /// Where indexes and whatever else the origin makes is kept.
    package var dataFolder: String
    /// The library.
    ///
    /// Default: `media` in the data folder.
    package var mediaFolder: String
    package var api: ListenAddress
    package var media: MediaOptions
    package var admin: ListenAddress
    package var packaging: PackagingConfiguration
    package var assets: AssetOptions
    package var live: LiveOptions
    package var log: LogOptions
    package var page: PageOptions

    package struct MediaOptions: Sendable {
        package var listen: ListenAddress
        /// 0: one for each core.
        package var eventLoops: Int
        package var maximumConnections: Int
        package var idleTimeout: Duration
        package var headTimeout: Duration
        package var writeTimeout: Duration
        package var drainTimeout: Duration
        /// Threads that read what is not in the page cache.
        package var readThreads: Int
        /// What edges must say; empty: everybody is answered.
        package var edgeSecret: String
    }

    package struct AssetOptions: Sendable {
        /// Room for indexes in memory; the least recently used go first.
        package var memoryBytes: Int
        /// Assets whose files are held open at once.
        package var maximumOpen: Int
        /// How long an asset is served before its files are looked at again.
        package var recheckInterval: Duration
    }

    package struct LogOptions: Sendable {
        package var level: Logger.Level
        package var format: LogFormat
        /// Share of requests that get a line in the access log.
        package var accessSample: Double
    }

    package struct PageOptions: Sendable {
        package var title: String
        /// Address or local file of hls.js; empty: the browser's own HLS.
        package var hlsScript: String
        /// Base address of the media listener as browsers see it; empty: the page's host with the
        /// media listener's port.
        package var mediaBase: String
    }
}

extension OriginConfiguration {
    /// Reads all options and refuses keys that are none.
    package init(_ values: inout ConfigurationValues) throws(ConfigurationError) {
        dataFolder = values.string("data", default: "millrace-data")
        mediaFolder = values.string("library", default: dataFolder + "/media")
        api = try values.address("api.listen", default: "127.0.0.1:8080")
        media = try MediaOptions(&values)
        admin = try values.address("admin.listen", default: "127.0.0.1:9090")
        let target = try values.duration(
            "packaging.segment_duration",
            default: .seconds(4),
            in: .seconds(1) ... .seconds(30)
        )
        packaging = PackagingConfiguration(
            targetSegmentDuration: MediaTime(target.milliseconds, timescale: 1000),
            allowsHEVCInTransportStream: try values.boolean("packaging.hevc_in_ts", default: false)
        )
        assets = AssetOptions(
            memoryBytes: try values.byteSize(
                "assets.memory",
                default: 256 << 20,
                in: (1 << 20)...(1 << 40)
            ),
            maximumOpen: try values.integer("assets.open", default: 1024, in: 1...1_000_000),
            recheckInterval: try values.duration(
                "assets.recheck",
                default: .seconds(1),
                in: .zero ... .seconds(3600)
            )
        )
        live = try LiveOptions(&values)
        log = LogOptions(
            level: try values.choice("log.level", default: Logger.Level.notice),
            format: try values.choice("log.format", default: LogFormat.text),
            accessSample: try values.fraction("log.access_sample", default: 0)
        )
        page = PageOptions(
            title: values.string("page.title", default: "Millrace"),
            hlsScript: values.string("page.hls_js", default: ""),
            mediaBase: values.string("page.media_base", default: "")
        )
        try values.refuseUnknownKeys()
    }
}

extension OriginConfiguration.MediaOptions {
    fileprivate init(_ values: inout ConfigurationValues) throws(ConfigurationError) {
        listen = try values.address("media.listen", default: "127.0.0.1:8081")
        eventLoops = try values.integer("media.event_loops", default: 0, in: 0...256)
        maximumConnections = try values.integer(
            "media.connections",
            default: 20_000,
            in: 1...10_000_000
        )
        let waits = Duration.milliseconds(10) ... .seconds(3600)
        idleTimeout = try values.duration("media.idle_timeout", default: .seconds(75), in: waits)
        headTimeout = try values.duration("media.head_timeout", default: .seconds(10), in: waits)
        writeTimeout = try values.duration("media.write_timeout", default: .seconds(30), in: waits)
        drainTimeout = try values.duration("media.drain_timeout", default: .seconds(20), in: waits)
        readThreads = try values.integer("media.read_threads", default: 16, in: 1...1024)
        edgeSecret = values.string("media.edge_secret", default: "")
    }
}

extension Duration {
    package var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}

import EdgeCache
import MediaHTTP
import Platform

extension EdgeConfiguration.TLSOptions {
    /// Nothing without a certificate: there is no TLS listener then.
    static func read(
        _ values: inout ConfigurationValues
    ) throws(ConfigurationError) -> EdgeConfiguration.TLSOptions? {
        let options = EdgeConfiguration.TLSOptions(
            listen: try values.address("tls.listen", default: "0.0.0.0:8443"),
            certificate: values.string("tls.certificate", default: ""),
            key: values.string("tls.key", default: ""),
            clientAuthorities: values.string("tls.client_authorities", default: "")
        )
        guard !options.certificate.isEmpty || !options.key.isEmpty else { return nil }
        guard !options.certificate.isEmpty else {
            throw .invalid(key: "tls.certificate", value: "", expected: "a file, as tls.key is set")
        }
        guard !options.key.isEmpty else {
            throw .invalid(key: "tls.key", value: "", expected: "a file, as tls.certificate is set")
        }
        return options
    }
}

extension EdgeConfiguration.CacheOptions {
    /// Where large bodies lie; nothing where the system has no memory files.
    ///
    /// - Throws: where the configured folder takes no nameless file.
    func arena() throws(ConfigurationError) -> MemoryArena? {
        if let arena = MemoryArena(folder: bodiesFolder) { return arena }
        guard !bodiesFolder.isEmpty else { return nil }
        throw .invalid(key: "cache.bodies", value: bodiesFolder, expected: "a folder of a tmpfs")
    }
}

extension EdgeConfiguration.MemcachedOptions {
    init(_ values: inout ConfigurationValues) throws(ConfigurationError) {
        isOn = try values.boolean("memcached.on", default: true)
        servers = values.list("memcached.servers", default: [])
        memoryBytes = try values.byteSize(
            "memcached.memory",
            default: 1 << 30,
            in: (64 << 20)...(1 << 44)
        )
        flashPath = values.string("memcached.flash_path", default: "")
        flashBytes = try values.byteSize(
            "memcached.flash_size",
            default: 64 << 30,
            in: (1 << 30)...(1 << 50)
        )
        threads = try values.integer("memcached.threads", default: 2, in: 1...16)
        deadline = try values.duration(
            "memcached.deadline",
            default: .milliseconds(5),
            in: .milliseconds(1) ... .seconds(1)
        )
        sliceBytes = try values.byteSize("memcached.slice", default: 0, in: 0...(128 << 20))
    }
}

extension Lifetimes {
    /// The lives of what says nothing itself.
    static func read(
        _ values: inout ConfigurationValues
    ) throws(ConfigurationError) -> Lifetimes {
        let range = Duration.zero ... .seconds(366 * 86_400)
        let target = try values.duration(
            "lives.live_target_duration",
            default: .seconds(2),
            in: .milliseconds(100) ... .seconds(60)
        )
        var lifetimes = Lifetimes(targetDuration: target)
        for (key, kind) in keys {
            lifetimes[kind].fresh = try values.duration(
                key,
                default: lifetimes[kind].fresh,
                in: range
            )
        }
        lifetimes.notFound = try values.duration(
            "lives.not_found",
            default: lifetimes.notFound,
            in: range
        )
        return lifetimes
    }

    private static let keys: [(String, ContentKind)] = [
        ("lives.vod_segment", .vodSegment), ("lives.vod_manifest", .vodManifest),
        ("lives.progressive", .progressive), ("lives.thumbnail", .thumbnail),
        ("lives.static_asset", .staticAsset),
    ]
}

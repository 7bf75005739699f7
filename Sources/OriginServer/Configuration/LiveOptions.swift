package import Platform
import Segmenting

extension OriginConfiguration {
    /// Live ingest and what becomes of it.
    package struct LiveOptions: Sendable {
        package var isOn: Bool
        package var rtmp: ListenAddress
        package var rtmps: RTMPSOptions?
        package var application: String
        /// Empty: a key is its own stream id, on loopback only.
        package var keys: [StreamKey]
        package var publishers: PublisherOptions
        package var segments: SegmentOptions
        package var recording: RecordingOptions
        /// From one picture of a live stream to the next; zero: none is made.
        package var thumbnails: Duration
        package var webhooks: WebhookOptions
        package var registry: RegistryOptions
    }

    package struct RTMPSOptions: Sendable {
        package var listen: ListenAddress
        /// PEM.
        package var certificateFile: String
        package var keyFile: String
    }

    /// One that may publish, and what.
    package struct StreamKey: Hashable, Sendable {
        package var key: String
        package var streamID: String
        package var isBackup: Bool
    }

    package struct PublisherOptions: Sendable {
        package var maximum: Int
        package var maximumPerAddress: Int
        /// Without a message for this long a publisher is gone.
        package var silence: Duration
        /// How long viewers stay when the encoder goes.
        package var grace: Duration
        package var takeover: Takeover
    }

    /// What becomes of a publisher whose key comes again.
    package enum Takeover: String, CaseIterable, Sendable {
        case replace
        case reject
    }

    package struct SegmentOptions: Sendable {
        package var part: Duration
        package var segment: Duration
        /// `EXT-X-TARGETDURATION`.
        package var targetDuration: Int
        /// What the live playlist holds.
        package var window: Duration
    }

    package struct RecordingOptions: Sendable {
        package var isOn: Bool
        /// The rewind window; zero: none.
        package var rewind: Duration
        /// Finished recordings go after this long; zero: never.
        package var retention: Duration
        /// Bytes of all recordings; 0: no bound.
        package var quotaBytes: Int
    }

    package struct WebhookOptions: Sendable {
        /// Empty: none.
        package var url: String
        /// For the signature of each post.
        package var secret: String
        package var timeout: Duration
        /// Whether it decides who may publish, beside `keys`.
        package var decides: Bool
    }

    package struct RegistryOptions: Sendable {
        /// A file that all origins share; empty: this is the only one.
        package var path: String
        /// This origin's media listener as the others' clients reach it.
        package var mediaBase: String
    }
}

extension OriginConfiguration.LiveOptions {
    init(_ values: inout ConfigurationValues) throws(ConfigurationError) {
        isOn = try values.boolean("live.enabled", default: true)
        rtmp = try values.address("live.rtmp.listen", default: "127.0.0.1:1935")
        rtmps = try OriginConfiguration.RTMPSOptions(&values)
        application = values.string("live.application", default: "live")
        keys = try Self.keys(&values)
        publishers = try OriginConfiguration.PublisherOptions(&values)
        segments = try OriginConfiguration.SegmentOptions(&values)
        recording = try OriginConfiguration.RecordingOptions(&values)
        thumbnails = try values.duration(
            "live.thumbnails",
            default: .seconds(5),
            in: .zero ... .seconds(3600)
        )
        webhooks = try OriginConfiguration.WebhookOptions(&values)
        registry = OriginConfiguration.RegistryOptions(
            path: values.string("live.registry.path", default: ""),
            mediaBase: values.string("live.registry.media_base", default: "")
        )
        try refuseOpenIngest()
    }

    /// Without keys everybody who reaches the listener may publish anything.
    private func refuseOpenIngest() throws(ConfigurationError) {
        guard isOn, keys.isEmpty, !webhooks.decides else { return }
        for (key, address) in [("live.rtmp.listen", rtmp), ("live.rtmps.listen", rtmps?.listen)] {
            guard let address, !address.isLoopback else { continue }
            throw .invalid(
                key: key,
                value: "\(address)",
                expected: "a loopback address while live.keys is empty: without keys whoever "
                    + "reaches it may publish"
            )
        }
    }

    /// `KEY=STREAM` or `KEY=STREAM:backup`.
    private static func keys(
        _ values: inout ConfigurationValues
    ) throws(ConfigurationError) -> [OriginConfiguration.StreamKey] {
        var keys: [OriginConfiguration.StreamKey] = []
        for item in values.list("live.keys", default: []) {
            let sides = item.split(separator: "=", maxSplits: 1).map(String.init)
            let target = sides.last?.split(separator: ":").map(String.init) ?? []
            let isBackup = target.count == 2 && target[1] == "backup"
            guard sides.count == 2, target.count == 1 || isBackup,
                LiveAddress.isStreamID(target[0]), LiveAddress.isStreamID(sides[0]),
                !keys.contains(where: { $0.key == sides[0] })
            else {
                // Never the value itself: it is a secret.
                throw .invalid(
                    key: "live.keys",
                    value: "…=\(target.first ?? "")",
                    expected: "KEY=STREAM or KEY=STREAM:backup, each of letters, digits, - and _, "
                        + "and no key twice"
                )
            }
            keys.append(.init(key: sides[0], streamID: target[0], isBackup: isBackup))
        }
        return keys
    }
}

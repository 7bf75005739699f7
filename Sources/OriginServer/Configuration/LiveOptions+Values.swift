import Platform

extension OriginConfiguration.RTMPSOptions {
    /// On where a certificate is named.
    init?(_ values: inout ConfigurationValues) throws(ConfigurationError) {
        listen = try values.address("live.rtmps.listen", default: "127.0.0.1:1936")
        certificateFile = values.string("live.rtmps.certificate", default: "")
        keyFile = values.string("live.rtmps.key", default: "")
        guard certificateFile.isEmpty == keyFile.isEmpty else {
            throw .invalid(
                key: certificateFile.isEmpty ? "live.rtmps.certificate" : "live.rtmps.key",
                value: "",
                expected: "a file in PEM, as the other of the two is named"
            )
        }
        if certificateFile.isEmpty { return nil }
    }
}

extension OriginConfiguration.PublisherOptions {
    init(_ values: inout ConfigurationValues) throws(ConfigurationError) {
        maximum = try values.integer("live.publishers", default: 500, in: 1...10_000)
        maximumPerAddress = try values.integer(
            "live.publishers_per_address",
            default: 250,
            in: 1...10_000
        )
        silence = try values.duration(
            "live.silence_timeout",
            default: .seconds(10),
            in: .seconds(1) ... .seconds(300)
        )
        grace = try values.duration(
            "live.grace",
            default: .seconds(30),
            in: .zero ... .seconds(3600)
        )
        takeover = try values.choice(
            "live.takeover",
            default: OriginConfiguration.Takeover.replace
        )
    }
}

extension OriginConfiguration.SegmentOptions {
    init(_ values: inout ConfigurationValues) throws(ConfigurationError) {
        part = try values.duration(
            "live.part_duration",
            default: .milliseconds(333),
            in: .milliseconds(100) ... .seconds(2)
        )
        segment = try values.duration(
            "live.segment_duration",
            default: .seconds(2),
            in: .seconds(1) ... .seconds(10)
        )
        targetDuration = try values.integer("live.target_duration", default: 6, in: 1...30)
        window = try values.duration(
            "live.window",
            default: .seconds(60),
            in: .seconds(10) ... .seconds(600)
        )
        guard segment <= .seconds(targetDuration) else {
            throw .invalid(
                key: "live.target_duration",
                value: "\(targetDuration)",
                expected: "at least live.segment_duration"
            )
        }
    }
}

extension OriginConfiguration.RecordingOptions {
    init(_ values: inout ConfigurationValues) throws(ConfigurationError) {
        isOn = try values.boolean("live.recording", default: true)
        rewind = try values.duration(
            "live.rewind",
            default: .seconds(4 * 3600),
            in: .zero ... .seconds(48 * 3600)
        )
        retention = try values.duration(
            "live.recording_retention",
            default: .zero,
            in: .zero ... .seconds(100_000 * 3600)
        )
        quotaBytes = try values.byteSize("live.recording_quota", default: 0, in: 0...(1 << 50))
    }
}

extension OriginConfiguration.WebhookOptions {
    init(_ values: inout ConfigurationValues) throws(ConfigurationError) {
        url = values.string("live.webhook.url", default: "")
        secret = values.string("live.webhook.secret", default: "")
        timeout = try values.duration(
            "live.webhook.timeout",
            default: .seconds(3),
            in: .milliseconds(100) ... .seconds(30)
        )
        decides = try values.boolean("live.webhook.decides", default: false)
        guard url.isEmpty || url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw .invalid(
                key: "live.webhook.url",
                value: url,
                expected: "an address that begins with http:// or https://"
            )
        }
        guard !decides || !url.isEmpty else {
            throw .invalid(
                key: "live.webhook.decides",
                value: "true",
                expected: "false while live.webhook.url is empty"
            )
        }
    }
}

package import Platform

extension CMCDCounters {
    package func write(to text: inout PrometheusText) {
        text.counter(
            "millrace_cmcd_requests_total",
            help: "Requests of players that sent CMCD, by type of object.",
            rows("object", CMCDData.ObjectType.allCases.map(\.label), requests)
        )
        text.counter(
            "millrace_cmcd_requests_by_format_total",
            help: "The same by streaming format.",
            rows("format", CMCDData.StreamingFormat.allCases.map(\.label), formats)
        )
        text.counter(
            "millrace_cmcd_requests_by_stream_total",
            help: "The same by type of stream.",
            rows("stream", CMCDData.StreamType.allCases.map(\.label), streamTypes)
        )
        text.counter(
            "millrace_cmcd_starvations_total",
            help: "Requests that tell of a stall since the one before.",
            [([], starvations.value)]
        )
        text.counter(
            "millrace_cmcd_startups_total",
            help: "Requests made to start, to seek, or after a stall.",
            [([], startups.value)]
        )
        text.counter(
            "millrace_cmcd_next_object_hints_total",
            help: "Requests that tell what will be asked for next.",
            [([], hints.value)]
        )
        text.counter(
            "millrace_cmcd_malformed_total",
            help: "Requests whose CMCD breaks its grammar somewhere.",
            [([], malformed.value)]
        )
        text.gauge(
            "millrace_cmcd_sessions",
            help: "Playback sessions that spoke in the last full minute, estimated.",
            [([], sessions.count(second: second()))]
        )
        write(bufferMilliseconds, "millrace_cmcd_buffer_milliseconds", "Buffer length.", &text)
        write(bitrateKbps, "millrace_cmcd_bitrate_kbps", "Encoded bitrate of video.", &text)
        write(throughputKbps, "millrace_cmcd_throughput_kbps", "Throughput measured.", &text)
    }

    private func rows(
        _ name: String,
        _ labels: [String],
        _ counters: [Counter]
    ) -> [(PrometheusText.Labels, UInt64)] {
        zip(labels + ["unknown"], counters).map { ([(name, $0)], $1.value) }
    }

    /// A histogram's three names, each as a counter: `histogram_quantile` asks for no more.
    private func write(
        _ histogram: BucketHistogram,
        _ name: String,
        _ help: String,
        _ text: inout PrometheusText
    ) {
        let counts = histogram.cumulative
        let bounds = histogram.bounds.map { "\($0)" } + ["+Inf"]
        text.counter(
            name + "_bucket",
            help: help,
            zip(bounds, counts).map { ([("le", $0)], $1) }
        )
        text.counter(name + "_sum", help: help, [([], histogram.sum)])
        text.counter(name + "_count", help: help, [([], counts.last ?? 0)])
    }
}

extension CMCDData.ObjectType {
    fileprivate var label: String {
        switch self {
        case .manifest: "manifest"
        case .audio: "audio"
        case .video: "video"
        case .muxed: "muxed"
        case .initSegment: "init_segment"
        case .captions: "captions"
        case .timedText: "timed_text"
        case .key: "key"
        case .other: "other"
        }
    }
}

extension CMCDData.StreamingFormat {
    fileprivate var label: String {
        switch self {
        case .dash: "dash"
        case .hls: "hls"
        case .smooth: "smooth"
        case .other: "other"
        }
    }
}

extension CMCDData.StreamType {
    fileprivate var label: String {
        switch self {
        case .vod: "vod"
        case .live: "live"
        case .lowLatency: "low_latency"
        }
    }
}

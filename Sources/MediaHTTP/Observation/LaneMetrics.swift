package import Platform

/// Counts what the media lane does, by kind of answer; called on every event loop.
package final class LaneMetrics: MediaObserver {
    package let openConnections = Gauge()
    private let refusedConnections = Counter()
    private let acceptedConnections = Counter()
    private let kinds: [Kind] = MediaKind.allCases.map { _ in Kind() }

    private struct Kind: Sendable {
        /// By status class: 1xx, 2xx, 3xx, 4xx, 5xx.
        let requests = (0..<5).map { _ in Counter() }
        let bytes = Counter()
        let aborted = Counter()
        let firstByte = LatencyHistogram()
        let total = LatencyHistogram()
    }

    package init() {}

    package func connectionOpened() {
        openConnections.add(1)
        acceptedConnections.add()
    }

    package func connectionClosed() {
        openConnections.add(-1)
    }

    package func connectionRefused(_ reason: RefusalReason) {
        refusedConnections.add()
    }

    package func finished(_ record: RequestRecord) {
        let kind = kinds[record.kind.rawValue]
        kind.requests[min(max(record.status / 100 - 1, 0), 4)].add()
        kind.bytes.add(record.bytesSent)
        if record.wasAborted { kind.aborted.add() }
        kind.firstByte.observe(nanoseconds: record.firstByteTime.nanoseconds)
        kind.total.observe(nanoseconds: record.totalTime.nanoseconds)
    }

    /// Adds all of it to a page of metrics.
    package func write(to text: inout PrometheusText) {
        text.gauge(
            "millrace_connections_open",
            help: "Connections of the media listener.",
            [([], openConnections.value)]
        )
        text.counter(
            "millrace_connections_total",
            help: "Connections by what became of them.",
            [
                ([("result", "accepted")], acceptedConnections.value),
                ([("result", "refused")], refusedConnections.value),
            ]
        )
        let all = MediaKind.allCases.map { (label: $0.label, kind: kinds[$0.rawValue]) }
        text.counter(
            "millrace_requests_total",
            help: "Requests of the media listener by kind and status class.",
            all.flatMap { label, kind in
                kind.requests.enumerated().map { index, counter in
                    ([("kind", label), ("status", "\(index + 1)xx")], counter.value)
                }
            }
        )
        text.counter(
            "millrace_sent_bytes_total",
            help: "Bytes sent by kind, heads included.",
            all.map { ([("kind", $0.label)], $0.kind.bytes.value) }
        )
        text.counter(
            "millrace_requests_aborted_total",
            help: "Answers that did not reach their end, by kind.",
            all.map { ([("kind", $0.label)], $0.kind.aborted.value) }
        )
        text.histogram(
            "millrace_first_byte_seconds",
            help: "Time from a request's head to the first byte of its answer.",
            all.map { ([("kind", $0.label)], $0.kind.firstByte) }
        )
        text.histogram(
            "millrace_request_seconds",
            help: "Time from a request's head to the last byte of its answer.",
            all.map { ([("kind", $0.label)], $0.kind.total) }
        )
    }
}

extension Duration {
    /// Whole nanoseconds; 0 for what is negative.
    fileprivate var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(max(seconds * 1_000_000_000 + attoseconds / 1_000_000_000, 0))
    }
}

package import EdgeCache
package import Platform

/// What the edge counts beside what its lane does: where answers came from, and what that cost
/// upstream.
///
/// From any thread.
package final class EdgeMetrics: Sendable {
    /// How a request was answered.
    package enum Source: Int, CaseIterable, Sendable {
        case memory, shared, stale, joined, origin

        var label: String {
            switch self {
            case .memory: "memory"
            case .shared: "memcached"
            case .stale: "stale"
            case .joined: "joined"
            case .origin: "origin"
            }
        }
    }

    private let sources: [[Counter]] = ContentKind.allCases.map { _ in
        Source.allCases.map { _ in Counter() }
    }
    private let upstreamRequests: [Counter] = ContentKind.allCases.map { _ in Counter() }
    private let upstreamByteCount = Counter()
    private let upstreamErrors: [String: Counter] = Dictionary(
        uniqueKeysWithValues: EdgeMetrics.errorLabels.map { ($0, Counter()) }
    )
    private let revalidations = Counter()
    private let heals = Counter()
    private let fillTimes: [LatencyHistogram] = ContentKind.allCases.map { _ in
        LatencyHistogram()
    }

    package init() {}

    // MARK: - Counting

    package func answered(_ kind: ContentKind, from source: Source) {
        sources[Int(kind.rawValue)][source.rawValue].add()
    }

    func upstreamRequest(_ kind: ContentKind) { upstreamRequests[Int(kind.rawValue)].add() }
    func upstreamBytes(_ count: Int) { upstreamByteCount.add(UInt64(count)) }
    func revalidated(_ kind: ContentKind) { revalidations.add() }
    func healing() { heals.add() }

    func filled(_ kind: ContentKind, firstByteMilliseconds: Int64) {
        fillTimes[Int(kind.rawValue)]
            .observe(nanoseconds: UInt64(max(0, firstByteMilliseconds)) * 1_000_000)
    }

    func upstreamFailed(_ error: UpstreamError) {
        upstreamErrors[Self.label(error)]?.add()
    }

    func upstreamRefused(_ status: Int) {
        upstreamErrors["status_5xx"]?.add()
    }

    private static let errorLabels = [
        "no_origin", "too_many_calls", "cannot_connect", "timed_out", "closed", "malformed",
        "cancelled", "status_5xx",
    ]

    static func label(_ error: UpstreamError) -> String {
        switch error {
        case .noOrigin: "no_origin"
        case .tooManyCalls: "too_many_calls"
        case .cannotConnect: "cannot_connect"
        case .timedOut: "timed_out"
        case .closed: "closed"
        case .malformed: "malformed"
        case .cancelled: "cancelled"
        }
    }

    // MARK: - Reading

    package func count(_ source: Source) -> UInt64 {
        sources.reduce(0) { $0 + $1[source.rawValue].value }
    }

    package var upstreamRequestCount: UInt64 { upstreamRequests.reduce(0) { $0 + $1.value } }

    package func write(to text: inout PrometheusText) {
        text.counter(
            "millrace_edge_answers_total",
            help: "Answers of the media plane by resource and by where they came from.",
            ContentKind.allCases.flatMap { kind in
                Source.allCases.map { source in
                    (
                        [("resource", kind.label), ("from", source.label)],
                        sources[Int(kind.rawValue)][source.rawValue].value
                    )
                }
            }
        )
        text.counter(
            "millrace_edge_upstream_requests_total",
            help: "Requests of the media plane to origins, tries on further origins included.",
            ContentKind.allCases.map {
                ([("resource", $0.label)], upstreamRequests[Int($0.rawValue)].value)
            }
        )
        text.counter(
            "millrace_edge_upstream_bytes_total",
            help: "Bytes of bodies that came from origins.",
            [([], upstreamByteCount.value)]
        )
        text.counter(
            "millrace_edge_upstream_errors_total",
            help: "Requests to origins that gave no good answer.",
            Self.errorLabels.map { ([("error", $0)], upstreamErrors[$0]?.value ?? 0) }
        )
        text.counter(
            "millrace_edge_revalidations_total",
            help: "Objects that an origin confirmed.",
            [([], revalidations.value)]
        )
        text.counter(
            "millrace_edge_heals_total",
            help: "Bodies that broke off and were fetched on from where they broke.",
            [([], heals.value)]
        )
        text.histogram(
            "millrace_edge_fill_seconds",
            help: "From asking an origin to its answer's head.",
            ContentKind.allCases.map {
                ([("resource", $0.label)], fillTimes[Int($0.rawValue)])
            }
        )
    }
}

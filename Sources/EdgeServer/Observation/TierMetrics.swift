import EdgeCache
import Platform

// The tiers' and the origins' numbers as the operator's listener tells them.

extension MemoryStatistics {
    func write(to text: inout PrometheusText, arenaBytes: Int) {
        text.gauge(
            "millrace_edge_memory_objects",
            help: "Objects in memory.",
            [([], Int64(objects))]
        )
        text.gauge(
            "millrace_edge_memory_bytes",
            help: "What the objects in memory cost, and may cost.",
            [
                ([("what", "used")], Int64(bytes)), ([("what", "capacity")], Int64(capacityBytes)),
                ([("what", "arena")], Int64(arenaBytes)),
            ]
        )
        text.counter(
            "millrace_edge_memory_changes_total",
            help: "Objects that came into memory, and that went to make room.",
            [
                ([("change", "insertion")], insertions), ([("change", "eviction")], evictions),
                ([("change", "refusal")], refusals),
            ]
        )
    }
}

extension MemcachedStatistics {
    func write(to text: inout PrometheusText) {
        text.counter(
            "millrace_edge_memcached_lookups_total",
            help: "Look-ups in memcached by how they ended.",
            [
                ([("result", "hit")], hits), ([("result", "miss")], misses),
                ([("result", "deadline")], deadlineMisses),
                ([("result", "skipped")], skippedLookups),
                ([("result", "refused")], refusedLookups),
            ]
        )
        text.counter(
            "millrace_edge_memcached_errors_total",
            help: "What went wrong with memcached; each is a miss, never an error.",
            [
                ([("error", "timeout")], timeouts), ([("error", "connection")], connectionFailures),
                ([("error", "malformed")], malformedAnswers),
                ([("error", "incomplete")], incompleteObjects),
            ]
        )
        text.counter(
            "millrace_edge_memcached_stores_total",
            help: "Objects given to memcached by what became of them.",
            [
                ([("result", "stored")], stores), ([("result", "dropped")], droppedStores),
                ([("result", "failed")], failedStores),
            ]
        )
        text.counter(
            "millrace_edge_memcached_bytes_total",
            help: "Bytes of bodies out of and into memcached.",
            [([("direction", "read")], readBytes), ([("direction", "written")], writtenBytes)]
        )
        text.gauge(
            "millrace_edge_memcached_breaker_open",
            help: "1 while memcached is left alone because it is sick.",
            [([], breaker == .closed ? 0 : 1)]
        )
    }

    var json: String {
        "{\"hits\":\(hits),\"misses\":\(misses),\"stores\":\(stores),"
            + "\"breaker\":\"\(breaker == .closed ? "closed" : "open")\"}"
    }
}

/// The origins of both planes.
struct OriginMetrics {
    private let rows: [(labels: PrometheusText.Labels, origin: OriginSnapshot)]

    init(_ groups: [(name: String, snapshot: UpstreamSnapshot)]) {
        rows = groups.flatMap { group in
            group.snapshot.origins.map {
                ([("group", group.name), ("origin", $0.url.description)], $0)
            }
        }
    }

    func write(to text: inout PrometheusText) {
        text.gauge(
            "millrace_edge_origin_up",
            help: "1 where an origin answers.",
            rows.map { ($0.labels, $0.origin.isUp ? 1 : 0) }
        )
        text.gauge(
            "millrace_edge_origin_connections",
            help: "Connections open to an origin.",
            rows.map { ($0.labels, Int64($0.origin.openConnections)) }
        )
        text.counter(
            "millrace_edge_origin_calls_total",
            help: "Calls to an origin.",
            rows.map { ($0.labels, $0.origin.calls) }
        )
        text.counter(
            "millrace_edge_origin_errors_total",
            help: "Calls to an origin that gave no whole answer.",
            rows.flatMap { row in
                row.origin.errors.map {
                    (row.labels + [("error", EdgeMetrics.label($0.error))], $0.count)
                }
            }
        )
        text.histogram(
            "millrace_edge_origin_first_byte_seconds",
            help: "From a call to its answer's first byte.",
            rows.map { ($0.labels, $0.origin.firstByte) }
        )
    }
}

extension OriginSnapshot {
    var json: String {
        "{\"url\":\(JSONText.quoted(url.description)),\"up\":\(isUp),"
            + "\"backup\":\(isBackup),\"weight\":\(weight),\"calls\":\(calls),"
            + "\"connections\":\(openConnections),\"for_seconds\":\(since.components.seconds)}"
    }
}

extension Foresight {
    func write(to text: inout PrometheusText) {
        text.counter(
            "millrace_edge_foresight_bytes_total",
            help: "Bytes fetched ahead of viewers, and what became of them.",
            [
                ([("result", "fetched")], fetchedBytes.value),
                ([("result", "used")], usedBytes.value),
                ([("result", "wasted")], wastedBytes.value),
            ]
        )
    }
}

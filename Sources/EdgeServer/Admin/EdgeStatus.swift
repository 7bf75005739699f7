import EdgeCache
import MediaHTTP
import NIOCore
import Platform

/// What the admin listener says of a running edge.
package struct EdgeStatus: Sendable {
    let parts: EdgeParts
    let lane: LaneMetrics
    let startedAt: NIODeadline

    private var core: EdgeCore { parts.core }

    /// What keeps the edge from serving well; empty when all is.
    func problems() -> [String] {
        parts.mediaOrigins.snapshot.origins.contains(where: \.isUp)
            ? [] : ["no origin of origin.media answers"]
    }

    /// Prometheus text.
    func metrics() -> String {
        var text = PrometheusText()
        lane.write(to: &text)
        parts.metrics.write(to: &text)
        parts.counters.write(to: &text)
        parts.memory.statistics.write(to: &text, arenaBytes: core.services.arena?.usedBytes ?? 0)
        parts.shared?.statistics.write(to: &text)
        OriginMetrics([
            ("media", parts.mediaOrigins.snapshot), ("api", parts.apiOrigins.snapshot),
        ])
        .write(to: &text)
        core.foresight.write(to: &text)
        parts.cmcd.write(to: &text)
        parts.steering?.write(to: &text)
        text.gauge(
            "millrace_edge_fills",
            help: "Fills under way.",
            [([], Int64(core.fills.count))]
        )
        if let tls = parts.tls {
            text.gauge(
                "millrace_edge_certificate_not_after_seconds",
                help: "When the certificate expires, in Unix seconds.",
                [([], tls.certificate.notAfter)]
            )
        }
        return text.text
    }

    func json() -> String {
        let uptime = (NIODeadline.now() - startedAt).nanoseconds / 1_000_000_000
        let metrics = parts.metrics
        let answers = EdgeMetrics.Source.allCases
            .map { "\"\($0.label)\":\(metrics.count($0))" }
            .joined(separator: ",")
        let origins = parts.mediaOrigins.snapshot.origins.map(\.json).joined(separator: ",")
        let memory = parts.memory.statistics
        return "{\"uptime_seconds\":\(uptime),\"connections\":\(lane.openConnections.value),"
            + "\"answers\":{\(answers)},\"upstream_requests\":\(metrics.upstreamRequestCount),"
            + "\"fills\":\(core.fills.count),"
            + "\"memory\":{\"objects\":\(memory.objects),\"bytes\":\(memory.bytes),"
            + "\"capacity_bytes\":\(memory.capacityBytes)},"
            + "\"memcached\":\(parts.shared?.statistics.json ?? "null"),"
            + "\"origins\":[\(origins)]}\n"
    }
}

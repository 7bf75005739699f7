import EdgeCache
import MediaHTTP
import NIOCore
import Platform

/// What the admin listener says of a running edge.
package struct EdgeStatus: Sendable {
    let core: EdgeCore
    let lane: LaneMetrics
    let startedAt: NIODeadline

    /// What keeps the edge from serving well; empty when all is.
    func problems() -> [String] { [] }

    /// Prometheus text.
    func metrics() -> String {
        var text = PrometheusText()
        lane.write(to: &text)
        core.services.metrics.write(to: &text)
        let foresight = core.foresight
        text.counter(
            "millrace_edge_foresight_bytes_total",
            help: "Bytes fetched ahead of viewers, and what became of them.",
            [
                ([("result", "fetched")], foresight.fetchedBytes.value),
                ([("result", "used")], foresight.usedBytes.value),
                ([("result", "wasted")], foresight.wastedBytes.value),
            ]
        )
        text.gauge(
            "millrace_edge_fills",
            help: "Fills under way.",
            [([], Int64(core.fills.count))]
        )
        return text.text
    }

    func json() -> String {
        let uptime = (NIODeadline.now() - startedAt).nanoseconds / 1_000_000_000
        let metrics = core.services.metrics
        let answers = EdgeMetrics.Source.allCases
            .map { "\"\($0.label)\":\(metrics.count($0))" }
            .joined(separator: ",")
        return "{\"uptime_seconds\":\(uptime),\"connections\":\(lane.openConnections.value),"
            + "\"answers\":{\(answers)},\"upstream_requests\":\(metrics.upstreamRequestCount),"
            + "\"fills\":\(core.fills.count)}\n"
    }
}

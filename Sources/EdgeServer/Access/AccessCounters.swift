package import Platform

/// What access checks did, for metrics; outlives reloads; from any thread.
package final class AccessCounters: Sendable {
    /// Requests that were sent on to the address with their token in the path.
    package let redirects = Counter()
    private let refusals: [AccessRefusal.Reason: Counter]

    package init() {
        refusals = Dictionary(
            uniqueKeysWithValues: AccessRefusal.Reason.allCases.map { ($0, Counter()) }
        )
    }

    func count(_ refusal: AccessRefusal) {
        refusals[refusal.reason]?.add()
    }

    /// Counts a connection that `ConnectionCaps` did not let in.
    package func countRefusedConnection() {
        refusals[.clientConnections]?.add()
    }

    package func refusals(_ reason: AccessRefusal.Reason) -> UInt64 {
        refusals[reason]?.value ?? 0
    }

    package func write(to metrics: inout PrometheusText) {
        metrics.counter(
            "millrace_access_refusals_total",
            help: "Requests refused by access checks.",
            AccessRefusal.Reason.allCases.map {
                ([("reason", $0.rawValue)], refusals($0))
            }
        )
        metrics.counter(
            "millrace_access_redirects_total",
            help: "Requests sent on to the address with their token in the path.",
            [([], redirects.value)]
        )
    }
}

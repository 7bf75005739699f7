/// What a run must not exceed; one line for each that it did.
package struct Thresholds: Sendable {
    /// To the first byte of what is not held.
    package var p99Milliseconds: Double?
    package var errors: UInt64? = 0
    package var rebufferRatio: Double?
    package var startupP99Milliseconds: Double?
    /// Behind the first viewer that had the same part.
    package var partLagMilliseconds: Double?
    package var upstreamRequests: Int?
    /// For one address.
    package var upstreamPerResource: Int?
    /// By the name of a watched process.
    package var residentMegabytes: [String: Double] = [:]
    package var growthMegabytes: [String: Double] = [:]
    package var minimumRequests: UInt64 = 1

    package init() {}

    /// What was broken, in words; empty where nothing was.
    ///
    /// Wrong bytes break a run whatever is allowed.
    package func broken(by result: CrowdResult) -> [String] {
        var broken: [String] = []
        func check(_ value: Double, atMost limit: Double?, _ name: String, _ unit: String = "") {
            guard let limit, value > limit else { return }
            broken.append(
                "\(name) is \(Figures.short(value))\(unit), allowed \(Figures.short(limit))\(unit)"
            )
        }
        let tally = result.tally
        check(Double(tally.wrongBodies), atMost: 0, "wrong bodies")
        check(Double(tally.faultCount), atMost: errors.map(Double.init), "errors")
        check(tally.headline.milliseconds(99), atMost: p99Milliseconds, "p99", " ms")
        check(result.rebufferRatio, atMost: rebufferRatio, "rebuffer ratio")
        check(
            tally.startup.milliseconds(99),
            atMost: startupP99Milliseconds,
            "startup p99",
            " ms"
        )
        check(
            tally.partLag.milliseconds(100),
            atMost: partLagMilliseconds,
            "longest delay behind the first viewer",
            " ms"
        )
        if tally.requests < minimumRequests { broken.append("no requests were made") }
        if let upstreamRequests {
            if let upstream = result.upstream {
                check(
                    Double(upstream.requests),
                    atMost: Double(upstreamRequests),
                    "upstream requests"
                )
            } else {
                broken.append("upstream requests are not known: name the stand-in with --counts")
            }
        }
        if let upstreamPerResource {
            if let upstream = result.upstream {
                check(
                    Double(upstream.most),
                    atMost: Double(upstreamPerResource),
                    "upstream requests for \(upstream.mostAddress)"
                )
            } else {
                broken.append("upstream requests are not known: name the stand-in with --counts")
            }
        }
        checkMemory(result, check)
        return broken
    }

    private func checkMemory(
        _ result: CrowdResult,
        _ check: (Double, Double?, String, String) -> Void
    ) {
        for process in result.processes {
            check(
                process.highestMegabytes,
                residentMegabytes[process.name],
                "memory of \(process.name)",
                " MB"
            )
            check(
                process.growthMegabytes,
                growthMegabytes[process.name],
                "growth of \(process.name)",
                " MB"
            )
        }
    }
}

/// A run as a table for the terminal.
package enum FinalTable {
    package static func text(_ report: Report) -> String {
        var lines: [String] = [""]
        func row(_ name: String, _ value: String) {
            let padding = String(repeating: " ", count: max(24 - name.count, 1))
            lines.append("  " + name + padding + value)
        }
        lines.append("\(report.scenario) against \(report.target), seed \(report.seed)")
        for fact in report.facts { row(fact.name, fact.value) }
        lines.append("")
        lines.append(
            "  first byte, ms             count      p50      p90      p99    p99.9      max"
        )
        for latency in report.latencies {
            let summary = latency.summary
            var line = "  " + latency.name
            line += String(repeating: " ", count: max(22 - latency.name.count, 1))
            line += Figures.padded(Figures.scaled(Double(summary.count)), 10)
            for value in [summary.p50, summary.p90, summary.p99, summary.p999, summary.maximum] {
                line += Figures.padded(Figures.short(value), 9)
            }
            lines.append(line)
        }
        lines.append("")
        for process in report.processes {
            row(
                process.name,
                "\(Figures.short(process.cpuSeconds)) s CPU "
                    + "(\(Figures.short(process.cpuPercent)) % of a core), memory "
                    + "\(Figures.short(process.firstMegabytes)) to "
                    + "\(Figures.short(process.lastMegabytes)) MB, at most "
                    + "\(Figures.short(process.highestMegabytes)) MB"
            )
        }
        for (name, count) in report.faults.sorted(by: { $0.key < $1.key }) {
            row("fault", "\(count) x \(name)")
        }
        for example in report.faultExamples { row("", example) }
        lines.append(contentsOf: report.broken.map { "BROKEN: \($0)" })
        if report.broken.isEmpty { lines.append("  all thresholds kept") }
        return lines.joined(separator: "\n") + "\n"
    }
}

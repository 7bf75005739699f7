/// A run as one page that needs nothing else: no scripts, no fonts, no images of its own.
package enum HTMLReport {
    package static func text(_ report: Report) -> String {
        var page = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(HTMLText.escaped(report.scenario)) · load test</title>
            <style>\(style)</style>
            <main>
            <header>
            <h1>\(HTMLText.escaped(report.scenario))</h1>
            <p>\(report.viewers) viewers against \(HTMLText.escaped(report.target)) for \
            \(Figures.short(report.seconds)) s · seed \(report.seed)</p>
            \(verdict(report))
            </header>
            <section class="tiles">\(tiles(report))</section>
            <section class="plots">
            """
        for plot in plots(report) { page += plot.svg }
        page += "</section>\n<section><h2>Latency</h2>\(latencies(report))</section>\n"
        page += "<section class=\"two\"><div><h2>Facts</h2>\(facts(report))</div>"
        page += "<div><h2>Processes</h2>\(processes(report))</div></section>\n"
        if !report.faults.isEmpty {
            page += "<section><h2>Faults</h2>\(faults(report))</section>\n"
        }
        return page + "</main>\n</html>\n"
    }

    private static func verdict(_ report: Report) -> String {
        guard !report.broken.isEmpty else {
            return "<p class=\"kept\">All thresholds kept</p>"
        }
        let lines = report.broken.map { "<li>\(HTMLText.escaped($0))</li>" }
        return "<ul class=\"broken\">\(lines.joined())</ul>"
    }

    private static func tiles(_ report: Report) -> String {
        let time = max(report.seconds, 0.001)
        let headline = report.latencies.first?.summary
        let tiles = [
            ("requests a second", Figures.scaled(Double(report.requests) / time)),
            ("Gbit/s", Figures.short(Double(report.bytes) * 8 / time / 1e9)),
            ("p99 first byte", Figures.short(headline?.p99 ?? 0) + " ms"),
            ("errors", "\(report.faults.values.reduce(0, +))"),
            ("rebuffering", Figures.short(report.rebufferRatio * 100) + " %"),
            ("wrong bodies", "\(report.wrongBodies)"),
        ]
        return tiles.map { "<div><b>\($0.1)</b><span>\($0.0)</span></div>" }.joined()
    }

    private static func plots(_ report: Report) -> [Plot] {
        func line(_ name: String, _ value: (Sample) -> Double) -> Plot.Line {
            Plot.Line(name: name, points: report.samples.map { ($0.seconds, value($0)) })
        }
        let names = report.processes.map(\.name)
        return [
            Plot(
                title: "Requests",
                unit: "a second",
                lines: [line("requests") { $0.requestsPerSecond }]
            ),
            Plot(
                title: "Throughput",
                unit: "Gbit/s",
                lines: [line("throughput") { $0.bitsPerSecond / 1e9 }]
            ),
            Plot(
                title: "First byte",
                unit: "ms",
                lines: [line("p50") { $0.p50 }, line("p90") { $0.p90 }, line("p99") { $0.p99 }]
            ),
            Plot(title: "Viewers", unit: "", lines: [line("viewers") { Double($0.viewers) }]),
            Plot(
                title: "CPU",
                unit: "% of a core",
                lines: names.map { name in line(name) { $0.processes[name]?.cpuPercent ?? 0 } }
            ),
            Plot(
                title: "Memory",
                unit: "MB resident",
                lines: names.map { name in
                    line(name) { $0.processes[name]?.residentMegabytes ?? 0 }
                }
            ),
            Plot(
                title: "Latency distribution",
                unit: "ms over percentile",
                lines: report.latencies.filter(\.isPlotted).prefix(6).map {
                    latency in
                    let points = latency.summary.distribution
                    return Plot.Line(
                        name: latency.name,
                        points: points.map { ($0.percentile, $0.milliseconds) }
                    )
                },
                axis: .percentile
            ),
            Plot(
                title: "Errors and rebuffers",
                unit: "a second",
                lines: [
                    line("errors") { Double($0.errors) },
                    line("rebuffers") { Double($0.rebuffers) },
                ]
            ),
        ]
    }

    private static func latencies(_ report: Report) -> String {
        var text =
            "<table><tr><th>first byte, ms<th>count<th>mean<th>p50<th>p90<th>p99<th>p99.9<th>max"
        for latency in report.latencies {
            let summary = latency.summary
            text += "<tr><td>\(HTMLText.escaped(latency.name))<td>\(summary.count)"
            for value in [
                summary.mean, summary.p50, summary.p90, summary.p99, summary.p999, summary.maximum,
            ] {
                text += "<td>\(Figures.short(value))"
            }
        }
        return text + "</table>"
    }

    private static func facts(_ report: Report) -> String {
        let rows = report.facts.map {
            "<tr><td>\(HTMLText.escaped($0.name))<td>\(HTMLText.escaped($0.value))"
        }
        return "<table class=\"facts\">\(rows.joined())</table>"
    }

    private static func processes(_ report: Report) -> String {
        var text = "<table><tr><th>name<th>CPU s<th>% of a core<th>first MB<th>last MB<th>most MB"
        for process in report.processes {
            text += "<tr><td>\(HTMLText.escaped(process.name))"
            for value in [
                process.cpuSeconds, process.cpuPercent, process.firstMegabytes,
                process.lastMegabytes, process.highestMegabytes,
            ] {
                text += "<td>\(Figures.short(value))"
            }
        }
        return text + "</table>"
    }

    private static func faults(_ report: Report) -> String {
        let counts = report.faults.sorted { $0.value > $1.value }
            .map { "<tr><td>\(HTMLText.escaped($0.key))<td>\($0.value)" }
        let examples = report.faultExamples.map { "<li>\(HTMLText.escaped($0))</li>" }
        return "<table>\(counts.joined())</table><ul>\(examples.joined())</ul>"
    }

    private static let style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--soft:#626c78;--paper:#f6f7f9;--card:#fff;\
        --line:#dfe3e8;--good:#147a4b;--bad:#b3261e;--c0:#2563c9;--c1:#d97706;--c2:#0f8a6a;\
        --c3:#b4358a;--c4:#6d5bd0;--c5:#7a7f87}
        @media(prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#98a2b0;--paper:#101317;\
        --card:#181c22;--line:#2b313a;--good:#53c48b;--bad:#ff8a80;--c0:#6ea3ff;--c1:#f2a94e;\
        --c2:#4cc9a4;--c3:#ef7fc5;--c4:#a79bff;--c5:#a0a7b1}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);\
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
        main{max-width:1180px;margin:0 auto;padding:32px 20px 60px}
        h1{margin:0;font-size:28px;letter-spacing:-.01em}
        h2{font-size:17px;margin:0 0 10px}
        header p{color:var(--soft);margin:2px 0 0}
        header .kept,.broken{display:inline-block;margin:14px 0 0;padding:6px 14px;\
        border-radius:8px;border:1px solid;font-weight:600}
        header .kept{color:var(--good)}.broken{color:var(--bad);list-style:none}
        section{margin-top:26px}
        .tiles{display:grid;gap:12px;grid-template-columns:repeat(auto-fit,minmax(150px,1fr))}
        .tiles div,figure,table{background:var(--card);border:1px solid var(--line);\
        border-radius:12px}
        .tiles div{padding:14px 16px}
        .tiles b{display:block;font-size:23px;font-variant-numeric:tabular-nums}
        .tiles span{color:var(--soft);font-size:13px}
        .plots{display:grid;gap:14px;\
        grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr))}
        figure{margin:0;padding:14px 14px 8px}
        figcaption{font-weight:600;margin-bottom:6px}
        small{color:var(--soft);font-weight:400}
        svg{width:100%;height:auto;display:block}
        svg text{fill:var(--soft);font-size:11px}
        .y{text-anchor:end;dominant-baseline:middle}.x{text-anchor:middle}
        .grid{stroke:var(--line)}
        polyline{fill:none;stroke-width:1.8;stroke-linejoin:round}
        .c0{stroke:var(--c0)}.c1{stroke:var(--c1)}.c2{stroke:var(--c2)}.c3{stroke:var(--c3)}\
        .c4{stroke:var(--c4)}.c5{stroke:var(--c5)}
        .legend{margin:4px 0;font-size:13px;color:var(--soft);display:flex;\
        flex-wrap:wrap;gap:4px 16px}
        .legend span::before{content:"";display:inline-block;width:14px;height:3px;\
        border-radius:2px;margin-right:6px;vertical-align:middle;background:currentColor}
        .k0::before{color:var(--c0)}.k1::before{color:var(--c1)}.k2::before{color:var(--c2)}\
        .k3::before{color:var(--c3)}.k4::before{color:var(--c4)}.k5::before{color:var(--c5)}
        .two{display:grid;gap:14px;\
        grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr))}
        table{width:100%;border-collapse:separate;border-spacing:0;padding:6px 4px;font-size:14px;\
        font-variant-numeric:tabular-nums}
        th{color:var(--soft);font-weight:500}
        th,td{text-align:right;padding:4px 12px}
        th:first-child,td:first-child,.facts td{text-align:left}
        """
}

/// Writes metrics in Prometheus' text format, version 0.0.4.
///
/// All values of one name are written together, under one `# HELP` and `# TYPE`.
package struct PrometheusText: Sendable {
    package typealias Labels = [(name: String, value: String)]

    package private(set) var text = ""

    package init() {}

    package mutating func counter(_ name: String, help: String, _ rows: [(Labels, UInt64)]) {
        head(name, help: help, type: "counter")
        for (labels, value) in rows { row(name, labels, "\(value)") }
    }

    package mutating func gauge(_ name: String, help: String, _ rows: [(Labels, Int64)]) {
        head(name, help: help, type: "gauge")
        for (labels, value) in rows { row(name, labels, "\(value)") }
    }

    package mutating func histogram(
        _ name: String,
        help: String,
        _ rows: [(Labels, LatencyHistogram)]
    ) {
        head(name, help: help, type: "histogram")
        for (labels, histogram) in rows {
            let (bounds, total) = histogram.cumulative
            for bound in bounds {
                row(name + "_bucket", labels + [("le", "\(bound.seconds)")], "\(bound.count)")
            }
            row(name + "_bucket", labels + [("le", "+Inf")], "\(total)")
            row(name + "_sum", labels, "\(histogram.sumSeconds)")
            row(name + "_count", labels, "\(total)")
        }
    }

    private mutating func head(_ name: String, help: String, type: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private mutating func row(_ name: String, _ labels: Labels, _ value: String) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
            text += "{" + pairs.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing(
            "\n",
            with: "\\n"
        )
    }
}

import Foundation

/// A line plot as SVG, drawn with the page's colours.
struct Plot {
    struct Line {
        var name: String
        var points: [(x: Double, y: Double)]
    }

    /// How the horizontal axis is marked.
    enum Axis {
        case seconds
        /// Percentiles, stretched towards 100 so that the tail can be seen.
        case percentile
    }

    var title: String
    var unit: String
    var lines: [Line]
    var axis = Axis.seconds

    private static let width = 560.0
    private static let height = 220.0
    private static let left = 52.0
    private static let right = 12.0
    private static let top = 12.0
    private static let bottom = 26.0

    var svg: String {
        let drawn = lines.filter { !$0.points.isEmpty }
        guard !drawn.isEmpty else { return "" }
        let points = drawn.flatMap(\.points)
        let highest = Self.roundUp(points.map(\.y).max() ?? 1)
        let xs = points.map { place($0.x) }
        let low = xs.min() ?? 0
        let high = max(xs.max() ?? 1, low + 0.001)
        func x(_ value: Double) -> Double {
            Self.left + (place(value) - low) / (high - low) * (Self.width - Self.left - Self.right)
        }
        func y(_ value: Double) -> Double {
            Self.height - Self.bottom
                - value / highest * (Self.height - Self.top - Self.bottom)
        }
        var text =
            "<figure><figcaption>\(HTMLText.escaped(title)) <small>\(unit)</small></figcaption>"
        text += "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" "
        text += "aria-label=\"\(HTMLText.escaped(title))\">"
        for step in 0...4 {
            let value = highest * Double(step) / 4
            let line = Self.text(y(value))
            text += "<line class=\"grid\" x1=\"\(Int(Self.left))\" y1=\"\(line)\" "
            text += "x2=\"\(Int(Self.width - Self.right))\" y2=\"\(line)\"/>"
            text += "<text x=\"\(Int(Self.left - 6))\" y=\"\(line)\" class=\"y\">"
            text += "\(Figures.scaled(value))</text>"
        }
        for (value, label) in marks(points.map(\.x)) {
            text += "<text x=\"\(Self.text(x(value)))\" y=\"\(Int(Self.height - 8))\" class=\"x\">"
            text += "\(label)</text>"
        }
        for (index, line) in drawn.enumerated() {
            let path = line.points.map { "\(Self.text(x($0.x))),\(Self.text(y($0.y)))" }
            text += "<polyline class=\"c\(index % 6)\" points=\"\(path.joined(separator: " "))\"/>"
        }
        text += "</svg>" + legend(drawn)
        return text + "</figure>\n"
    }

    private func legend(_ lines: [Line]) -> String {
        guard lines.count > 1 else { return "" }
        let entries = lines.enumerated().map { index, line in
            "<span class=\"k\(index % 6)\">\(HTMLText.escaped(line.name))</span>"
        }
        return "<p class=\"legend\">\(entries.joined())</p>"
    }

    private func place(_ value: Double) -> Double {
        switch axis {
        case .seconds: value
        case .percentile: -log10(max(100 - value, 0.0005) / 100)
        }
    }

    private func marks(_ xs: [Double]) -> [(Double, String)] {
        let low = xs.min() ?? 0
        let high = xs.max() ?? 1
        switch axis {
        case .percentile:
            return [(0, "0"), (50, "50"), (90, "90"), (99, "99"), (99.9, "99.9"), (99.99, "99.99")]
                .filter { $0.0 <= high }
        case .seconds:
            return (0...5).map { step in
                let value = low + (high - low) * Double(step) / 5
                return (value, Figures.short(value.rounded()) + " s")
            }
        }
    }

    private static func text(_ value: Double) -> String { String(format: "%.1f", value) }

    /// The next of 1, 2, 4, 5, 8 times a power of ten, so that its quarters are short.
    static func roundUp(_ value: Double) -> Double {
        guard value > 0 else { return 1 }
        let scale = pow(10, floor(log10(value)))
        for step in [1.0, 2, 4, 5, 8, 10] where value <= step * scale * 1.0001 {
            return step * scale
        }
        return 10 * scale
    }
}

enum HTMLText {
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}

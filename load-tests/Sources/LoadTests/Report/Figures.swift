import Foundation

/// Numbers as people read them.
enum Figures {
    /// Three figures that matter.
    static func short(_ value: Double) -> String {
        let size = abs(value)
        if size >= 100 || value == value.rounded() { return String(format: "%.0f", value) }
        if size >= 10 { return String(format: "%.1f", value) }
        if size >= 1 { return String(format: "%.2f", value) }
        return String(format: "%.3f", value)
    }

    /// With thousands, millions and so on as letters.
    static func scaled(_ value: Double) -> String {
        for (factor, letter) in [(1e9, " G"), (1e6, " M"), (1e4, " k")] where abs(value) >= factor {
            return short(value / (letter == " k" ? 1e3 : factor)) + letter
        }
        return short(value)
    }

    static func padded(_ text: String, _ width: Int) -> String {
        text.count >= width ? text : String(repeating: " ", count: width - text.count) + text
    }
}

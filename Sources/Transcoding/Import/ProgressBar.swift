import Foundation

/// A line that shows how far an import is: redrawn in place on a terminal, else a line each 10 %.
///
/// `importing talk.mkv  [█████·····]  52 %  34 MB/s  3 s left`
///
/// Pure: it makes the text, the caller writes it.
package struct ProgressBar {
    private let label: String
    private let isTerminal: Bool
    private let start: Duration
    private var lastDrawn: Duration?
    private var lastTenth = 0
    private var lastWidth = 0

    private static let cells = 10
    private static let redrawInterval = Duration.milliseconds(100)

    /// - Parameters:
    ///   - label: what stands in front: `importing talk.mkv`.
    ///   - isTerminal: whether the output can be redrawn.
    ///   - now: time since any fixed moment, here and in `update`.
    package init(label: String, isTerminal: Bool, now: Duration) {
        self.label = label
        self.isTerminal = isTerminal
        start = now
    }

    /// The text to write now; nil where nothing is due.
    package mutating func update(_ progress: ImportProgress, now: Duration) -> String? {
        let isDone = progress.fraction >= 1
        guard isTerminal else {
            let tenth = Int(progress.fraction * 10)
            guard tenth > lastTenth else { return nil }
            lastTenth = tenth
            return line(progress, now: now) + "\n"
        }
        if let lastDrawn, now - lastDrawn < Self.redrawInterval, !isDone { return nil }
        lastDrawn = now
        let line = line(progress, now: now)
        // Spaces wipe what a longer line left behind.
        let rest = String(repeating: " ", count: max(0, lastWidth - line.count))
        lastWidth = line.count
        return "\r" + line + rest
    }

    /// Ends the line: what follows begins on a fresh one.
    package mutating func end() -> String {
        defer { lastWidth = 0 }
        return isTerminal && lastWidth > 0 ? "\n" : ""
    }

    private func line(_ progress: ImportProgress, now: Duration) -> String {
        let full = Int(progress.fraction * Double(Self.cells))
        let bar =
            String(repeating: "█", count: full) + String(repeating: "·", count: Self.cells - full)
        let percent = String(format: "%3d %%", Int(progress.fraction * 100))
        var line = "\(label)  [\(bar)]  \(percent)"
        let elapsed = (now - start) / .seconds(1)
        guard elapsed > 0, progress.bytesRead > 0 else { return line }
        let rate = Double(progress.bytesRead) / elapsed
        line += "  " + Self.text(rate: rate)
        if progress.bytesRead < progress.sizeBytes {
            let left = Double(progress.sizeBytes - progress.bytesRead) / rate
            line += "  " + Self.text(secondsLeft: left) + " left"
        }
        return line
    }

    private static func text(rate: Double) -> String {
        rate >= 1e6
            ? String(format: "%.0f MB/s", rate / 1e6) : String(format: "%.0f kB/s", rate / 1e3)
    }

    private static func text(secondsLeft: Double) -> String {
        let seconds = Int(min(secondsLeft, 360_000).rounded(.up))
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3_600: "\(seconds / 60) min \(seconds % 60) s"
        default: "\(seconds / 3_600) h \(seconds % 3_600 / 60) min"
        }
    }
}

import Foundation
package import Logging
import Synchronization

/// How log lines look.
package enum LogFormat: String, Sendable, CaseIterable {
    /// One JSON object a line, for machines.
    case json
    /// `12:00:00 info message key=value`, for people.
    case text
}

extension LogFormat {
    private static let timestamp = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// A line of the log, without its line feed, as of now.
    func line(
        level: Logger.Level,
        label: String,
        message: String,
        pairs: [(String, String)]
    ) -> String {
        let now = Date().formatted(Self.timestamp)
        switch self {
        case .json:
            var line = "{\"time\":\"\(now)\",\"level\":\"\(level)\",\"logger\":"
            line += JSONText.quoted(label) + ",\"message\":" + JSONText.quoted(message)
            for (key, value) in pairs {
                line += "," + JSONText.quoted(key) + ":" + JSONText.quoted(value)
            }
            return line + "}"
        case .text:
            let tail = pairs.map { " \($0.0)=\($0.1)" }.joined()
            return "\(now) \(level) " + Self.onOneLine(message + tail)
        }
    }

    /// A text without control characters, so that nothing a file says can forge a line or move a
    /// terminal's cursor.
    private static func onOneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            return text
        }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if scalar.properties.generalCategory == .control {
                result += scalar.escaped(asASCII: true)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }
}

/// Makes one line of each record.
package struct StructuredLogHandler: LogHandler {
    package var logLevel: Logger.Level {
        get { ownLevel ?? threshold.level }
        set { ownLevel = newValue }
    }

    package var metadata: Logger.Metadata = [:]
    private let threshold: LogThreshold
    /// Set where one logger was made more or less talkative than the rest.
    private var ownLevel: Logger.Level?
    private let label: String
    private let format: LogFormat
    private let sink: @Sendable (String) -> Void

    /// - Parameters:
    ///   - label: names the part of the program that speaks.
    ///   - threshold: shared by all loggers that follow one configuration, and may change.
    ///   - format: for people or for machines.
    ///   - sink: takes each line without its line feed; from any thread.
    package init(
        label: String,
        threshold: LogThreshold,
        format: LogFormat,
        sink: @escaping @Sendable (String) -> Void
    ) {
        self.label = label
        self.threshold = threshold
        self.format = format
        self.sink = sink
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        let pairs = fields.map { ($0.key, "\($0.value)") }.sorted { $0.0 < $1.0 }
        sink(
            format.line(
                level: event.level,
                label: label,
                message: "\(event.message)",
                pairs: pairs
            )
        )
    }
}

/// The level that records need at least, which a reread configuration may change at any time.
package final class LogThreshold: Sendable {
    private let current: Mutex<Logger.Level>

    package init(_ level: Logger.Level) {
        current = Mutex(level)
    }

    package var level: Logger.Level {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }
}

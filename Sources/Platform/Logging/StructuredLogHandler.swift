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

/// Writes each record as one line to standard error, in one write.
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
        sink: @escaping @Sendable (String) -> Void = StructuredLogHandler.standardError
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
        let now = Date().formatted(Self.timestamp)
        switch format {
        case .json:
            var line = "{\"time\":\"\(now)\",\"level\":\"\(event.level)\",\"logger\":"
            line += JSONText.quoted(label) + ",\"message\":" + JSONText.quoted("\(event.message)")
            for (key, value) in pairs {
                line += "," + JSONText.quoted(key) + ":" + JSONText.quoted(value)
            }
            sink(line + "}")
        case .text:
            let tail = pairs.map { " \($0.0)=\($0.1)" }.joined()
            sink("\(now) \(event.level) " + Self.onOneLine("\(event.message)\(tail)"))
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

    private static let timestamp = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    package static func standardError(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
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

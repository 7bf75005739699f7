import Logging
import Platform
import Synchronization
import Testing

struct LoggingTests {
    private final class Lines: Sendable {
        let lines = Mutex<[String]>([])
    }

    @Test func aJSONLineEscapesWhatItCarries() throws {
        let lines = Lines()
        let logger = Logger(label: "origin") { label in
            StructuredLogHandler(label: label, threshold: LogThreshold(.info), format: .json) {
                line in
                lines.lines.withLock { $0.append(line) }
            }
        }
        logger.info("a \"quoted\"\nmessage", metadata: ["video": "talk\u{1}"])
        let line = try #require(lines.lines.withLock { $0.first })
        #expect(line.contains(#""message":"a \"quoted\"\nmessage""#))
        #expect(line.contains(#""video":"talk\u0001""#))
        #expect(line.contains(#""level":"info""#))
    }

    @Test func recordsBelowTheThresholdAreNotWrittenUntilItChanges() {
        let lines = Lines()
        let threshold = LogThreshold(.warning)
        let logger = Logger(label: "origin") { label in
            StructuredLogHandler(label: label, threshold: threshold, format: .text) { line in
                lines.lines.withLock { $0.append(line) }
            }
        }
        logger.info("quiet")
        #expect(lines.lines.withLock { $0.isEmpty })
        threshold.level = .info
        logger.info("heard")
        #expect(lines.lines.withLock { $0.count } == 1)
    }
}

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
            StructuredLogHandler(label: label, level: .info, format: .json) { line in
                lines.lines.withLock { $0.append(line) }
            }
        }
        logger.info("a \"quoted\"\nmessage", metadata: ["video": "talk\u{1}"])
        let line = try #require(lines.lines.withLock { $0.first })
        #expect(line.contains(#""message":"a \"quoted\"\nmessage""#))
        #expect(line.contains(#""video":"talk\u0001""#))
        #expect(line.contains(#""level":"info""#))
    }

    @Test func recordsBelowTheLevelAreNotWritten() {
        let lines = Lines()
        let logger = Logger(label: "origin") { label in
            StructuredLogHandler(label: label, level: .warning, format: .text) { line in
                lines.lines.withLock { $0.append(line) }
            }
        }
        logger.info("quiet")
        #expect(lines.lines.withLock { $0.isEmpty })
    }
}

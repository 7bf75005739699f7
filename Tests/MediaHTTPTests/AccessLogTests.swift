import Foundation
import MediaHTTP
import NIOCore
import Synchronization
import TestSupport
import Testing

/// The structured log of requests.
@Suite(.timeLimit(.minutes(1)))
struct AccessLogTests {
    private static func record(_ id: UInt64, status: Int = 200) -> RequestRecord {
        RequestRecord(
            requestID: RequestID(value: id),
            peerAddress: "192.0.2.1:5000",
            method: "GET",
            path: "/a\"b\\",
            kind: .mediaPlaylist,
            status: status,
            bytesSent: 1234,
            firstByteTime: .microseconds(56),
            totalTime: .milliseconds(2),
            wasAborted: status == 200
        )
    }

    /// The lines that a log writes when it is stopped.
    private static func lines(_ log: AccessLog) async throws -> [[String: Any]] {
        let text = Mutex("")
        let task = Task {
            await log.run(writing: { buffer in text.withLock { $0 += String(buffer: buffer) } })
        }
        task.cancel()
        await task.value
        return try text.withLock { $0 }.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return try #require(object as? [String: Any])
        }
    }

    private static func log(_ change: (inout AccessLog.Configuration) -> Void) -> AccessLog {
        var configuration = AccessLog.Configuration()
        change(&configuration)
        return AccessLog(configuration: configuration, wallClock: { 784_111_777 })
    }

    @Test func aLineTellsAllOfARequest() async throws {
        let log = Self.log { $0.sampleRate = 1 }
        log.finished(Self.record(0xFF))
        let lines = try await Self.lines(log)
        #expect(lines.count == 1)
        #expect(lines[0]["time"] as? Int == 784_111_777)
        #expect(lines[0]["request_id"] as? String == "00000000000000ff")
        #expect(lines[0]["peer"] as? String == "192.0.2.1:5000")
        #expect(lines[0]["path"] as? String == "/a\"b\\")
        #expect(lines[0]["kind"] as? String == "media_playlist")
        #expect(lines[0]["status"] as? Int == 200)
        #expect(lines[0]["bytes"] as? Int == 1234)
        #expect(lines[0]["first_byte_us"] as? Int == 56)
        #expect(lines[0]["total_us"] as? Int == 2000)
        #expect(lines[0]["aborted"] as? Bool == true)
    }

    @Test func aSampleIsTakenByTheRequestsName() async throws {
        var random = SplitMix(state: 3)
        let values = (0..<10_000).map { _ in random.next() }
        let first = Self.log { $0.sampleRate = 0.1 }
        let second = Self.log { $0.sampleRate = 0.1 }
        for value in values {
            first.finished(Self.record(value))
            second.finished(Self.record(value))
        }
        let names = try await Self.lines(first).map { $0["request_id"] as? String }
        #expect((800...1200).contains(names.count))
        #expect(try await Self.lines(second).map { $0["request_id"] as? String } == names)
        let none = Self.log { $0.sampleRate = 0 }
        for value in values { none.finished(Self.record(value)) }
        #expect(try await Self.lines(none).isEmpty)
    }

    @Test func errorsAreAlwaysLoggedWithinTheirRate() async throws {
        let log = Self.log {
            $0.sampleRate = 0
            $0.errorsPerSecond = 5
        }
        for value in 0..<20 { log.finished(Self.record(UInt64(value), status: 503)) }
        let lines = try await Self.lines(log)
        #expect(lines.count == 6)
        #expect(lines.last?["dropped_records"] as? Int == 15)
    }

    @Test func aFullQueueDropsAndSaysSo() async throws {
        let log = Self.log {
            $0.sampleRate = 1
            $0.queueCount = 3
        }
        for value in 0..<10 { log.finished(Self.record(UInt64(value))) }
        let lines = try await Self.lines(log)
        #expect(lines.count == 4)
        #expect(lines.last?["dropped_records"] as? Int == 7)
        log.finished(Self.record(1))
        #expect(try await Self.lines(log).count == 1)
    }

    @Test func batchesAreWrittenWhileItRuns() async throws {
        let log = Self.log { $0.sampleRate = 1 }
        let written = Signal()
        let send = written.send
        let task = Task {
            await log.run(writing: { _ in send() }, sleep: { _ in await Task.yield() })
        }
        log.finished(Self.record(1))
        await written.wait()
        log.finished(Self.record(2))
        await written.wait()
        task.cancel()
        await task.value
    }
}

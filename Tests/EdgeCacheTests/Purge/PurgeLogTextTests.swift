import EdgeCache
import TestSupport
import Testing

/// The purge log across a restart, its file and the clocks.
struct PurgeLogTextTests {
    private func isDead(_ log: PurgeLog, bornAt: Int64, tags: [String] = []) -> Bool {
        log.isDead(.sample(bornAt: bornAt, tags: tags), for: CacheKey("/a b"))
    }

    private func text(_ body: String) -> [UInt8] { Array(body.utf8) }

    @Test func isTheSameAfterARestart() throws {
        let log = PurgeLog()
        log.record(.everything, at: 1000)
        log.record(.tag("video: 1"), at: 4000)
        log.record(.address("/a b"), at: 3000)
        log.record(.prefix("/a"), at: 2000)
        let saved = log.serialized(now: 5000, wallMilliseconds: 1_700_000_005_000)
        let expected = """
            millrace purges 1
            everything 1700000001000
            prefix 1700000002000 /a
            address 1700000003000 /a b
            tag 1700000004000 video: 1
            end 4

            """
        #expect(String(decoding: saved, as: UTF8.self) == expected)
        // Another process, 10 s later, whose monotonic clock began anew.
        let read = try PurgeLog(serialized: saved, now: 100, wallMilliseconds: 1_700_000_015_000)
        #expect(isDead(read, bornAt: 100 - 12_000))
        #expect(!isDead(read, bornAt: 100 - 11_999))
        #expect(isDead(read, bornAt: 100 - 11_000, tags: ["video: 1"]))
        #expect(!isDead(read, bornAt: 100 - 10_999, tags: ["video: 1"]))
        let again = read.serialized(now: 100, wallMilliseconds: 1_700_000_015_000)
        #expect(again == saved)
    }

    @Test func aWallClockThatWasSetBackPurgesUpToNow() throws {
        let saved = text("millrace purges 1\ntag 2000000000000 t\nend 1\n")
        let log = try PurgeLog(serialized: saved, now: 500, wallMilliseconds: 1_700_000_000_000)
        #expect(isDead(log, bornAt: 500, tags: ["t"]))
        #expect(!isDead(log, bornAt: 501, tags: ["t"]))
    }

    @Test func anEmptyLogIsEmptyAgain() throws {
        let saved = PurgeLog().serialized(now: 5, wallMilliseconds: 1000)
        let log = try PurgeLog(serialized: saved, now: 6, wallMilliseconds: 1001)
        #expect(!isDead(log, bornAt: -1 << 60))
    }

    @Test func theLargestLogIsReadBack() throws {
        let log = PurgeLog()
        for number in 0..<30_000 { log.record(.tag("\(number)"), at: Int64(number)) }
        let saved = log.serialized(now: 30_000, wallMilliseconds: 1_700_000_000_000)
        let read = try PurgeLog(
            serialized: saved,
            now: 30_000,
            wallMilliseconds: 1_700_000_000_000
        )
        #expect(read.count == log.count)
    }

    @Test(arguments: [
        ("", 1),
        ("something else\nend 0\n", 1),
        ("millrace purges 1\n", 2),
        ("millrace purges 1\ntag 5 a\n", 3),
        ("millrace purges 1\ntag 5 a\nend 2\n", 3),
        ("millrace purges 1\nend 0\ntag 5 a\n", 2),
        ("millrace purges 1\ntag five a\nend 1\n", 2),
        ("millrace purges 1\ntag 5\nend 1\n", 2),
        ("millrace purges 1\nrag 5 a\nend 1\n", 2),
        ("millrace purges 1\neverything 5 a\nend 1\n", 2),
        ("millrace purges 1\ntag -9223372036854775808 a\nend 1\n", 2),
    ])
    func aFileThatIsNotWholeIsRefused(body: String, line: Int) {
        #expect(throws: PurgeLogError.malformed(line: line)) {
            try PurgeLog(serialized: text(body), now: 0, wallMilliseconds: 1000)
        }
    }

    @Test func noDamageTrapsOrIsTakenForAnEmptyLog() {
        let log = PurgeLog()
        for number in 0..<20 { log.record(.tag("tag\(number)"), at: 1000) }
        let saved = log.serialized(now: 1000, wallMilliseconds: 1_700_000_000_000)
        var random = SplitMix(state: 3)
        for _ in 0..<3000 {
            var damaged = saved
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = damaged.indices.randomElement(using: &random) ?? 0
                damaged[index] = UInt8.random(in: 0...255, using: &random)
            }
            let read = try? PurgeLog(serialized: damaged, now: 0, wallMilliseconds: 1000)
            if let read { #expect(read.count > 0) }
        }
    }
}

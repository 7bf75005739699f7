import Foundation
import Histogram
import LoadTests
import Testing

/// What a crowd is made of, and what is told of it.
struct CrowdModelTests {
    @Test func zipfGivesEachRankItsShare() {
        let zipf = Zipf(count: 50, exponent: 0.8)
        var random = SplitMix(seed: 7)
        var counts = Array(repeating: 0, count: 50)
        for _ in 0..<200_000 { counts[zipf.next(&random)] += 1 }
        for rank in [0, 1, 9, 49] {
            let share = Double(counts[rank]) / 200_000
            #expect(abs(share / zipf.share(rank) - 1) < 0.06, "rank \(rank)")
        }
        #expect(abs(zipf.share(0) / zipf.share(9) - pow(10, 0.8)) < 0.001)
        #expect(abs((0..<50).reduce(0) { $0 + zipf.share($1) } - 1) < 1e-9)
    }

    @Test func cmcdIsSortedAndEscaped() {
        var facts = CMCD()
        facts.contentID = "/v/1"
        facts.sessionID = "ab"
        facts.bitrateKbps = 900
        facts.bufferMilliseconds = 1234
        facts.isStartup = true
        let query =
            "bl%3D1200%2Cbr%3D900%2Ccid%3D%22/v/1%22%2Cot%3Dv%2Csf%3Dh%2Csid%3D%22ab%22"
            + "%2Cst%3Dv%2Csu"
        #expect(facts.query == query)
        let lines =
            "CMCD-Object: br=900,ot=v\r\nCMCD-Request: bl=1200,su\r\n"
            + "CMCD-Session: cid=\"/v/1\",sf=h,sid=\"ab\",st=v\r\n"
        #expect(facts.headerLines == lines)
    }

    private static func result(_ change: (inout LoopTally) -> Void) throws -> CrowdResult {
        let target = try LoopbackTarget("http://127.0.0.1:1")
        var tally = LoopTally()
        tally.requests = 1
        change(&tally)
        let samples = (1...20).map { second in
            var sample = Sample(seconds: Double(second), viewers: 3)
            sample.requestsPerSecond = 10
            sample.p99 = 3
            sample.processes = ["edge": .init(cpuPercent: 50, residentMegabytes: 100)]
            return sample
        }
        return CrowdResult(
            options: CrowdOptions(scenario: .vodCrowd, target: target),
            seconds: 20,
            resources: 5,
            tally: tally,
            samples: samples,
            processes: []
        )
    }

    @Test func aHistogramIsToldInMilliseconds() throws {
        let result = try Self.result { tally in
            for value in 1...1000 { tally.headline.record(UInt64(value) * 1000) }
        }
        let summary = LatencySummary(result.tally.headline)
        #expect(summary.count == 1000)
        #expect(abs(summary.p50 / 500 - 1) < 0.02)
        #expect(abs(summary.p99 / 990 - 1) < 0.02)
        #expect(abs(summary.maximum / 1000 - 1) < 0.02)
        #expect(
            summary.distribution.map(\.milliseconds)
                == summary.distribution.map(\.milliseconds).sorted()
        )
    }

    @Test func brokenThresholdsAreNamed() throws {
        var thresholds = Thresholds()
        let fine = try Self.result { $0.headline.record(1000) }
        #expect(thresholds.broken(by: fine).isEmpty)
        thresholds.p99Milliseconds = 0.5
        #expect(thresholds.broken(by: fine).map { $0.prefix(3) } == ["p99"])
        thresholds.p99Milliseconds = nil
        thresholds.errors = nil
        let wrong = try Self.result { $0.count(.wrongBody, at: "/x") }
        #expect(thresholds.broken(by: wrong) == ["wrong bodies is 1, allowed 0"])
        thresholds.upstreamRequests = 10
        #expect(thresholds.broken(by: fine).count == 1)
        var counted = fine
        counted.upstream = UpstreamCounts(requests: 11, distinct: 3, most: 9, mostAddress: "/a")
        #expect(thresholds.broken(by: counted) == ["upstream requests is 11, allowed 10"])
    }

    @Test func theReportsHoldTheRunAndNothingFromElsewhere() throws {
        let result = try Self.result { tally in
            tally.headline.record(1000)
            tally.count(.status(404), at: "/videos/<a>")
        }
        let report = Report(result, thresholds: Thresholds())
        let read = try JSONDecoder().decode(Report.self, from: report.json())
        #expect(read.samples.count == 20)
        #expect(read.faults == ["status 404": 1])
        #expect(read.broken == ["errors is 1, allowed 0"])
        let page = HTMLReport.text(report)
        #expect(page.contains("<polyline"))
        #expect(page.contains("prefers-color-scheme"))
        #expect(page.contains("&lt;a&gt;"))
        for foreign in ["<script", "src=", "href=", "url(", "@import"] {
            #expect(!page.contains(foreign), "\(foreign)")
        }
        #expect(FinalTable.text(report).contains("BROKEN: errors is 1"))
    }

    @Test(arguments: [(0, 10.0), (50_001, 10), (10, 0), (10, 90_000)])
    func aCrowdIsBounded(viewers: Int, seconds: Double) throws {
        var options = CrowdOptions(
            scenario: .liveCrowd,
            target: try LoopbackTarget("http://127.0.0.1:1")
        )
        options.viewers = viewers
        options.durationSeconds = seconds
        options.rampSeconds = 0
        #expect(throws: CrowdError.self) { try options.validate() }
    }
}

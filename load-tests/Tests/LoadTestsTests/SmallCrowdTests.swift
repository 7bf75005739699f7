import Histogram
import LoadTests
import Testing

/// Whole crowds against the stand-in origin, both in this process.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct SmallCrowdTests {
    private static func standIn(_ speed: Double = 10) async throws -> StandInOrigin {
        var options = StandInOptions()
        options.speed = speed
        return try await StandInOrigin(options, epochMilliseconds: 1_800_000_000_000)
    }

    private static func options(
        _ scenario: Scenario,
        _ origin: StandInOrigin
    ) throws -> CrowdOptions {
        let target = try LoopbackTarget("http://127.0.0.1:\(origin.port)")
        var options = CrowdOptions(scenario: scenario, target: target)
        options.viewers = 50
        options.rampSeconds = 0.5
        options.durationSeconds = 3
        options.players.speed = 10
        options.players.apiThinkSeconds = 1
        options.videos = origin.videoIDs
        return options
    }

    @Test func aVODCrowdSeesTheRightBytes() async throws {
        let origin = try await Self.standIn()
        var options = try Self.options(.vodCrowd, origin)
        options.reference = options.target
        options.players.cmcd = .query
        let result = try await Crowd(options).run()
        try await origin.stop()
        let tally = result.tally
        #expect(tally.faults.isEmpty, "\(tally.examples)")
        #expect(tally.requests > 500)
        #expect(tally.verifiedBodies > 300)
        #expect(tally.referencedBodies > 50)
        #expect(tally.startup.totalCount >= 50)
        #expect(tally.playedSeconds > 500)
        #expect(tally.switches > 0)
        #expect(Thresholds().broken(by: result).isEmpty)
    }

    @Test(arguments: [false, true])
    func aLiveCrowdFollowsTheEdge(single: Bool) async throws {
        let origin = try await Self.standIn()
        var options = try Self.options(.liveCrowd, origin)
        options.players.meanSessionSeconds = nil
        options.players.isSingleConnection = single
        let result = try await Crowd(options).run()
        let counts = origin.counts(prefix: "/live/")
        try await origin.stop()
        let tally = result.tally
        #expect(tally.faults.isEmpty, "\(tally.examples)")
        #expect(tally.connections == (single ? 50 : 100))
        // Ten parts a second, less the time in which viewers come.
        #expect(tally.partLag.totalCount > 50 * 15)
        #expect(tally.playlistLag.totalCount > 50 * 15)
        #expect(counts.most >= 50)
        #expect(Double(counts.distinct) < Double(counts.requests) / 20)
    }

    @Test func aFlashCrowdWantsOneVideo() async throws {
        let origin = try await Self.standIn()
        let result = try await Crowd(try Self.options(.flashCrowd, origin)).run()
        let all = origin.counts(prefix: "/videos/")
        let first = origin.counts(prefix: "/videos/v1/")
        try await origin.stop()
        #expect(result.tally.faults.isEmpty, "\(result.tally.examples)")
        #expect(all == first)
    }

    @Test func browsersPageThroughTheCatalog() async throws {
        let origin = try await Self.standIn()
        let result = try await Crowd(try Self.options(.apiBrowse, origin)).run()
        try await origin.stop()
        #expect(result.tally.faults.isEmpty, "\(result.tally.examples)")
        #expect(result.tally.requests > 200)
        #expect(result.tally.bytes > 0)
    }

    @Test func oneWrongByteFails() async throws {
        let origin = try await Self.standIn()
        var options = try Self.options(.flashCrowd, origin)
        // Short sessions, so that later ones fetch the first segment again.
        options.players.meanSessionSeconds = 5
        let crowd = try Crowd(options)
        var thresholds = Thresholds()
        thresholds.errors = nil
        // After a second each address has been seen.
        let result = try await crowd.run { _ in
            origin.set(StandInFault(kind: .flip, match: "s0.m4s", count: 1))
        }
        try await origin.stop()
        #expect(result.tally.wrongBodies >= 1)
        #expect(thresholds.broken(by: result).contains { $0.hasPrefix("wrong bodies") })
    }

    @Test(arguments: [
        (StandInFault(kind: .halfClose, match: ".m4s", count: 3), "truncated"),
        (StandInFault(kind: .reset, match: ".m4s", count: 3), "truncated"),
        (StandInFault(kind: .wrongLength, match: ".m4s", count: 3, value: 100), "truncated"),
        (StandInFault(kind: .status, match: ".m4s", count: 3, value: 500), "status 500"),
        (StandInFault(kind: .stall, match: ".m4s", count: 3), "timedOut"),
    ])
    func faultsAreSeenAndSurvived(fault: StandInFault, name: String) async throws {
        let origin = try await Self.standIn()
        origin.set(fault)
        var options = try Self.options(.vodCrowd, origin)
        options.viewers = 10
        options.durationSeconds = 2
        if fault.kind == .stall { options.requestSeconds = 0.5 }
        let result = try await Crowd(options).run()
        try await origin.stop()
        #expect(result.tally.faults == [name: 3], "\(result.tally.examples)")
        #expect(result.tally.failedSessions == 0)
        #expect(result.tally.requests > 50)
    }

    @Test func aCancelledCrowdStillReports() async throws {
        let origin = try await Self.standIn()
        var options = try Self.options(.vodCrowd, origin)
        options.durationSeconds = 600
        let crowd = try Crowd(options)
        let (seconds, continuation) = AsyncStream.makeStream(of: Sample.self)
        let running = Task { try await crowd.run { continuation.yield($0) } }
        for await _ in seconds { break }
        running.cancel()
        let result = try await running.value
        try await origin.stop()
        #expect(result.seconds < 60)
    }
}

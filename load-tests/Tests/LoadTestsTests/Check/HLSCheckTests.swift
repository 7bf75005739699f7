import LoadTests
import NIOCore
import Testing

/// The whole walk, before the stand-in's live stream, right and wrong.
struct HLSCheckTests {
    private static func standIn() async throws -> StandInOrigin {
        var options = StandInOptions()
        options.partSeconds = 0.25
        return try await StandInOrigin(options, epochMilliseconds: 1_800_000_000_000)
    }

    private static func findings(
        _ fault: StandInFault?,
        seconds: Double = 3
    ) async throws -> CheckFindings {
        let origin = try await standIn()
        if let fault { origin.set(fault) }
        let target = try CheckTarget("http://127.0.0.1:\(origin.port)/live/standin/master.m3u8")
        let findings = await HLSCheck(target, timeout: .seconds(5)).run(seconds: seconds)
        try await origin.stop()
        return findings
    }

    @Test func theStandInKeepsTheRules() async throws {
        let findings = try await Self.findings(nil, seconds: 6)
        let failed = CheckRule.allCases.filter { findings.verdict($0) == .fail }
        // It does not compress.
        #expect(failed == [.gzip], "\(findings.table)")
        let seen = CheckRule.allCases.filter { findings.verdict($0) == .pass }
        let expected: Set<CheckRule> = [
            .readable, .holdBack, .partHoldBack, .sequenceNumber, .segmentsUnchanged,
            .hintPresent, .hintBecomesPart, .hintServedWhole, .segmentIsItsParts,
            .droppedPartsKept, .heldUntilThere, .neverUnchanged, .partsInTime, .oldNumberAtOnce,
            .partWithoutNumber, .numberTooFar, .partTooFar, .malformedNumber, .unknownPart,
            .futureErrorsUncached, .playlistCache, .reloadCache, .mediaCache, .programDateTime,
        ]
        #expect(expected.subtracting(seen).isEmpty, "\(findings.table)")
    }

    @Test(
        arguments: [
            (StandInFault(kind: .status, match: "_HLS_msn=x", value: 200), .malformedNumber),
            (StandInFault(kind: .status, match: "?_HLS_part=0", value: 200), .partWithoutNumber),
            (
                StandInFault(kind: .status, match: "_HLS_part=0", count: 2, value: 404),
                .numberTooFar
            ),
            (StandInFault(kind: .status, match: "_HLS_part=1000", value: 200), .partTooFar),
            (StandInFault(kind: .status, match: "9999.m4s", value: 200), .unknownPart),
            (StandInFault(kind: .status, match: "_HLS_msn=", value: 503), .unavailableOnlyLate),
            (StandInFault(kind: .status, match: "_HLS_msn=", value: 500), .readable),
            (StandInFault(kind: .delay, match: "_HLS_msn=", value: 1500), .oldNumberAtOnce),
            (StandInFault(kind: .delay, match: "_HLS_part=2", value: 1500), .partsInTime),
            (StandInFault(kind: .flip, match: "video/p", count: 4), .hintServedWhole),
            (StandInFault(kind: .flip, match: "video/s"), .segmentIsItsParts),
        ] as [(StandInFault, CheckRule)]
    )
    func aFaultBreaksItsRule(fault: StandInFault, rule: CheckRule) async throws {
        let findings = try await Self.findings(fault, seconds: 4)
        #expect(findings.verdict(rule) == .fail, "\(findings.table)")
    }

    @Test func aServerThatIsNotThereIsAFailure() async throws {
        let origin = try await Self.standIn()
        let target = try CheckTarget("http://127.0.0.1:\(origin.port)/live/standin/master.m3u8")
        try await origin.stop()
        let findings = await HLSCheck(target).run(seconds: 1)
        #expect(findings.verdict(.readable) == .fail)
    }

    @Test(arguments: [
        ("http://example.org/live/a/master.m3u8", "example.org", 80, "/live/a/master.m3u8"),
        ("http://[::1]:8000/m?x=1", "::1", 8000, "/m?x=1"), ("http://a:1", "a", 1, "/"),
    ])
    func anyServerCanBeChecked(text: String, host: String, port: Int, path: String) throws {
        let target = try CheckTarget(text)
        #expect((target.host, target.port, target.path) == (host, port, path))
    }

    @Test(arguments: ["", "https://a/", "http://", "http://a:0/", "http://u@a/", "http://a:x/"])
    func otherAddressesAreMalformed(text: String) {
        #expect(throws: TargetError.malformed(text)) { try CheckTarget(text) }
    }
}

import Packaging
import Testing
import Transcoding

struct TrackClockTests {
    private static func video(
        base: (Int32, Int32),
        rate: (Int32, Int32),
        reorderDepth: Int = 0
    ) throws -> InputStream {
        var description = MediaDescription.Stream(index: 0, kind: .video, codec: "h264")
        description.frameRateNumerator = rate.0
        description.frameRateDenominator = rate.1
        let timeBase = try #require(TimeBase(numerator: base.0, denominator: base.1))
        return InputStream(
            description: description,
            timeBase: timeBase,
            reorderDepth: reorderDepth
        )
    }

    private static func audio(base: Int32, padding: Int = 0) throws -> InputStream {
        var description = MediaDescription.Stream(index: 1, kind: .audio, codec: "aac")
        description.sampleRate = 48_000
        let timeBase = try #require(TimeBase(numerator: 1, denominator: base))
        return InputStream(
            description: description,
            timeBase: timeBase,
            initialPadding: padding
        )
    }

    @Test func millisecondsOfAConstantRateBecomeExact() throws {
        var clock = TrackClock(
            stream: try Self.video(base: (1, 1_000), rate: (24_000, 1_001)),
            zero: .zero
        )
        #expect(clock.timescale == 24_000)
        let times = try (0..<100).map { frame in
            let rounded = Int64((Double(frame) * 1001 / 24).rounded())
            return try clock.map(
                pts: rounded,
                dts: rounded,
                duration: 41,
                samples: nil,
                shift: .zero
            )
        }
        #expect(times.map(\.dts) == (0..<100).map { Int64($0) * 1_001 })
    }

    @Test func aVariableRateKeepsItsTimes() throws {
        var clock = TrackClock(
            stream: try Self.video(base: (1, 1_000), rate: (25, 1)),
            zero: .zero
        )
        let source: [Int64] = [0, 40, 95, 120, 333]
        let times = try source.map {
            try clock.map(pts: $0, dts: $0, duration: 0, samples: nil, shift: .zero)
        }
        #expect(times.map { $0.pts * 1_000 / Int64(clock.timescale) } == source)
    }

    @Test func millisecondsOfAudioBecomeSamplesWithoutDrift() throws {
        var clock = TrackClock(stream: try Self.audio(base: 1_000), zero: .zero)
        let times = try (0..<1_000).map { frame in
            let rounded = Int64((Double(frame) * 1024 / 48).rounded())
            return try clock.map(
                pts: rounded,
                dts: rounded,
                duration: 21,
                samples: 1_024,
                shift: .zero
            )
        }
        #expect(times.map(\.pts) == (0..<1_000).map { Int64($0) * 1_024 })
    }

    @Test func aGapInTheAudioStays() throws {
        var clock = TrackClock(stream: try Self.audio(base: 1_000), zero: .zero)
        _ = try clock.map(pts: 0, dts: 0, duration: 21, samples: 1_024, shift: .zero)
        let late = try clock.map(pts: 500, dts: 500, duration: 21, samples: 1_024, shift: .zero)
        #expect(late.dts == 24_000)
    }

    @Test func preSkipIsExactWhereTheContainerRoundsIt() throws {
        var clock = TrackClock(stream: try Self.audio(base: 1_000, padding: 312), zero: .zero)
        let first = try clock.map(pts: -7, dts: -7, duration: 20, samples: 960, shift: .zero)
        #expect(first.pts == -312)
    }

    @Test func decodeTimesThatAreMissingAtTheStartAreFilledIn() throws {
        var clock = TrackClock(
            stream: try Self.video(base: (1, 1_000), rate: (25, 1), reorderDepth: 2),
            zero: .zero
        )
        let times = try [(0, nil), (80, nil), (40, 0), (160, 40)].map { (pair: (Int64, Int64?)) in
            try clock.map(pts: pair.0, dts: pair.1, duration: 40, samples: nil, shift: .zero)
        }
        #expect(times.map(\.dts) == [-800, -400, 0, 400])
        #expect(times.map(\.pts) == [0, 800, 400, 1_600])
    }

    @Test func presentationTimesAreTakenFromDecodeTimesWhereNothingIsReordered() throws {
        var clock = TrackClock(
            stream: try Self.video(base: (1, 25), rate: (25, 1)),
            zero: .zero
        )
        let time = try clock.map(pts: nil, dts: 3, duration: 1, samples: nil, shift: .zero)
        #expect(time.pts == time.dts)
    }

    @Test func presentationTimesThatNobodyKnowsAreRefused() throws {
        var clock = TrackClock(
            stream: try Self.video(base: (1, 25), rate: (25, 1), reorderDepth: 1),
            zero: .zero
        )
        #expect(throws: TranscodingError.timestampsMissing(codec: "H.264")) {
            try clock.map(pts: nil, dts: 3, duration: 1, samples: nil, shift: .zero)
        }
    }

    @Test func decodeTimesThatStandStillMoveOnByATick() throws {
        var clock = TrackClock(
            stream: try Self.video(base: (1, 90_000), rate: (25, 1)),
            zero: .zero
        )
        let times = try [0, 0, 3_600].map { (time: Int64) in
            try clock.map(pts: time, dts: time, duration: 3_600, samples: nil, shift: .zero)
        }
        #expect(times.map(\.dts) == [0, 1, 3_600])
    }

    @Test func decodeTimesThatRunFarBackAreRefused() throws {
        var clock = TrackClock(
            stream: try Self.video(base: (1, 90_000), rate: (25, 1)),
            zero: .zero
        )
        _ = try clock.map(pts: 900_000, dts: 900_000, duration: 0, samples: nil, shift: .zero)
        #expect(throws: TranscodingError.timestampsBroken(streamIndex: 0, seconds: 10)) {
            try clock.map(pts: 0, dts: 0, duration: 0, samples: nil, shift: .zero)
        }
    }

    @Test(arguments: [Int64.max, Int64.min + 1, 1 << 60])
    func aTimeThatCannotBeIsDamage(time: Int64) throws {
        var clock = TrackClock(
            stream: try Self.video(base: (1, 90_000), rate: (25, 1)),
            zero: .zero
        )
        #expect(throws: TranscodingError.damaged(detail: "the timestamp \(time) cannot be")) {
            try clock.map(pts: time, dts: time, duration: 0, samples: nil, shift: .zero)
        }
    }

    @Test func theSourcesZeroIsTakenAway() throws {
        let zero = MediaTime(18_000, timescale: 1)
        var clock = TrackClock(stream: try Self.audio(base: 90_000), zero: zero)
        let start: Int64 = 18_000 * 90_000
        let first = try clock.map(
            pts: start,
            dts: start,
            duration: 1_920,
            samples: 1_024,
            shift: .zero
        )
        #expect(first.pts == 0)
    }
}

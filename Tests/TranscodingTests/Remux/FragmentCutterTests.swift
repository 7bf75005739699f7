import Packaging
import Testing
import Transcoding

struct FragmentCutterTests {
    private static func time(_ milliseconds: Int64) -> MediaTime {
        MediaTime(milliseconds, timescale: 1_000)
    }

    /// Leads with key frames two seconds apart, and says where fragments began.
    private static func lead(_ cutter: inout FragmentCutter, upTo end: Int64) -> [Int64] {
        stride(from: 0, through: end, by: 500).filter { now in
            cutter.lead(shown: time(now), decoded: time(now), isKey: now % 2_000 == 0)
        }
    }

    @Test func theLeaderIsCutAtTheFirstKeyFrameAtOrAfterTheTarget() {
        var cutter = FragmentCutter(target: Self.time(3_000))
        #expect(Self.lead(&cutter, upTo: 12_000) == [4_000, 8_000, 12_000])
    }

    @Test func aKeyFrameExactlyAtTheTargetCounts() {
        var cutter = FragmentCutter(target: Self.time(2_000))
        #expect(Self.lead(&cutter, upTo: 4_000) == [2_000, 4_000])
    }

    @Test func aFollowerIsCutAtItsFirstSampleNotBeforeTheBoundary() {
        var cutter = FragmentCutter(target: Self.time(4_000))
        _ = Self.lead(&cutter, upTo: 8_500)
        let samples = stride(from: Int64(0), through: 8_400, by: 300)
        let cuts = samples.filter { cutter.follow(track: 1, shown: Self.time($0)) }
        #expect(cuts == [4_200, 8_100])
    }

    @Test func followersAreCutIndependently() {
        var cutter = FragmentCutter(target: Self.time(4_000))
        _ = Self.lead(&cutter, upTo: 4_500)
        let cuts = [(1, 4_000), (2, 4_000), (1, 4_300)].map { (track: Int, time: Int64) in
            cutter.follow(track: track, shown: Self.time(time))
        }
        #expect(cuts == [true, true, false])
    }

    @Test func severalBoundariesPassedAtOnceAreOneCut() {
        var cutter = FragmentCutter(target: Self.time(2_000))
        _ = Self.lead(&cutter, upTo: 8_000)
        let cuts = [7_000, 7_500].map { cutter.follow(track: 1, shown: Self.time($0)) }
        #expect(cuts == [true, false])
    }

    @Test func aFollowerWaitsUntilTheLeaderHasPassedIt() {
        var cutter = FragmentCutter(target: Self.time(4_000))
        #expect(!cutter.isSettled(Self.time(0)))
        _ = Self.lead(&cutter, upTo: 1_000)
        #expect(cutter.isSettled(Self.time(999)))
        #expect(!cutter.isSettled(Self.time(1_000)))
        cutter.endLeader()
        #expect(cutter.isSettled(Self.time(99_000)))
    }
}

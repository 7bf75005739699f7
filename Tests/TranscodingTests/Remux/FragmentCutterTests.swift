import Packaging
import Testing
import Transcoding

struct FragmentCutterTests {
    private static func time(_ milliseconds: Int64) -> MediaTime {
        MediaTime(milliseconds, timescale: 1_000)
    }

    private static func cutter(target: Int64) -> FragmentCutter {
        FragmentCutter(target: time(target), timescale: 1_000)
    }

    /// Leads with a sample each half second and a boundary each `gap` milliseconds, to the end.
    private static func lead(_ cutter: inout FragmentCutter, gap: Int64, end: Int64) -> [Int64] {
        let times = Array(stride(from: Int64(0), to: end, by: 500))
        for time in times {
            cutter.lead(shown: time, decoded: time, isBoundary: time % gap == 0)
        }
        cutter.endLeader(at: end)
        return times.indices.filter { cutter.beginsFragment(leaderSample: $0) }.map { times[$0] }
    }

    @Test(arguments: [
        // As segments are: the first boundary at or after the target,
        (2_000, 3_900, 20_000, [4_000, 8_000, 12_000, 16_000]),
        (2_000, 4_000, 20_000, [4_000, 8_000, 12_000, 16_000]),
        // or the one before, where that is nearer,
        (3_500, 4_000, 16_000, [3_500, 7_000, 10_500, 14_000]),
        // but never one at less than half the target.
        (1_500, 4_000, 9_500, [4_500, 9_000]),
        (10_000, 4_000, 25_000, [10_000, 20_000]),
        // The last boundary counts where the end would be too far away.
        (3_500, 4_000, 6_500, [3_500]),
    ])
    func theLeaderIsCutWhereSegmentsEnd(
        gap: Int64,
        target: Int64,
        end: Int64,
        expected: [Int64]
    ) {
        var cutter = Self.cutter(target: target)
        #expect(Self.lead(&cutter, gap: gap, end: end) == expected)
    }

    @Test func boundariesVeryNearToEachOtherAreOne() {
        var cutter = Self.cutter(target: 400)
        for time in stride(from: Int64(0), through: 1_000, by: 100) {
            cutter.lead(shown: time, decoded: time, isBoundary: true)
        }
        let cuts = (0...10).filter { cutter.beginsFragment(leaderSample: $0) }
        #expect(cuts == [3, 6])
    }

    @Test func theLeaderWaitsWhereACutMayStillBeMade() {
        var cutter = Self.cutter(target: 4_000)
        for time in stride(from: Int64(0), through: 5_000, by: 500) {
            cutter.lead(shown: time, decoded: time, isBoundary: time == 3_000)
        }
        #expect(cutter.settledLeaderSamples == 6)
        #expect(cutter.isSettled(Self.time(2_999)))
        #expect(!cutter.isSettled(Self.time(3_000)))
        cutter.stopWaiting()
        #expect(cutter.settledLeaderSamples == 11)
        #expect(cutter.isSettled(Self.time(3_000)))
        let cuts = (0...10).filter { cutter.beginsFragment(leaderSample: $0) }
        #expect(cuts == [6])
    }

    @Test func aFollowerIsCutAtItsFirstSampleNotBeforeTheBoundary() {
        var cutter = Self.cutter(target: 4_000)
        _ = Self.lead(&cutter, gap: 2_000, end: 12_000)
        let samples = stride(from: Int64(0), through: 8_400, by: 300)
        let cuts = samples.filter { cutter.beginsFragment(follower: 1, shown: Self.time($0)) }
        #expect(cuts == [4_200, 8_100])
    }

    @Test func followersAreCutIndependently() {
        var cutter = Self.cutter(target: 4_000)
        _ = Self.lead(&cutter, gap: 4_000, end: 8_000)
        let cuts = [(1, 4_000), (2, 4_000), (1, 4_300)].map { (follower: Int, time: Int64) in
            cutter.beginsFragment(follower: follower, shown: Self.time(time))
        }
        #expect(cuts == [true, true, false])
    }

    @Test func severalBoundariesPassedAtOnceAreOneCut() {
        var cutter = Self.cutter(target: 2_000)
        _ = Self.lead(&cutter, gap: 2_000, end: 9_000)
        let cuts = [7_000, 7_500].map {
            cutter.beginsFragment(follower: 1, shown: Self.time($0))
        }
        #expect(cuts == [true, false])
    }

    @Test func aFollowerWaitsUntilTheLeaderHasPassedIt() {
        var cutter = Self.cutter(target: 4_000)
        #expect(!cutter.isSettled(Self.time(0)))
        cutter.lead(shown: 1_000, decoded: 1_000, isBoundary: true)
        #expect(cutter.isSettled(Self.time(999)))
        #expect(!cutter.isSettled(Self.time(1_000)))
        cutter.endLeader(at: 1_000)
        #expect(cutter.isSettled(Self.time(99_000)))
    }
}

import Segmenting
import TestSupport
import Testing

struct VideoTimingTests {
    /// Times of frames as encoders round them, in microseconds.
    private func stamps(
        _ count: Int64,
        rate: (Int64, Int64),
        from start: Int64 = 0,
        millionths: Int64 = 0
    ) -> [Int64] {
        (0..<count).map { index in
            let exact = Double(index * rate.1) * 1_000_000 / Double(rate.0)
            return start + Int64(exact * (1 + Double(millionths) / 1_000_000) / 1000) * 1000
        }
    }

    private func run(
        _ timing: inout VideoTiming,
        _ stamps: [Int64]
    ) -> [VideoTiming.Times] {
        var last: VideoTiming.Times?
        return stamps.map { stamp in
            let times = timing.times(stamp: stamp, composition: 0)
            if let last {
                #expect(times.decodeTime >= last.decodeTime + Int64(last.duration ?? 1))
            }
            last = times
            return times
        }
    }

    @Test(
        arguments: [
            (30, 1, 3000), (30_000, 1001, 3003), (25, 1, 3600), (60, 1, 1500), (120, 1, 750),
            (1, 1, 90_000),
        ] as [(Int64, Int64, Int64)]
    )
    func aHintedRateIsExact(rate: Int64, scale: Int64, ticks: Int64) throws {
        let hint = try #require(FrameInterval(rate: rate, over: scale))
        let all = stamps(600, rate: (rate, scale))
        var timing = VideoTiming(hints: [hint], stamps: Array(all.prefix(4)))
        let times = run(&timing, all)
        #expect(times.map(\.decodeTime) == (0..<600).map { Int64($0) * ticks })
        #expect(times.allSatisfy { $0.duration == UInt32(ticks) })
    }

    /// As some headers have it; after six hours the count of its ticks overflowed.
    @Test func aRateOfHugeTermsLastsForDays() throws {
        let hint = try #require(FrameInterval(rate: 4_294_967_291, over: 143_165_576))
        var timing = VideoTiming(hints: [hint], stamps: [0, 33_000, 67_000, 100_000])
        #expect(timing.interval != nil)
        var last = timing.times(stamp: 0, composition: 0)
        for frame in 1..<1_000_000 as Range<Int64> {
            last = timing.times(stamp: frame * 100_000 / 3, composition: 0)
        }
        #expect((last.decodeTime - 999_999 * 3000).magnitude < 3000)
    }

    /// An encoder's second frame may say any time.
    @Test func firstFramesWeeksApartConfirmNoRate() throws {
        let hint = try #require(FrameInterval(rate: 4_294_967_291, over: 143_165_576))
        for stamps in [[0, 2_147_483_647_000], [0, -2_147_483_647_000]] as [[Int64]] {
            #expect(VideoTiming(hints: [hint], stamps: stamps).interval == nil)
        }
    }

    @Test func filmHasDurationsOfTwoKinds() throws {
        let hint = try #require(FrameInterval(framesPerSecond: 23.976))
        let all = stamps(400, rate: (24_000, 1001))
        var timing = VideoTiming(hints: [hint], stamps: Array(all.prefix(4)))
        let times = run(&timing, all)
        #expect(Set(times.map(\.duration)) == [3753, 3754])
        #expect(times[400 - 1].decodeTime == 399 * 15_015 / 4)
    }

    @Test func reorderedFramesStayOnTheGrid() throws {
        let hint = try #require(FrameInterval(rate: 30, over: 1))
        var timing = VideoTiming(hints: [hint], stamps: [0, 33_000, 67_000, 100_000])
        let offsets = [67_000, 133_000, 66_000, 0, 33_000].enumerated().map { index, composition in
            let stamp = Int64(index) * 1_000_000 / 30 / 1000 * 1000
            return timing.times(stamp: stamp, composition: Int64(composition)).compositionOffset
        }
        #expect(offsets == [6000, 12_000, 6000, 0, 3000])
    }

    @Test func aRateIsFoundFromTheFirstFrames() {
        let all = stamps(100, rate: (25, 1))
        var timing = VideoTiming(hints: [], stamps: Array(all.prefix(9)))
        #expect(timing.interval?.ticks == 3600)
        #expect(run(&timing, all).last?.decodeTime == Int64(99 * 3600))
    }

    @Test func aWrongHintIsRefuted() throws {
        let hint = try #require(FrameInterval(rate: 60, over: 1))
        var timing = VideoTiming(hints: [hint], stamps: stamps(9, rate: (30, 1)))
        #expect(timing.interval?.ticks == 3000)
        timing = VideoTiming(hints: [hint], stamps: [0])
        let times = run(&timing, stamps(200, rate: (30, 1)))
        #expect(timing.interval?.ticks == 3000)
        #expect(times.suffix(50).allSatisfy { $0.duration == 3000 })
    }

    @Test func thirtyIsFoundToBeNTSC() {
        let all = stamps(4000, rate: (30_000, 1001))
        var timing = VideoTiming(hints: [], stamps: Array(all.prefix(9)))
        let times = run(&timing, all)
        #expect(timing.interval?.ticks == 3003)
        for (stamp, time) in zip(all, times) {
            #expect((stamp * 9 / 100 - time.decodeTime).magnitude < 1800)
        }
    }

    @Test func missingFramesLeaveTheirPlacesEmpty() throws {
        let hint = try #require(FrameInterval(rate: 30, over: 1))
        var all = stamps(300, rate: (30, 1))
        all.removeSubrange(100..<103)
        var timing = VideoTiming(hints: [hint], stamps: Array(all.prefix(4)))
        let times = run(&timing, all)
        #expect(times[100].decodeTime == 103 * 3000)
        #expect(timing.gaps == 1)
        #expect(times.allSatisfy { $0.duration == 3000 })
    }

    @Test func equalAndBackwardTimesAreHealed() throws {
        let hint = try #require(FrameInterval(rate: 30, over: 1))
        var all = stamps(100, rate: (30, 1))
        all[50] = all[49]
        all[70] = all[68]
        var timing = VideoTiming(hints: [hint], stamps: Array(all.prefix(4)))
        #expect(run(&timing, all).map(\.decodeTime) == (0..<100).map { Int64($0) * 3000 })
        timing = VideoTiming(hints: [], stamps: [])
        _ = run(&timing, [0, 40_000, 40_000, 39_000, 95_000, 100_000])
    }

    @Test func aVariableRateHasNoDurationsUntilItIsConstant() {
        var random = SplitMix(state: 7)
        var stamp: Int64 = 0
        let wild = (0..<200).map { _ in
            stamp += Int64.random(in: 5...90, using: &random) * 1000
            return stamp
        }
        var timing = VideoTiming(hints: [], stamps: Array(wild.prefix(9)))
        #expect(run(&timing, wild).allSatisfy { $0.duration == nil })
        let calm = stamps(200, rate: (30, 1), from: stamp + 33_000)
        #expect(run(&timing, calm).last?.duration == 3000)
    }

    @Test func aConstantRateThatEndsFallsBack() throws {
        let hint = try #require(FrameInterval(rate: 30, over: 1))
        let all = stamps(100, rate: (30, 1)) + stamps(400, rate: (24, 1), from: 3_333_000)
        var timing = VideoTiming(hints: [hint], stamps: Array(all.prefix(4)))
        let times = run(&timing, all)
        #expect(times.last?.duration == 3750)
        for (stamp, time) in zip(all, times) {
            #expect((stamp * 9 / 100 - time.decodeTime).magnitude < 3600)
        }
    }

    @Test(arguments: [-100, 100] as [Int64])
    func hoursOfACrystalsDriftStayWithinFortyMilliseconds(millionths: Int64) throws {
        let hint = try #require(FrameInterval(rate: 30, over: 1))
        let all = stamps(8 * 3600 * 30, rate: (30, 1), millionths: millionths)
        var timing = VideoTiming(hints: [hint], stamps: Array(all.prefix(4)))
        var worst: UInt64 = 0
        var end: Int64 = 0
        for stamp in all {
            let times = timing.times(stamp: stamp, composition: 0)
            #expect(times.decodeTime == end)
            end = times.decodeTime + Int64(try #require(times.duration))
            worst = max(worst, (stamp * 9 / 100 - times.decodeTime).magnitude)
        }
        #expect(worst < 40 * 90)
        #expect(timing.interval == hint)
    }
}

import Segmenting
import TestSupport
import Testing

struct AudioTimingTests {
    @Test func roundedTimesAreCountedInSamples() {
        var timing = AudioTiming(sampleRate: 44_100)
        for index in 0..<5000 as Range<Int64> {
            let stamp = index * 1024 * 1000 / 44_100 * 1000
            #expect(timing.time(stamp: stamp, frame: 1024) == index * 1024)
        }
        #expect(timing.gaps == 0 && timing.dropped == 0)
    }

    @Test(arguments: [-100, 100] as [Int64], [44_100, 48_000] as [UInt32])
    func hoursOfACrystalsDriftStayWithinFortyMilliseconds(millionths: Int64, rate: UInt32) {
        var timing = AudioTiming(sampleRate: rate)
        var (worst, last) = (0.0, Int64(-1024))
        let count = 8 * 3600 * Int(rate) / 1024
        for index in 0..<count {
            let seconds = Double(index * 1024) / Double(rate)
            let stamp = Int64(seconds * (1 + Double(millionths) / 1_000_000) * 1000) * 1000
            guard let time = timing.time(stamp: stamp, frame: 1024) else { continue }
            #expect(time >= last + 1024 && (time - last).isMultiple(of: 1024))
            last = time
            let distance = Double(time) / Double(rate) - Double(stamp) / 1_000_000
            worst = max(worst, distance.magnitude)
        }
        #expect(worst < 0.040)
        #expect(timing.gaps + timing.dropped > 100)
        #expect(millionths > 0 ? timing.dropped == 0 : timing.gaps == 0)
    }

    @Test func jitterMovesNothing() {
        var random = SplitMix(state: 3)
        var timing = AudioTiming(sampleRate: 48_000)
        for index in 0..<20_000 as Range<Int64> {
            let jitter = Int64.random(in: -15...15, using: &random) * 1000
            let stamp = 100_000 + index * 64_000 / 3 + jitter
            _ = timing.time(stamp: stamp, frame: 1024)
        }
        #expect(timing.gaps == 0 && timing.dropped == 0)
    }

    @Test func aGapIsWholeFrames() {
        var timing = AudioTiming(sampleRate: 48_000)
        #expect(timing.time(stamp: 0, frame: 1024) == 0)
        #expect(timing.time(stamp: 1_000_000, frame: 1024) == Int64(47 * 1024))
        #expect(timing.time(stamp: 1_021_000, frame: 1024) == Int64(48 * 1024))
        #expect(timing.gaps == 1)
    }

    @Test func whatOverlapsByFarIsDropped() {
        var timing = AudioTiming(sampleRate: 48_000)
        for index in 0..<50 as Range<Int64> {
            _ = timing.time(stamp: index * 64_000 / 3, frame: 1024)
        }
        #expect(timing.time(stamp: 700_000, frame: 1024) == nil)
        #expect(timing.time(stamp: 1_067_000, frame: 1024) == Int64(50 * 1024))
    }

    @Test func anotherSampleRateGoesOnBehind() {
        var old = AudioTiming(sampleRate: 44_100)
        _ = old.time(stamp: 0, frame: 1024)
        var new = AudioTiming(sampleRate: 48_000, after: old)
        #expect(new.time(stamp: 23_000, frame: 1024) == 1115)
    }
}

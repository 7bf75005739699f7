import Segmenting
import TestSupport
import Testing

struct SegmenterPropertyTests {
    @Test func randomStreamsKeepEveryRule() {
        for seed in 1...300 as ClosedRange<UInt64> {
            var random = SplitMix(state: seed)
            var stream = SyntheticStream(seconds: Double.random(in: 1...25, using: &random))
            stream.seed = seed
            stream.frameTicks = [750, 1500, 3000, 3003, 3600, 9000, 45_000].randomElement(
                using: &random
            )
            stream.keyInterval = Int.random(in: 1...400, using: &random)
            stream.isConstant = Bool.random(using: &random)
            stream.jitterTicks =
                stream.isConstant ? 0 : [0, 300, 700].randomElement(using: &random) ?? 0
            stream.keyOffset = [0, 3000, 6000].randomElement(using: &random) ?? 0
            stream.audioTicks = [nil, 960, 1024, 2048, 1152].randomElement(using: &random) ?? nil
            stream.audioStartSeconds = [0, 0, 0.5, 2].randomElement(using: &random) ?? 0
            stream.audioLagSeconds = [0, 0.02, 0.3, 2].randomElement(using: &random) ?? 0
            stream.moreVideos = UInt8.random(in: 0...1, using: &random)
            let quiet = Double.random(in: 0...20, using: &random)
            if Bool.random(using: &random) { stream.audioSilence = quiet..<quiet + 4 }
            if Int.random(in: 0...3, using: &random) == 0 {
                stream.videoSilence = quiet..<quiet + 5
            }
            var inputs = stream.inputs
            // Lost samples, and a discontinuity somewhere.
            inputs = inputs.enumerated().filter { place, _ in
                place == 0 || Int.random(in: 0...200, using: &random) > 0
            }.map(\.element)
            let place = Int.random(in: 1...inputs.count, using: &random)
            if Bool.random(using: &random) {
                inputs.insert(.discontinuity(.timestampJump), at: place)
            }
            let segmented = Segmented(inputs)
            let faults = ActionChecker.faults(segmented)
            #expect(faults.prefix(3) == [], "seed \(seed): \(stream)")
        }
    }

    @Test(arguments: [-100.0, 100.0])
    func theDateFollowsAnEncoderThatDriftsForEightHours(driftPPM: Double) {
        // A frame a second: what drifts is the clock, not the frame.
        var segmenter = Segmenter(
            configuration: SegmenterConfiguration(),
            continuation: LiveContinuation(),
            startMicroseconds: SyntheticStream.start
        )
        var stream = SyntheticStream(seconds: 8 * 3600, frameTicks: 90_000, keyInterval: 2)
        stream.driftPPM = driftPPM
        stream.audioTicks = nil
        var last = Int64.min
        for input in stream.inputs {
            var actions: [SegmenterAction] = []
            segmenter.apply(input, into: &actions)
            guard case .sample(let sample) = input else { continue }
            for case .segmentBegan(let start) in actions {
                #expect(start.programDateTime > last)
                #expect(abs(start.programDateTime - sample.arrivalMicroseconds) < 5_000)
                last = start.programDateTime
            }
        }
        #expect(last > SyntheticStream.start)
    }
}

import ISOBMFF
import Segmenting
import Testing

struct SegmenterTests {
    private func expectInStep(_ segmented: Segmented, withinMicroseconds limit: Int64 = 34_000) {
        let audio = Dictionary(
            uniqueKeysWithValues: segmented.starts(.a0).map { ($0.number, $0) }
        )
        for video in segmented.starts(.v0) where video.number > 0 {
            guard let audio = audio[video.number] else { continue }
            #expect(abs(audio.programDateTime - video.programDateTime) <= limit)
        }
    }

    @Test func anOrdinaryStreamKeepsEveryRule() {
        let segmented = Segmented(SyntheticStream())
        #expect(ActionChecker.faults(segmented) == [])
        #expect(segmented.offers == [.parts(targetMicroseconds: 334_000)])
        #expect(segmented.ends(.v0).map(\.duration) == Array(repeating: 180_000, count: 10))
        #expect(segmented.parts(.v0).allSatisfy { $0.duration == 30_000 })
        #expect(segmented.starts(.v0).map(\.decodeTime).prefix(3) == [0, 180_000, 360_000])
        #expect(segmented.starts(.a0).map(\.decodeTime).prefix(2) == [0, 96_256])
        #expect(segmented.segmenter.droppedSamples == 0)
        expectInStep(segmented)
    }

    @Test func aPartIsOutWithItsLastSample() {
        var segmenter = Segmenter(
            configuration: SegmenterConfiguration(),
            continuation: LiveContinuation(),
            startMicroseconds: SyntheticStream.start
        )
        var late = 0
        for input in SyntheticStream(seconds: 10, audioTicks: nil).inputs {
            var actions: [SegmenterAction] = []
            segmenter.apply(input, into: &actions)
            guard case .sample(let sample) = input else { continue }
            for case .part(let part) in actions
            where part.decodeTime + part.duration == sample.decodeTime { late += 1 }
        }
        // The last part of each segment waits for the key frame once their distance is known.
        #expect(late == 3)
    }

    @Test func reorderedFramesCutTheSoundWhereTheKeyFrameIsPresented() {
        let segmented = Segmented(SyntheticStream(keyOffset: 6000))
        #expect(ActionChecker.faults(segmented) == [])
        let starts = segmented.starts(.a0)
        #expect(starts[1].decodeTime >= 99_200 && starts[1].decodeTime < 99_200 + 1024)
        expectInStep(segmented)
    }

    @Test(
        arguments: [
            (3000, 6, 2.0), (3000, 45, 1.5), (750, 240, 2.0), (3000, 150, 5.0), (3600, 50, 2.0),
            (3003, 60, 2.002), (1500, 100, 1.67),
        ] as [(Int64, Int, Double)]
    )
    func segmentsEndAtTheKeyFrameNearestToTheWish(
        frameTicks: Int64,
        keyInterval: Int,
        seconds: Double
    ) {
        let segmented = Segmented(
            SyntheticStream(seconds: 30, frameTicks: frameTicks, keyInterval: keyInterval)
        )
        #expect(ActionChecker.faults(segmented) == [])
        #expect(segmented.target != nil)
        for end in segmented.ends(.v0).dropLast() {
            #expect(abs(Double(end.duration) / 90_000 - seconds) < 0.01)
        }
        expectInStep(segmented)
    }

    @Test func aGroupOfTwentySecondsIsCutAndLosesLowLatency() {
        let segmented = Segmented(SyntheticStream(seconds: 60, keyInterval: 600))
        #expect(ActionChecker.faults(segmented) == [])
        #expect(segmented.offers.count == 2 && segmented.target == nil)
        let starts = segmented.starts(.v0)
        #expect(starts.map(\.isIndependent).prefix(5) == [true, false, false, false, true])
        #expect(
            segmented.ends(.v0).map(\.duration).prefix(4) == [540_000, 540_000, 540_000, 180_000]
        )
        expectInStep(segmented)
    }

    @Test func oneFrameASecondHasSegmentsButNoLowLatency() {
        let segmented = Segmented(
            SyntheticStream(seconds: 30, frameTicks: 90_000, keyInterval: 2)
        )
        #expect(ActionChecker.faults(segmented) == [])
        #expect(segmented.target == nil)
        #expect(Set(segmented.ends(.v0).map(\.duration)) == [180_000])
        expectInStep(segmented)
    }

    @Test func framesOfVaryingLengthKeepToTheTarget() {
        let segmented = Segmented(
            SyntheticStream(seconds: 60, isConstant: false, jitterTicks: 1500)
        )
        #expect(ActionChecker.faults(segmented) == [])
        #expect(segmented.target != nil)
        expectInStep(segmented, withinMicroseconds: 60_000)
    }

    @Test func framesFarApartLoseLowLatency() {
        let segmented = Segmented(
            SyntheticStream(seconds: 60, frameTicks: 90_000, keyInterval: 2, isConstant: false)
        )
        #expect(ActionChecker.faults(segmented) == [])
        #expect(segmented.target == nil)
    }

    @Test func soundAloneAndVideoAloneHaveSegments() {
        let sound = Segmented(SyntheticStream(frameTicks: nil))
        #expect(ActionChecker.faults(sound) == [])
        #expect(sound.target != nil)
        #expect(sound.ends(.a0).dropLast().allSatisfy { abs($0.duration - 96_000) <= 512 })
        let video = Segmented(SyntheticStream(audioTicks: nil))
        #expect(ActionChecker.faults(video) == [])
        #expect(video.ends(.v0).count == 10)
    }

    @Test func audioFramesLongerThanAPartHaveNoLowLatency() {
        let segmented = Segmented(SyntheticStream(audioTicks: 48_000))
        #expect(ActionChecker.faults(segmented) == [])
        #expect(segmented.target == nil)
    }

    @Test func soundThatStartsTwoSecondsLateHasAGapFirst() {
        let segmented = Segmented(SyntheticStream(audioStartSeconds: 2))
        #expect(ActionChecker.faults(segmented) == [])
        #expect(segmented.starts(.a0).map(\.isGap).prefix(3) == [true, false, false])
        expectInStep(segmented)
    }

    @Test func soundThatComesTwoSecondsLateIsCutAtTheSameTimes() {
        let late = Segmented(SyntheticStream(audioLagSeconds: 2))
        let prompt = Segmented(SyntheticStream())
        #expect(ActionChecker.faults(late) == [])
        #expect(late.starts(.a0) == prompt.starts(.a0))
        #expect(late.segmenter.droppedSamples == 0)
    }

    @Test func silentSoundDoesNotHoldUpTheVideo() {
        let segmented = Segmented(SyntheticStream(seconds: 30, audioSilence: 9.0..<14.0))
        #expect(ActionChecker.faults(segmented) == [])
        #expect(segmented.ends(.v0).count == 15)
        #expect(segmented.starts(.a0).filter(\.isGap).map(\.number) == [5, 6])
        expectInStep(segmented)
    }

    @Test func silentVideoDoesNotHoldUpTheSound() {
        let segmented = Segmented(SyntheticStream(seconds: 40, videoSilence: 9.0..<19.0))
        #expect(ActionChecker.faults(segmented) == [])
        #expect(segmented.starts(.a0).allSatisfy { !$0.isGap })
        #expect(segmented.starts(.v0).filter(\.isGap).count > 0)
        #expect(segmented.starts(.v0).last?.isGap == false)
    }

    @Test func renditionsAreCutTogether() {
        let segmented = Segmented(SyntheticStream(moreVideos: 2))
        #expect(ActionChecker.faults(segmented) == [])
        let first = segmented.starts(.v0).map(\.decodeTime)
        for index: UInt8 in 1...2 {
            let track = LiveTrackID(.video, index)
            #expect(segmented.starts(track).map(\.decodeTime) == first)
        }
    }

    @Test func aDiscontinuityEndsSegmentsAndCountsOnce() {
        let stream = SyntheticStream(seconds: 9)
        var inputs = stream.inputs
        inputs.append(.discontinuity(.timestampJump))
        inputs.append(.discontinuity(.timestampJump))
        inputs += SyntheticStream(seconds: 20).samples.filter {
            $0.isSync && $0.track == .v0 && $0.decodeTime == 1_080_000
                || $0.decodeTime > ($0.track == .v0 ? 1_080_000 : 576_000)
        }.map { .sample($0) }
        let segmented = Segmented(inputs)
        #expect(ActionChecker.faults(segmented) == [])
        let starts = segmented.starts(.v0)
        #expect(starts.filter(\.isDiscontinuity).map(\.number) == [5])
        #expect(starts.last?.discontinuitySequence == 1)
        expectInStep(segmented)
    }

    @Test func changedTracksAreADiscontinuityAndRepeatedOnesAreNot() {
        var changed = SyntheticStream.videoTrack(frameTicks: 3000)
        changed.sampleEntry.video?.width = 1280
        let samples = SyntheticStream(seconds: 12).samples
        let split = samples.firstIndex { $0.track == .v0 && $0.decodeTime == 540_000 } ?? 0
        var captioned = SyntheticStream().tracks
        captioned[0].hasCaptions = true
        let inputs: [LiveInput] =
            [.tracks(SyntheticStream().tracks)] + samples[..<60].map { .sample($0) }
            + [.tracks(captioned)] + samples[60..<split].map { .sample($0) }
            + [.tracks([changed, SyntheticStream.audioTrack()])]
            + samples[split...].map { .sample($0) }
        let segmented = Segmented(inputs)
        #expect(ActionChecker.faults(segmented) == [])
        #expect(segmented.starts(.v0).map(\.initializationNumber) == [1, 1, 1, 2, 2, 2])
        #expect(segmented.starts(.a0).allSatisfy { $0.initializationNumber == 1 })
        #expect(
            segmented.starts(.a0).map(\.isDiscontinuity) == [
                false, false, false, true, false, false,
            ]
        )
    }

    @Test func aContinuationGoesOnWithADiscontinuity() {
        let first = Segmented(SyntheticStream(seconds: 6)).segmenter.continuation
        #expect(first == LiveContinuation(nextSegmentNumber: 3, partTargetMicroseconds: 334_000))
        let second = Segmented(SyntheticStream(seconds: 6).inputs, continuation: first)
        #expect(ActionChecker.faults(second) == [])
        #expect(second.starts(.v0).map(\.number) == [3, 4, 5])
        #expect(second.starts(.v0).map(\.isDiscontinuity) == [true, false, false])
        #expect(second.segmenter.continuation.discontinuitySequence == 1)
        let third = Segmented(
            SyntheticStream(seconds: 6, frameTicks: 11_250, keyInterval: 16).inputs,
            continuation: second.segmenter.continuation
        )
        #expect(third.target == nil)
        #expect(third.segmenter.continuation.partTargetMicroseconds == 334_000)
    }

    @Test func eventsGoIntoTheNextPartAndAreTold() {
        var inputs = SyntheticStream(seconds: 4).inputs
        let event = LiveEvent(timeMicroseconds: 500_000, payload: .spliceInfo([0xFC, 1]))
        inputs.insert(.event(event), at: 30)
        let segmented = Segmented(inputs)
        let carriers = segmented.parts(.v0).filter {
            String(decoding: $0.header, as: UTF8.self).contains("urn:scte:scte35:2013:bin")
        }
        #expect(carriers.count == 1)
        let told = segmented.actions.compactMap {
            if case .event(event, let time) = $0 { time } else { nil }
        }
        #expect(told == [SyntheticStream.start + 500_000])
    }

    @Test func uselessSamplesAreDroppedAndCounted() {
        var samples = SyntheticStream(seconds: 4, audioTicks: nil).samples
        samples.insert(samples[5], at: 10)
        let stray = LiveSample(
            track: LiveTrackID(.audio, 9),
            decodeTime: 0,
            duration: 1,
            isSync: true,
            arrivalMicroseconds: 0,
            bytes: [1]
        )
        let inputs: [LiveInput] =
            [.sample(samples[0]), .tracks([SyntheticStream.videoTrack(frameTicks: 3000)])]
            + samples.dropFirst(3).map { .sample($0) } + [.sample(stray)]
        let segmented = Segmented(inputs)
        #expect(ActionChecker.faults(segmented) == [])
        // One before the tracks, 57 before the second key frame, one twice, one of no track.
        #expect(segmented.segmenter.droppedSamples == 60)
        #expect(segmented.starts(.v0).map(\.isIndependent) == [true])
    }
}

import Packaging
import Segmenting
import Testing

struct PartTargetTests {
    private let aac = MediaTime(1024, timescale: 48_000)

    @Test func thirtyFramesAndAACGiveTenAndFifteenFrames() {
        let offer = PartTarget.derive(
            frames: [MediaTime(3000, timescale: 90_000), aac],
            wishMicroseconds: 333_333
        )
        #expect(offer == .parts(targetMicroseconds: 334_000))
    }

    @Test func everyUsualPairOfRatesFits() {
        let videos: [(Int64, UInt32)] = [
            (1001, 24_000), (1, 24), (1, 25), (1001, 30_000), (1, 30), (1, 50), (1001, 60_000),
            (1, 60), (1, 120), (1, 15),
        ]
        let audios: [(Int64, UInt32)] = [
            (1024, 48_000), (1024, 44_100), (2048, 48_000), (2048, 44_100), (1152, 44_100),
            (1152, 48_000), (1536, 48_000), (960, 48_000), (4096, 44_100), (1024, 22_050),
        ]
        for wish: Int64 in [333_333, 200_000, 500_000, 1_000_000] {
            for video in videos {
                for audio in audios {
                    let frames = [
                        MediaTime(video.0, timescale: video.1),
                        MediaTime(audio.0, timescale: audio.1),
                    ]
                    let offer = PartTarget.derive(frames: frames, wishMicroseconds: wish)
                    guard case .parts(let target) = offer else {
                        // A frame of 93 ms beside one of 67 ms in 0.1 to 0.4 s, say.
                        #expect(wish == 200_000, "\(frames) \(wish): \(offer)")
                        continue
                    }
                    #expect(target % 1000 == 0)
                    for frame in frames {
                        #expect(PartTarget.fits(frame, targetMicroseconds: target))
                    }
                }
            }
        }
    }

    @Test func oneFrameASecondHasNoPartsAndSaysWhy() {
        let offer = PartTarget.derive(
            frames: [MediaTime(90_000, timescale: 90_000), aac],
            wishMicroseconds: 333_333
        )
        guard case .none(let reason) = offer else { return #expect(Bool(false)) }
        #expect(reason.contains("1000 ms"))
    }

    @Test func aTargetThatWasToldIsKeptOrThereIsNone() {
        let thirty = MediaTime(3000, timescale: 90_000)
        let kept = PartTarget.derive(frames: [thirty], wishMicroseconds: 1_000_000, kept: 334_000)
        #expect(kept == .parts(targetMicroseconds: 334_000))
        let eight = MediaTime(11_250, timescale: 90_000)
        let none = PartTarget.derive(frames: [eight], wishMicroseconds: 1_000_000, kept: 334_000)
        guard case .none(let reason) = none else { return #expect(Bool(false)) }
        #expect(reason.contains("334 ms"))
    }
}

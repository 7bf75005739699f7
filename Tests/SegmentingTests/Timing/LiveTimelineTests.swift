import Segmenting
import Testing

struct LiveTimelineTests {
    private let video = LiveTrackID(.video)
    private let audio = LiveTrackID(.audio)

    @Test func tracksOfOneClockShareTheirBase() {
        var line = LiveTimeline(start: 1_000_000)
        #expect(line.place(video, at: 1_040_000) == .at(40_000))
        #expect(line.place(audio, at: 1_000_000) == .at(0))
        #expect(line.place(audio, at: 900_000) == .at(-100_000))
    }

    @Test func whatBeginsBeforeTheLineIsLeftOut() {
        var line = LiveTimeline(start: 1_000_000)
        #expect(line.place(video, at: 1_000_000) == .at(0))
        #expect(line.place(audio, at: 990_000) == .beforeStart)
        #expect(line.place(audio, at: 1_010_000) == .at(10_000))
    }

    @Test func unrelatedClocksAreBroughtTogether() {
        var line = LiveTimeline(start: 0)
        #expect(line.place(video, at: 0) == .at(0))
        #expect(line.place(video, at: 40_000) == .at(40_000))
        #expect(line.place(audio, at: 3_600_000_000) == .at(40_000))
        #expect(line.place(video, at: 80_000) == .at(80_000))
        #expect(line.place(audio, at: 3_600_020_000) == .at(60_000))
    }

    @Test(arguments: [-20_000_000, 500_000_000] as [Int64])
    func aJumpIsOneDiscontinuityForAllTracks(jump: Int64) {
        var line = LiveTimeline(start: 0)
        for index in 0..<50 as Range<Int64> {
            _ = line.place(video, at: 100_000_000 + index * 40_000 - 100_000_000)
            _ = line.place(audio, at: index * 40_000 + 7_000)
        }
        let last: Int64 = 49 * 40_000
        #expect(line.latest == last + 7_000)
        let jumped = line.place(video, at: last + 40_000 + jump)
        #expect(jumped == .jumpedTo(last + 47_000))
        // Still of the time before.
        #expect(line.place(audio, at: last + 27_000) == .at(last + 27_000))
        // To the same base: sound and picture stay together.
        #expect(line.place(audio, at: last + 67_000 + jump) == .at(last + 74_000))
        #expect(line.place(video, at: last + 80_000 + jump) == .at(last + 87_000))
    }

    @Test func gapsOfATrackAreNoJumpsWhileOthersGoOn() {
        var line = LiveTimeline(start: 0)
        _ = line.place(audio, at: 0)
        for index in 0..<1000 as Range<Int64> { _ = line.place(video, at: index * 40_000) }
        #expect(line.place(audio, at: 39_960_000) == .at(39_960_000))
    }

    @Test func slowVideosDoNotJump() {
        var line = LiveTimeline(start: 0)
        for index in 0..<10 as Range<Int64> {
            #expect(line.place(video, at: index * 2_500_000) == .at(index * 2_500_000))
        }
    }
}

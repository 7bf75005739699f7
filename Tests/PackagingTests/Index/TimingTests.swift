import ISOBMFF
import Packaging
import Testing

struct TimingTests {
    /// Frames of I P B B order: presentation two frames after decoding at the most.
    private func reordered(frames: Int = 200, lowest: Int32 = 0, edit: Edit = Edit()) -> Track {
        var video = MovieBuilder.video(frames: frames, gop: 50, edit: edit)
        let pattern: [Int32] = [2048, 512, 512]
        video.samples.compositionOffsets = (0..<frames).map { frame in
            let place = frame % 50
            return lowest + (place == 0 || place == 49 ? 1024 : pattern[(place - 1) % 3])
        }
        return video
    }

    @Test func negativeCompositionOffsetsAreShiftedOnceForTheTrack() throws {
        // The same presentation times: with unsigned offsets and an edit, and with signed ones.
        let shifted = try MovieBuilder.index(
            MovieBuilder.file(reordered(edit: Edit(mediaTime: 1024)))
        )
        let signed = try MovieBuilder.index(MovieBuilder.file(reordered(lowest: -1024)))
        for index in [shifted, signed] {
            #expect(index.segments(ofTrack: 0).map(\.start) == [0, 4 * 12800])
            #expect(index.tracks[0].isReordered)
            var earliest = Int64.max
            let samples = try index.samples(ofTrack: 0, groups: 0..<index.groupCount)
            var time = Int64(samples.baseMediaDecodeTime)
            for (offset, duration) in zip(samples.compositionOffsets, samples.durations) {
                #expect(offset >= 0)
                earliest = min(earliest, time + Int64(offset) - index.tracks[0].editMediaTime)
                time += Int64(duration)
            }
            #expect(earliest == 0)
        }
        #expect(shifted.tracks[0].editMediaTime == 1024)
        #expect(signed.tracks[0].editMediaTime == 512)
    }

    @Test func editMediaTimeStaysAsAnEditList() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(
                MovieBuilder.video(frames: 250, gop: 50),
                MovieBuilder.audio(samples: 469, edit: Edit(mediaTime: 1024))
            )
        )
        #expect(index.tracks[1].editMediaTime == 1024)
        let entries = index.segments(ofTrack: 1)
        // The priming belongs to the first segment: one sample more than presented.
        let first = try index.samples(ofTrack: 1, groups: entries[0].groups)
        #expect(first.baseMediaDecodeTime == 0)
        #expect(entries[0].start == 0)
        #expect(entries[0].duration == Int64(first.count - 1) * 1024)
        let second = try index.samples(ofTrack: 1, groups: entries[1].groups)
        #expect(Int64(second.baseMediaDecodeTime) - 1024 == entries[1].start)
        #expect(entries[1].start >= 4 * 48000 && entries[1].start < 4 * 48000 + 1024)
    }

    @Test func offsetsOfOldFilesWithoutAnEditAreKept() throws {
        // Video presented 80 ms late as its file says; no edit list takes that away.
        let video = reordered(frames: 250)
        let index = try MovieBuilder.index(
            MovieBuilder.file(video, MovieBuilder.audio(samples: 469))
        )
        #expect(index.tracks[0].editMediaTime == 0)
        #expect(index.segments(ofTrack: 0)[0].start == 0)
        #expect(index.segments(ofTrack: 0)[1].start == 4 * 12800 + 1024)
    }

    @Test func emptyEditDelaysDecodeTimes() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(
                MovieBuilder.video(frames: 250, gop: 50),
                MovieBuilder.audio(samples: 400, edit: Edit(emptyDuration: 33600))
            )
        )
        let entries = index.segments(ofTrack: 1)
        #expect(entries[0].start == 0)
        let first = try index.samples(ofTrack: 1, groups: entries[0].groups)
        #expect(first.baseMediaDecodeTime == 33600)
        #expect(entries[1].start == 33600 + Int64(first.count) * 1024)
        #expect(entries.reduce(0) { $0 + $1.duration } == 33600 + 400 * 1024)
        #expect(index.tracks[1].editMediaTime == 0)
    }

    @Test func timestampsOfHoursAreRebasedAndOffsetsBetweenTracksKept() throws {
        var video = MovieBuilder.video(frames: 250, gop: 50)
        video.samples.firstDecodeTime = 18000 * 12800
        var audio = MovieBuilder.audio(samples: 450)
        audio.samples.firstDecodeTime = 18000 * 48000 + 4800
        let index = try MovieBuilder.index(MovieBuilder.file(video, audio))
        #expect(try index.samples(ofTrack: 0, groups: 0..<1).baseMediaDecodeTime == 0)
        #expect(try index.samples(ofTrack: 1, groups: 0..<1).baseMediaDecodeTime == 4800)
        #expect(index.duration == MediaTime(128000, timescale: 12800))
    }

    @Test func filesThatStartTogetherStayTogether() throws {
        var better = MovieBuilder.video(frames: 250, gop: 50, width: 1920, height: 1080)
        better.samples.firstDecodeTime = 3600 * 12800
        var worse = MovieBuilder.video(frames: 250, gop: 50, timescale: 90000, frameDuration: 3600)
        worse.samples.firstDecodeTime = 3600 * 90000
        let index = try MovieBuilder.index(MovieBuilder.file(better), MovieBuilder.file(worse))
        #expect(index.tracks.count == 2)
        for track in 0..<2 {
            #expect(try index.samples(ofTrack: track, groups: 0..<1).baseMediaDecodeTime == 0)
            #expect(index.segmentSeconds(ofTrack: track) == [4, 4, 2])
        }
    }

    @Test func negativeStartsGiveNoNegativeDecodeTime() throws {
        var audio = MovieBuilder.audio(samples: 450)
        audio.samples.firstDecodeTime = -2048
        let index = try MovieBuilder.index(
            MovieBuilder.file(MovieBuilder.video(frames: 250, gop: 50), audio)
        )
        let first = try index.samples(ofTrack: 1, groups: 0..<1)
        #expect(first.baseMediaDecodeTime == 0)
        #expect(index.tracks[1].editMediaTime == 2048)
    }

    @Test func videoTrimmedInFrontStartsAtTheLastKeyFrameBefore() throws {
        // The edit starts 5.2 s in: the group at 4 s is needed, those before are not.
        let video = MovieBuilder.video(frames: 500, gop: 50, edit: Edit(mediaTime: 66560))
        let index = try MovieBuilder.index(MovieBuilder.file(video))
        let first = try index.samples(ofTrack: 0, groups: 0..<1)
        #expect(first.ranges[0].offsetBytes == video.samples.offsetsBytes[100])
        #expect(first.baseMediaDecodeTime == 0)
        #expect(index.tracks[0].editMediaTime == 15360)
        #expect(index.groupSeconds() == [0, 0.8, 2.8, 4.8, 6.8, 8.8, 10.8, 12.8])
        #expect(index.duration == MediaTime(14800, timescale: 1000))
    }

    @Test func audioTrimmedInFrontKeepsItsPreroll() throws {
        let audio = MovieBuilder.audio(samples: 1000, edit: Edit(mediaTime: 5 * 48000))
        let index = try MovieBuilder.index(
            MovieBuilder.file(MovieBuilder.video(frames: 400, gop: 50), audio)
        )
        let edit = index.tracks[1].editMediaTime
        #expect(edit >= 12000 && edit < 12000 + 1024)
        #expect(index.segments(ofTrack: 1).reduce(0) { $0 + $1.duration } == 1_024_000 - 240_000)
    }

    @Test func samplesPresentedAfterTheEditEndsAreLeftOut() throws {
        let video = MovieBuilder.video(frames: 500, gop: 50, edit: Edit(duration: 9 * 12800))
        let index = try MovieBuilder.index(MovieBuilder.file(video))
        #expect(try index.samples(ofTrack: 0, groups: 0..<index.groupCount).count == 225)
        #expect(index.duration == MediaTime(9, timescale: 1))
    }

    @Test func samplesThatLaterOnesNeedStayAtTheEditsEnd() throws {
        // The reference frame is presented after the end, the two after it in decode order before.
        let video = reordered(frames: 50, edit: Edit(mediaTime: 1024, duration: 3 * 512))
        let index = try MovieBuilder.index(MovieBuilder.file(video))
        #expect(try index.samples(ofTrack: 0, groups: 0..<1).count == 4)
    }

    @Test func editThatPresentsNothingIsAnOmission() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(
                MovieBuilder.video(frames: 50, gop: 50),
                MovieBuilder.audio(samples: 10, edit: Edit(mediaTime: 48000))
            )
        )
        #expect(index.tracks.count == 1)
    }

    @Test func frameRatesAreExactFractions() throws {
        let constant = try MovieBuilder.index(
            MovieBuilder.file(
                MovieBuilder.video(frames: 100, gop: 50, timescale: 90000, frameDuration: 3003)
            )
        )
        #expect(constant.tracks[0].frameRateNumerator == 30000)
        #expect(constant.tracks[0].frameRateDenominator == 1001)
        var video = MovieBuilder.video(frames: 100, gop: 50, timescale: 1000)
        video.samples.durations = (0..<100).map { $0 % 2 == 0 ? 40 : 60 }
        let average = try MovieBuilder.index(MovieBuilder.file(video))
        #expect(average.tracks[0].frameRateNumerator == 20)
        #expect(average.tracks[0].frameRateDenominator == 1)
    }
}

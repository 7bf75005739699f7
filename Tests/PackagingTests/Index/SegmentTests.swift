import ISOBMFF
import Packaging
import Testing

struct SegmentTests {
    @Test func groupsOfNearlyTheTargetAreSegmentsAndDoNotDrift() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(MovieBuilder.video(frames: 830, gop: 83))
        )
        #expect(index.segmentCount == 10)
        #expect(index.segmentSeconds(ofTrack: 0) == [Double](repeating: 3.32, count: 10))
    }

    @Test func segmentsEndAtTheFirstBoundaryAtOrAfterTheTarget() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(MovieBuilder.video(frames: 600, gop: 25))
        )
        #expect(index.segmentSeconds(ofTrack: 0) == [Double](repeating: 4, count: 6))
        #expect(index.segmentGroups(number: 2) == 4..<8)
        #expect(index.segmentGroups(number: 0) == nil)
        #expect(index.segmentGroups(number: 7) == nil)
    }

    @Test func boundaryBeforeTheTargetIsTakenWhereItIsNearer() throws {
        // Groups of 1.5 s: 3 s is nearer to 4 than 4.5 is not; of 1.4 s: 4.2 is nearer than 2.8.
        let later = try MovieBuilder.index(
            MovieBuilder.file(MovieBuilder.video(frames: 700, gop: 35))
        )
        #expect(later.segmentSeconds(ofTrack: 0).first == 4.2)
        let earlier = try MovieBuilder.index(
            MovieBuilder.file(MovieBuilder.video(frames: 950, gop: 95))
        )
        #expect(earlier.segmentSeconds(ofTrack: 0) == [Double](repeating: 3.8, count: 10))
    }

    @Test func boundaryBeforeHalfTheTargetIsNotTaken() throws {
        // Groups of 1.96 s: two of them, as one is less than half of 4 s.
        let index = try MovieBuilder.index(
            MovieBuilder.file(MovieBuilder.video(frames: 490, gop: 49))
        )
        #expect(index.segmentSeconds(ofTrack: 0) == [Double](repeating: 3.92, count: 5))
    }

    @Test func trailingSliverIsFoldedIntoTheLastSegment() throws {
        // 20 s and three frames; the second file ends with three quarters of a group.
        let folded = try MovieBuilder.index(
            MovieBuilder.file(MovieBuilder.video(frames: 503, gop: 50))
        )
        #expect(folded.segmentSeconds(ofTrack: 0) == [4, 4, 4, 4, 4.12])
        let kept = try MovieBuilder.index(
            MovieBuilder.file(MovieBuilder.video(frames: 537, gop: 50))
        )
        #expect(kept.segmentSeconds(ofTrack: 0) == [4, 4, 4, 4, 4, 1.48])
    }

    @Test func audioThatEndsJustBehindVideoAddsNoSegment() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(
                MovieBuilder.video(frames: 500, gop: 50),
                MovieBuilder.audio(samples: 938)
            )
        )
        #expect(index.segments(ofTrack: 1).count == 5)
        #expect(index.segments(ofTrack: 1).reduce(0) { $0 + $1.duration } == 938 * 1024)
    }

    @Test func samplesOfSegmentsAreThoseOfTheSource() throws {
        let video = MovieBuilder.video(frames: 1000, gop: 50)
        let audio = MovieBuilder.audio(samples: 1900)
        let index = try MovieBuilder.index(MovieBuilder.file(video, audio))
        for (number, source) in [video, audio].enumerated() {
            var sizes: [UInt32] = []
            var durations: [UInt32] = []
            var bytes: UInt64 = 0
            for entry in index.segments(ofTrack: number) {
                let samples = try index.samples(ofTrack: number, groups: entry.groups)
                sizes += samples.sizesBytes
                durations += samples.durations
                #expect(samples.ranges.count == 1)
                #expect(samples.ranges[0].offsetBytes == source.samples.offsetsBytes[0] + bytes)
                #expect(samples.ranges[0].sizeBytes == entry.sizeBytes)
                bytes += entry.sizeBytes
            }
            #expect(sizes == source.samples.sizesBytes)
            #expect(durations == source.samples.durations)
        }
    }

    @Test func variableFrameRatesKeepTheirDurations() throws {
        var video = MovieBuilder.video(frames: 600, gop: 30, timescale: 90000)
        video.samples.durations = (0..<600).map { 2000 + UInt32($0 * 7919 % 4001) }
        let index = try MovieBuilder.index(MovieBuilder.file(video))
        var durations: [UInt32] = []
        for entry in index.segments(ofTrack: 0) {
            let samples = try index.samples(ofTrack: 0, groups: entry.groups)
            #expect(samples.baseMediaDecodeTime == durations.reduce(0) { $0 + UInt64($1) })
            #expect(samples.durations.reduce(0) { $0 + Int64($1) } == entry.duration)
            durations += samples.durations
        }
        #expect(durations == video.samples.durations)
    }

    @Test func moreThan65535SamplesInOneSegment() throws {
        let audio = MovieBuilder.audio(samples: 70000, timescale: 40_000_000)
        let index = try MovieBuilder.index(MovieBuilder.file(audio))
        #expect(index.segmentCount == 1)
        let samples = try index.samples(ofTrack: 0, groups: 0..<index.groupCount)
        #expect(samples.sizesBytes == audio.samples.sizesBytes)
    }

    @Test func interleavedRunsBecomeRanges() throws {
        // Runs of one, two, three, … samples, with gaps; one run lies before the one before it.
        var video = MovieBuilder.video(frames: 100, gop: 50)
        var offset: UInt64 = 5000
        var runEnd = 0
        var runLength = 1
        for frame in 0..<100 {
            if frame == runEnd {
                runEnd += runLength
                runLength += 1
                offset = frame == 66 ? 10 : offset + 1 << 33
            }
            video.samples.offsetsBytes[frame] = offset
            offset += UInt64(video.samples.sizesBytes[frame])
        }
        let index = try MovieBuilder.index(MovieBuilder.file(video))
        let samples = try index.samples(ofTrack: 0, groups: 0..<2)
        var frame = 0
        for range in samples.ranges {
            #expect(range.offsetBytes == video.samples.offsetsBytes[frame])
            var left = range.sizeBytes
            while left > 0 {
                left -= UInt64(video.samples.sizesBytes[frame])
                frame += 1
            }
        }
        #expect(frame == 100)
        #expect(samples.ranges.count == 14)
    }

    @Test func timelineIsTheBoundaryListOfTheAsset() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(
                MovieBuilder.video(frames: 500, gop: 50),
                MovieBuilder.audio(samples: 938)
            )
        )
        let timeline = index.segmentTimeline()
        #expect(timeline.map(\.start) == [0, 4, 8, 12, 16].map { $0 * 12800 })
        #expect(timeline.map(\.number) == [1, 2, 3, 4, 5])
        let end = MediaTime(timeline[4].start + timeline[4].duration, timescale: 12800)
        #expect(end.seconds - index.duration.seconds < 1.0 / 12800)
        #expect(end >= index.duration)
    }

    @Test func groupsThatAreNotTheAssetsAreNotFound() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(MovieBuilder.video(frames: 100, gop: 50))
        )
        for (track, groups) in [(0, 0..<3), (0, 1..<1), (1, 0..<1), (-1, 0..<1), (0, -1..<1)] {
            #expect(throws: PackagingError.notFound) {
                try index.samples(ofTrack: track, groups: groups)
            }
        }
    }
}

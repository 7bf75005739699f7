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
}

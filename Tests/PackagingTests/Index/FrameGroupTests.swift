import ISOBMFF
import Packaging
import Testing

struct FrameGroupTests {
    @Test func eachKeyFrameStartsAGroup() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(MovieBuilder.video(frames: 250, gop: 50))
        )
        #expect(index.groupSeconds() == [0, 2, 4, 6, 8])
    }

    @Test func keyFrameOfAnOpenGroupOfPicturesIsNoBoundary() throws {
        var video = MovieBuilder.video(frames: 200, gop: 50)
        // Two samples behind the key frame at 50 are presented before it.
        var offsets = [Int32](repeating: 1024, count: 200)
        offsets[51] = -512
        offsets[52] = -512
        video.samples.compositionOffsets = offsets
        let index = try MovieBuilder.index(MovieBuilder.file(video))
        #expect(index.groupSeconds() == [0, 4, 6])
    }

    @Test func keyFrameThatEarlierSamplesArePresentedAfterIsNoBoundary() throws {
        var video = MovieBuilder.video(frames: 200, gop: 50)
        var offsets = [Int32](repeating: 0, count: 200)
        offsets[99] = 1024
        video.samples.compositionOffsets = offsets
        let index = try MovieBuilder.index(MovieBuilder.file(video))
        #expect(index.groupSeconds() == [0, 2, 6])
    }

    @Test func randomAccessWithoutSyncIsNoBoundary() throws {
        var video = MovieBuilder.video(frames: 200, gop: 50)
        video.samples.dependencies[100] = .randomAccess
        let index = try MovieBuilder.index(MovieBuilder.file(video))
        #expect(index.groupSeconds() == [0, 2, 6])
        let segment = try index.samples(ofTrack: 0, groups: 1..<2)
        #expect(segment.isSync.indices.filter { segment.isSync[$0] } == [0])
    }

    @Test func firstSampleStartsGroup0EvenWithLeadingSamples() throws {
        var video = MovieBuilder.video(frames: 100, gop: 50)
        var offsets = [Int32](repeating: 1024, count: 100)
        offsets[1] = -512
        offsets[2] = -512
        video.samples.compositionOffsets = offsets
        video.samples.dependencies[0] = .randomAccess
        let index = try MovieBuilder.index(MovieBuilder.file(video))
        #expect(try index.samples(ofTrack: 0, groups: 0..<1).count == 50)
        #expect(index.segments(ofTrack: 0)[0].start == 0)
    }

    @Test func shortGroupsAreJoinedWithTheOneBefore() throws {
        // All intra at 25 frames a second: the first boundary at a quarter of a second or later.
        var video = MovieBuilder.video(frames: 100, gop: 1)
        video.samples.dependencies = []
        let index = try MovieBuilder.index(MovieBuilder.file(video))
        #expect(index.groupSeconds().prefix(3) == [0, 0.28, 0.56])
        // 14 groups of 7 frames leave 2, which join the last.
        #expect(index.groupCount == 14)
        #expect(try index.samples(ofTrack: 0, groups: 13..<14).count == 9)
        #expect(try index.samples(ofTrack: 0, groups: 0..<1).isSync.isEmpty)
    }

    @Test func audioAloneHasGroupsOfAboutASecondThatDoNotDrift() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(MovieBuilder.audio(samples: 2820, timescale: 48000))
        )
        #expect(index.groupCount == 60)
        for (group, start) in index.groupSeconds().enumerated() {
            #expect(abs(start - Double(group)) < 513.0 / 48000)
        }
        #expect(index.segmentCount == 15)
        #expect(index.segments(ofTrack: 0).reduce(0) { $0 + $1.duration } == 2820 * 1024)
    }

    @Test func videoAloneHasNoAudioTrack() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(MovieBuilder.video(frames: 50, gop: 50))
        )
        #expect(index.tracks.map(\.name) == ["video-720p"])
        #expect(index.segmentCount == 1)
    }

    @Test func groupsGoOnWhereAudioOutlastsVideo() throws {
        // 10 s of video, 40 s of audio.
        let index = try MovieBuilder.index(
            MovieBuilder.file(
                MovieBuilder.video(frames: 250, gop: 50),
                MovieBuilder.audio(samples: 1875)
            )
        )
        let audio = index.segments(ofTrack: 1)
        #expect(audio.count == 10)
        #expect(audio.allSatisfy { (3 * 48000...5 * 48000).contains($0.duration) })
        #expect(audio.reduce(0) { $0 + $1.duration } == 1875 * 1024)
        // The video's last entry takes in the boundaries behind its end.
        let video = index.segments(ofTrack: 0)
        #expect(video.reduce(0) { $0 + $1.duration } == 250 * 512)
        #expect(video.last?.groups.upperBound == index.groupCount)
        #expect(video.compactMap(\.number) == Array(1...video.count))
    }
}

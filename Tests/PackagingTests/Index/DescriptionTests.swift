import ISOBMFF
import Packaging
import Testing

struct DescriptionTests {
    private func video(changeAt change: Int, frames: Int = 500, gop: Int = 50) -> Track {
        var video = MovieBuilder.video(frames: frames, gop: gop)
        video.sampleEntries.append(MovieBuilder.avc(width: 640, height: 360))
        video.samples.descriptionIndexes = (0..<frames).map { $0 < change ? 0 : 1 }
        return video
    }

    private func audio(changeAt change: Int, samples: Int = 938) -> Track {
        var audio = MovieBuilder.audio(samples: samples)
        audio.sampleEntries.append(MovieBuilder.aac(channels: 6))
        audio.samples.descriptionIndexes = (0..<samples).map { $0 < change ? 0 : 1 }
        return audio
    }

    /// Each entry has samples of its own description alone; all together give the expected count.
    private func expectWhole(_ index: AssetIndex, track: Int, count: Int, change: Int) throws {
        var position = 0
        for entry in index.segments(ofTrack: track) {
            let samples = try index.samples(ofTrack: track, groups: entry.groups)
            #expect(samples.descriptionIndex == entry.descriptionIndex)
            #expect(entry.descriptionIndex == (position < change ? 0 : 1))
            position += samples.count
            #expect(entry.descriptionIndex == 1 || position <= change)
        }
        #expect(position == count)
    }

    @Test func videoChangeStartsADiscontinuityInAllTracks() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(video(changeAt: 250), MovieBuilder.audio(samples: 938))
        )
        for track in 0..<2 {
            let entries = index.segments(ofTrack: track)
            #expect(entries.map(\.isDiscontinuity) == [false, false, false, true, false, false])
        }
        #expect(index.segmentSeconds(ofTrack: 0) == [4, 4, 2, 4, 4, 2])
        #expect(index.segmentTimeline().map(\.isDiscontinuity).firstIndex(of: true) == 3)
        try expectWhole(index, track: 0, count: 500, change: 250)
    }

    @Test func changeStartsAGroupHoweverShort() throws {
        // A key frame 0.08 s behind another.
        var video = video(changeAt: 102)
        video.samples.dependencies[102] = .sync
        let index = try MovieBuilder.index(MovieBuilder.file(video))
        #expect(index.segments(ofTrack: 0).map(\.isDiscontinuity).contains(true))
        try expectWhole(index, track: 0, count: 500, change: 102)
    }

    @Test func samplesThatNeedAnAbsentKeyFrameAreLeftOut() throws {
        // The description changes at 230, the next key frame is 250.
        let source = video(changeAt: 230)
        let index = try MovieBuilder.index(MovieBuilder.file(source))
        try expectWhole(index, track: 0, count: 480, change: 230)
        let entries = index.segments(ofTrack: 0)
        let change = try #require(entries.first { $0.isDiscontinuity })
        let samples = try index.samples(ofTrack: 0, groups: change.groups)
        #expect(samples.ranges[0].offsetBytes == source.samples.offsetsBytes[250])
        #expect(samples.baseMediaDecodeTime == 250 * 512)
    }

    @Test func videoThatEndsWithoutAKeyFrameOfItsDescriptionIsCutThere() throws {
        let index = try MovieBuilder.index(MovieBuilder.file(video(changeAt: 480)))
        try expectWhole(index, track: 0, count: 480, change: 480)
    }

    @Test func changeIsABoundaryEvenInAnOpenGroupOfPictures() throws {
        var source = video(changeAt: 250)
        var offsets = [Int32](repeating: 1024, count: 500)
        offsets[251] = -512
        source.samples.compositionOffsets = offsets
        let index = try MovieBuilder.index(MovieBuilder.file(source))
        try expectWhole(index, track: 0, count: 500, change: 250)
    }

    @Test func audioChangeMovesTheCutToItsSample() throws {
        // Sample 440 is at 9.39 s; the nearest key frame at 10 s.
        let index = try MovieBuilder.index(
            MovieBuilder.file(MovieBuilder.video(frames: 500, gop: 50), audio(changeAt: 440))
        )
        try expectWhole(index, track: 1, count: 938, change: 440)
        let audio = try #require(index.segments(ofTrack: 1).first { $0.isDiscontinuity })
        #expect(audio.start == 440 * 1024)
        let video = try #require(index.segments(ofTrack: 0).first { $0.isDiscontinuity })
        #expect(video.start == 10 * 12800)
        #expect(video.groups.lowerBound == audio.groups.lowerBound)
    }

    @Test func audioAloneChangesAtItsSample() throws {
        let index = try MovieBuilder.index(MovieBuilder.file(audio(changeAt: 440)))
        try expectWhole(index, track: 0, count: 938, change: 440)
    }

    @Test func audioWithNoGroupToChangeAtIsAnOmission() throws {
        let index = try MovieBuilder.index(
            MovieBuilder.file(
                MovieBuilder.video(frames: 50, gop: 50),
                audio(changeAt: 40, samples: 90)
            )
        )
        #expect(index.tracks.count == 1)
        #expect(index.omissions.count == 1)
    }

    @Test func renditionThatChangesWhereOthersHaveNoKeyFrameIsDropped() throws {
        let other = MovieBuilder.video(frames: 500, gop: 100, width: 1920, height: 1080)
        let index = try MovieBuilder.index(
            MovieBuilder.file(other, name: "a.mp4"),
            MovieBuilder.file(video(changeAt: 250), name: "b.mp4")
        )
        #expect(index.omissions.map(\.file) == ["b.mp4"])
    }

    @Test func groupsOfTwoDescriptionsAreNotFound() throws {
        let index = try MovieBuilder.index(MovieBuilder.file(video(changeAt: 250)))
        #expect(throws: PackagingError.notFound) { try index.samples(ofTrack: 0, groups: 4..<6) }
    }
}

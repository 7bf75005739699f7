import ISOBMFF
import Packaging
import Testing

struct AlignmentTests {
    private func file(
        _ height: Int,
        gop: Int,
        frames: Int = 1000,
        name: String? = nil
    ) -> SourceFile {
        MovieBuilder.file(
            MovieBuilder.video(frames: frames, gop: gop, width: height * 16 / 9, height: height),
            name: name ?? "\(height)p.mp4"
        )
    }

    @Test func boundariesAreTheKeyFramesThatAllRenditionsShare() throws {
        let index = try MovieBuilder.index(
            file(1080, gop: 50),
            file(720, gop: 25),
            file(360, gop: 100)
        )
        #expect(index.tracks.map(\.label) == ["1080p", "720p", "360p"])
        #expect(index.groupSeconds() == [0, 4, 8, 12, 16, 20, 24, 28, 32, 36])
        for track in 0..<3 {
            #expect(index.segmentSeconds(ofTrack: track) == [Double](repeating: 4, count: 10))
        }
    }

    @Test func largestAlignedSetIsKeptAndTheRestIsNamed() throws {
        // 720p fits only itself; 1080p and 360p fit each other.
        let index = try MovieBuilder.index(
            file(1080, gop: 50),
            file(720, gop: 83),
            file(360, gop: 50)
        )
        #expect(index.tracks.map(\.label) == ["1080p", "360p"])
        #expect(index.omissions.map(\.file) == ["720p.mp4"])
        #expect(index.segmentCount == 10)
    }

    @Test func betterRenditionsWinAmongSetsOfOneSize() throws {
        let index = try MovieBuilder.index(
            file(1080, gop: 83),
            file(720, gop: 50),
            file(540, gop: 83),
            file(360, gop: 50)
        )
        #expect(index.tracks.map(\.label) == ["1080p", "540p"])
        #expect(index.omissions.map(\.file) == ["720p.mp4", "360p.mp4"])
    }

    @Test func aLargerSetWinsOverABetterRendition() throws {
        let index = try MovieBuilder.index(
            file(1080, gop: 83),
            file(720, gop: 50),
            file(360, gop: 50)
        )
        #expect(index.tracks.map(\.label) == ["720p", "360p"])
    }

    @Test func singleRenditionWithLongGroupsIsKeptAsItIs() throws {
        let index = try MovieBuilder.index(file(720, gop: 500))
        #expect(index.segmentSeconds(ofTrack: 0) == [20, 20])
        #expect(index.omissions.isEmpty)
    }

    @Test func alignedRenditionsWithLongGroupsAreAllKept() throws {
        let index = try MovieBuilder.index(file(1080, gop: 250), file(720, gop: 250))
        #expect(index.tracks.count == 2)
        #expect(index.segmentSeconds(ofTrack: 1) == [10, 10, 10, 10])
    }

    @Test func timescalesMayDifferBetweenRenditions() throws {
        let better = MovieBuilder.video(
            frames: 1200,
            gop: 60,
            timescale: 30000,
            frameDuration: 1001,
            width: 1920,
            height: 1080
        )
        let worse = MovieBuilder.video(
            frames: 1200,
            gop: 60,
            timescale: 90000,
            frameDuration: 3003,
            width: 640,
            height: 360
        )
        let index = try MovieBuilder.index(MovieBuilder.file(better), MovieBuilder.file(worse))
        #expect(index.tracks.count == 2)
        #expect(
            index.segments(ofTrack: 0).map(\.duration) == [Int64](repeating: 120 * 1001, count: 10)
        )
        #expect(
            index.segments(ofTrack: 1).map(\.duration) == [Int64](repeating: 120 * 3003, count: 10)
        )
    }

    @Test func timesRoundedToMillisecondsStillAlign() throws {
        let better = MovieBuilder.video(
            frames: 1200,
            gop: 60,
            timescale: 30000,
            frameDuration: 1001,
            width: 1920,
            height: 1080
        )
        var worse = MovieBuilder.video(
            frames: 1200,
            gop: 60,
            timescale: 1000,
            width: 640,
            height: 360
        )
        let times = (0...1200).map { ($0 * 1001 + 15) / 30 }
        worse.samples.durations = zip(times, times.dropFirst()).map { UInt32($1 - $0) }
        let index = try MovieBuilder.index(MovieBuilder.file(better), MovieBuilder.file(worse))
        #expect(index.tracks.count == 2)
        #expect(index.tracks[1].frameRateNumerator == 30000)
        #expect(index.tracks[1].frameRateDenominator == 1001)
    }

    @Test func frameRatesWithoutCommonKeyFramesDoNotAlign() throws {
        // Key frames every 2.002 s against every 2 s part by more than half a frame soon.
        let better = MovieBuilder.video(
            frames: 3000,
            gop: 60,
            timescale: 30000,
            frameDuration: 1001,
            width: 1920,
            height: 1080
        )
        let worse = MovieBuilder.video(frames: 2500, gop: 50, width: 640, height: 360)
        let index = try MovieBuilder.index(
            MovieBuilder.file(better, name: "a.mp4"),
            MovieBuilder.file(worse, name: "b.mp4")
        )
        #expect(index.tracks.map(\.label) == ["1080p"])
        #expect(index.omissions.map(\.file) == ["b.mp4"])
    }

    @Test func renditionThatEndsEarlyIsDropped() throws {
        let index = try MovieBuilder.index(
            file(1080, gop: 50),
            file(720, gop: 50),
            file(360, gop: 50, frames: 500)
        )
        #expect(index.tracks.map(\.label) == ["1080p", "720p"])
    }

    @Test func renditionsBeyondTheLimitAreNamed() throws {
        let files = (1...17).map { file(100 * $0, gop: 50, frames: 100) }
        let index = try AssetIndex.build(
            from: AssetSource(files: files),
            configuration: PackagingConfiguration()
        )
        #expect(index.tracks.count == IndexLimits.renditions)
        #expect(index.omissions.map(\.file) == ["100p.mp4"])
    }

    @Test func hostileRenditionsAreSearchedWithinALimit() throws {
        // Every rendition has key frames of its own: an exact search would go through all subsets.
        let files = (0..<16).map { number in
            var video = MovieBuilder.video(frames: 20000, gop: 1, width: 100 + number, height: 100)
            video.samples.dependencies = (0..<20000).map { frame in
                frame == 0 || (frame / 100) % 16 != number && (frame / 100) % 15 != number
                    ? .sync : .dependent
            }
            return MovieBuilder.file(video, name: "\(number).mp4")
        }
        let index = try AssetIndex.build(
            from: AssetSource(files: files),
            configuration: PackagingConfiguration(targetSegmentDuration: MediaTime(1, timescale: 1))
        )
        #expect(!index.tracks.isEmpty)
    }
}

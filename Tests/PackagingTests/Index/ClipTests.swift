import ISOBMFF
import Packaging
import Testing

struct ClipTests {
    /// Groups of 2 s and segments of 4 s up to 20 s.
    private func index() throws -> AssetIndex {
        try MovieBuilder.index(
            MovieBuilder.file(
                MovieBuilder.video(frames: 500, gop: 50),
                MovieBuilder.audio(samples: 938)
            )
        )
    }

    @Test func clipHoldsAtLeastWhatWasAskedFor() throws {
        let index = try index()
        #expect(try index.clip(start: nil, end: nil) == nil)
        #expect(try index.clip(start: 5, end: 9) == 2..<5)
        #expect(try index.clip(start: 4, end: 8) == 2..<4)
        #expect(try index.clip(start: nil, end: 0.1) == 0..<1)
        #expect(try index.clip(start: 19.99, end: nil) == 9..<10)
        #expect(try index.clip(start: 0, end: 1e9) == 0..<10)
        // Times as a playlist rounds them.
        #expect(try index.clip(start: 3.9996, end: 8.0004) == 2..<4)
    }

    @Test(
        arguments: [
            (-1, 4), (4, 4), (5, 4), (20.1, 25), (.nan, 4), (0, .infinity), (-.infinity, 4),
            (0, .nan),
        ] as [(Double, Double)]
    )
    func impossibleClipsAreRefused(_ start: Double, _ end: Double) throws {
        let index = try index()
        #expect(throws: PackagingError.invalidClip) { try index.clip(start: start, end: end) }
    }

    @Test func wholeSegmentsOfAClipKeepTheirNumbers() throws {
        let index = try index()
        let clip = try #require(try index.clip(start: 3, end: 13))
        for track in 0..<2 {
            let entries = index.segments(ofTrack: track, clip: clip)
            #expect(entries.map(\.groups) == [1..<2, 2..<4, 4..<6, 6..<7])
            #expect(entries.map(\.number) == [nil, 2, 3, nil])
            #expect(entries.map(\.isDiscontinuity).allSatisfy { !$0 })
        }
        let timeline = index.segmentTimeline(clip: clip)
        #expect(timeline.map(\.groups) == [1..<2, 2..<4, 4..<6, 6..<7])
        #expect(timeline.map(\.number) == [nil, 2, 3, nil])
    }

    @Test func entriesOfAClipHaveTheTimesOfTheWhole() throws {
        let index = try index()
        let whole = index.segments(ofTrack: 1)
        let clip = index.segments(ofTrack: 1, clip: 2..<6)
        #expect(clip == Array(whole[1..<3]))
    }

    @Test func clipsBeyondTheAssetHaveNoEntries() throws {
        #expect(try index().segments(ofTrack: 0, clip: 10..<12).isEmpty)
    }
}

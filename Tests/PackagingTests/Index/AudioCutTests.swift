import ISOBMFF
import Packaging
import Testing

struct AudioCutTests {
    /// 20 s of video in segments of 4 s, and an audio.
    private func index(_ audio: Track, frames: Int = 500) throws -> AssetIndex {
        try MovieBuilder.index(
            MovieBuilder.file(MovieBuilder.video(frames: frames, gop: 50), audio)
        )
    }

    /// Every number that the playlist names leads to its entry's groups, and no other number leads
    /// anywhere.
    private func expectNumbersAgree(_ index: AssetIndex, track: Int) {
        let entries = index.segments(ofTrack: track)
        for number in 0...index.segmentCount + 1 {
            let entry = entries.first { $0.number == number }
            #expect(index.segmentGroups(number: number, track: track) == entry?.groups)
        }
        for (entry, next) in zip(entries, entries.dropFirst()) {
            #expect(entry.start + entry.duration == next.start)
            #expect(entry.groups.upperBound == next.groups.lowerBound)
        }
        #expect(entries.first?.start == 0)
        #expect(entries.first?.groups.lowerBound == 0)
        #expect(entries.last?.groups.upperBound == index.groupCount)
    }

    @Test func audioIsCutAtTheFirstSampleNotBeforeTheBoundary() throws {
        let index = try index(MovieBuilder.audio(samples: 938))
        let entries = index.segments(ofTrack: 1)
        #expect(entries.map(\.start) == [0, 188, 375, 563, 750].map { $0 * 1024 })
        expectNumbersAgree(index, track: 1)
    }

    @Test func timescalesThatDoNotDivideAreComparedExactly() throws {
        // A boundary at 2 s is a sample's exact start at 44100 / 1050.
        var audio = MovieBuilder.audio(samples: 840, timescale: 44100)
        audio.samples.durations = [UInt32](repeating: 1050, count: 840)
        let index = try index(audio)
        #expect(
            index.segments(ofTrack: 1).map(\.start) == [0, 168, 336, 504, 672].map { $0 * 1050 }
        )
    }

    @Test func audioThatStartsWithinTheFirstSegmentLosesNothing() throws {
        let index = try index(MovieBuilder.audio(samples: 900, edit: Edit(emptyDuration: 33600)))
        let entries = index.segments(ofTrack: 1)
        #expect(entries.map(\.number) == [1, 2, 3, 4, 5])
        let counts = try entries.map { try index.samples(ofTrack: 1, groups: $0.groups).count }
        #expect(counts.reduce(0, +) == 900)
        expectNumbersAgree(index, track: 1)
    }

    @Test func audioThatStartsLaterHasOneEntryUpToItsFirstSegment() throws {
        // It starts 9 s in: segments 1 to 3 are one entry.
        let index = try index(
            MovieBuilder.audio(samples: 500, edit: Edit(emptyDuration: 9 * 48000))
        )
        let entries = index.segments(ofTrack: 1)
        #expect(entries.map(\.number) == [1, 4, 5])
        #expect(entries[0].groups == 0..<6)
        #expect(entries[0].duration == entries[1].start)
        #expect(
            try index.samples(ofTrack: 1, groups: entries[0].groups).baseMediaDecodeTime == 9
                * 48000
        )
        expectNumbersAgree(index, track: 1)
    }

    @Test func audioMuchShorterThanVideoEndsAtItsOwnEnd() throws {
        let index = try index(MovieBuilder.audio(samples: 300))
        let entries = index.segments(ofTrack: 1)
        #expect(entries.map(\.number) == [1, 2])
        #expect(entries[1].groups == 2..<10)
        #expect(entries[1].start + entries[1].duration == 300 * 1024)
        expectNumbersAgree(index, track: 1)
    }

    @Test func audioMuchLongerThanVideoKeepsItsSegments() throws {
        let index = try index(MovieBuilder.audio(samples: 1875), frames: 100)
        expectNumbersAgree(index, track: 0)
        expectNumbersAgree(index, track: 1)
        #expect(index.segments(ofTrack: 0).map(\.number) == [1])
        #expect(index.segments(ofTrack: 1).count == 10)
    }

    @Test func audioOfOneSampleIsOneEntry() throws {
        let index = try index(MovieBuilder.audio(samples: 1, edit: Edit(emptyDuration: 10 * 48000)))
        #expect(index.segments(ofTrack: 1).map(\.number) == [1])
        expectNumbersAgree(index, track: 1)
    }

    @Test func groupsWithoutSamplesAreNotFound() throws {
        let index = try index(MovieBuilder.audio(samples: 300))
        #expect(throws: PackagingError.notFound) { try index.samples(ofTrack: 1, groups: 8..<10) }
    }

    @Test func clipWithoutSamplesOfTheTrackHasNoEntries() throws {
        let index = try index(MovieBuilder.audio(samples: 300))
        #expect(index.segments(ofTrack: 1, clip: 5..<10).isEmpty)
        #expect(index.segments(ofTrack: 0, clip: 5..<10).count == 3)
    }

    @Test func clipsOfAnAudioThatStartsLateNameNoNumberThatThePlaylistDoesNot() throws {
        let index = try index(
            MovieBuilder.audio(samples: 500, edit: Edit(emptyDuration: 9 * 48000))
        )
        for first in 0..<10 {
            for end in first + 1...10 {
                for entry in index.segments(ofTrack: 1, clip: first..<end) {
                    guard let number = entry.number else { continue }
                    let groups = index.segmentGroups(number: number, track: 1)
                    #expect(groups?.lowerBound == entry.groups.lowerBound)
                }
            }
        }
    }
}

import ISOBMFF
import Packaging
import Testing

/// What holds for every index, whatever the movies are.
struct RandomMovieTests {
    @Test func invariantsHoldForRandomMovies() throws {
        var random = SeededGenerator(seed: 7)
        var built = 0
        for _ in 0..<400 {
            let files = (0..<Int.random(in: 1...3, using: &random)).map { number in
                var tracks: [Track] = []
                if Int.random(in: 0..<8, using: &random) > 0 { tracks.append(Self.video(&random)) }
                if Int.random(in: 0..<3, using: &random) > 0 { tracks.append(Self.audio(&random)) }
                return SourceFile(
                    name: "\(number).mp4",
                    sizeBytes: 1 << 40,
                    movie: Movie(timescale: 1, isFragmented: false, tracks: tracks, headerDigest: 1)
                )
            }
            guard
                let index = try? AssetIndex.build(
                    from: AssetSource(files: files),
                    configuration: PackagingConfiguration(
                        targetSegmentDuration: MediaTime(
                            Int64.random(in: 1...8, using: &random),
                            timescale: 1
                        )
                    )
                )
            else { continue }
            built += 1
            for track in index.tracks.indices { try Self.check(index, track: track) }
            #expect(try AssetIndex(serialized: index.serialized()) == index)
        }
        #expect(built > 300)
    }

    /// Entries touch, decode times go on, every presentation time lies in its entry.
    private static func check(_ index: AssetIndex, track: Int) throws {
        let entries = index.segments(ofTrack: track)
        #expect(entries.first?.start == 0)
        #expect(entries.first?.groups.lowerBound == 0)
        #expect(entries.last?.groups.upperBound == index.groupCount)
        var position = Int64(0)
        var group = 0
        var decodeTime: UInt64 = 0
        for entry in entries {
            #expect(entry.start == position)
            #expect(entry.duration >= 0)
            #expect(entry.groups.lowerBound == group)
            position += entry.duration
            group = entry.groups.upperBound
            let number = try #require(entry.number)
            #expect(index.segmentGroups(number: number, track: track) == entry.groups)
            let samples = try index.samples(ofTrack: track, groups: entry.groups)
            #expect(samples.baseMediaDecodeTime >= decodeTime)
            #expect(samples.sizesBytes.reduce(0) { $0 + UInt64($1) } == entry.sizeBytes)
            #expect(samples.ranges.reduce(0) { $0 + $1.sizeBytes } == entry.sizeBytes)
            #expect(samples.compositionOffsets.allSatisfy { $0 >= 0 })
            decodeTime = samples.baseMediaDecodeTime
            for (place, duration) in samples.durations.enumerated() {
                let offset =
                    samples.compositionOffsets.isEmpty ? 0 : samples.compositionOffsets[place]
                let time = Int64(decodeTime) + Int64(offset) - index.tracks[track].editMediaTime
                // Leading samples of an open group of pictures may stand behind a forced cut.
                if entry.groups.lowerBound > 0, !entry.isDiscontinuity {
                    #expect(time >= entry.start)
                }
                decodeTime += UInt64(duration)
            }
        }
    }

    private static func video(_ random: inout SeededGenerator) -> Track {
        let frames = Int.random(in: 1...400, using: &random)
        let timescale = [1, 25, 1000, 12800, 30000, 90000].randomElement(using: &random) ?? 1
        var video = MovieBuilder.video(
            frames: frames,
            gop: Int.random(in: 1...120, using: &random),
            timescale: UInt32(timescale),
            frameDuration: UInt32(max(timescale / 25, 1)),
            width: 16 * Int.random(in: 1...40, using: &random),
            height: 360,
            edit: edit(timescale, &random)
        )
        if Bool.random(using: &random) {
            let most = Int32(timescale / 5 + 1)
            video.samples.compositionOffsets = (0..<frames).map { frame in
                frame % 7 < 2 ? 0 : Int32.random(in: -most...most, using: &random)
            }
        }
        if Int.random(in: 0..<4, using: &random) == 0 { change(&video, &random) }
        if Int.random(in: 0..<4, using: &random) == 0 {
            video.samples.firstDecodeTime =
                Int64.random(in: -10...100_000, using: &random) * Int64(timescale)
        }
        return video
    }

    private static func audio(_ random: inout SeededGenerator) -> Track {
        var audio = MovieBuilder.audio(
            samples: Int.random(in: 1...900, using: &random),
            timescale: [8000, 44100, 48000].randomElement(using: &random) ?? 1,
            channels: Int.random(in: 1...2, using: &random),
            edit: edit(48000, &random)
        )
        if Int.random(in: 0..<4, using: &random) == 0 { change(&audio, &random) }
        return audio
    }

    private static func edit(_ timescale: Int, _ random: inout SeededGenerator) -> Edit {
        Edit(
            emptyDuration: Int.random(in: 0..<3, using: &random) == 0
                ? Int64.random(in: 0...Int64(timescale) * 9, using: &random) : 0,
            mediaTime: Int.random(in: 0..<3, using: &random) == 0
                ? Int64.random(in: 0...Int64(timescale) * 5, using: &random) : 0,
            duration: Int.random(in: 0..<5, using: &random) == 0
                ? Int64.random(in: 1...Int64(timescale) * 9, using: &random) : nil
        )
    }

    private static func change(_ track: inout Track, _ random: inout SeededGenerator) {
        track.sampleEntries.append(track.sampleEntries[0])
        let place = Int.random(in: 0..<track.samples.count, using: &random)
        let length = Int.random(in: 1...200, using: &random)
        track.samples.descriptionIndexes = (0..<track.samples.count).map {
            (place..<place + length).contains($0) ? 1 : 0
        }
    }
}

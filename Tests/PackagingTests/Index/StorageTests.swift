import ISOBMFF
import Packaging
import Testing

struct StorageTests {
    static let subtitles = SubtitleFile(
        name: "en.vtt",
        language: "en",
        bytes: Array("WEBVTT\n\nSTYLE\n::cue {}\n\n1\n00:01.000 --> 00:02.500 line:0\nHello\n".utf8)
    )

    /// One of everything that an index can hold.
    private func rich() throws -> AssetIndex {
        var video = MovieBuilder.video(frames: 300, gop: 25, edit: Edit(mediaTime: 1024))
        video.samples.compositionOffsets = (0..<300).map { $0 % 25 == 0 ? 1024 : 1024 + $0 % 3 }
        video.samples.durations = (0..<300).map { 450 + UInt32($0 * 31 % 101) }
        video.sampleEntries[0].video?.color = ColorProperties(
            primaries: 9,
            transfer: 16,
            matrix: 9,
            isFullRange: true
        )
        video.sampleEntries[0].video?.dolbyVision = DolbyVisionConfiguration(
            profile: 8,
            level: 5,
            compatibilityId: 1
        )
        video.sampleEntries.append(MovieBuilder.avc(width: 640, height: 360))
        video.samples.descriptionIndexes = (0..<300).map { $0 < 150 ? 0 : 1 }
        var unknown = MovieBuilder.audio(samples: 10)
        unknown.sampleEntries[0].codec = .other("alac")
        return try MovieBuilder.index(
            MovieBuilder.file(video, MovieBuilder.audio(samples: 540), unknown),
            subtitles: [Self.subtitles]
        )
    }

    @Test func everythingSurvivesStorage() throws {
        let index = try rich()
        #expect(try AssetIndex(serialized: index.serialized()) == index)
    }

    @Test(
        arguments: [
            .hevc(
                HEVCConfiguration(
                    profileSpace: 1,
                    isHighTier: true,
                    profile: 2,
                    profileCompatibility: 3,
                    constraints: 4,
                    level: 5,
                    lengthSize: 4,
                    parameterSets: [[1, 2], []]
                )
            ),
            .av1(AV1Configuration(profile: 1, level: 2, isHighTier: true, bitDepth: 10)),
            .vp9(VP9Configuration(profile: 2, level: 31, bitDepth: 10, isFullRange: true)),
        ] as [Codec]
    )
    func videoCodecsSurviveStorage(_ codec: Codec) throws {
        var video = MovieBuilder.video(frames: 10, gop: 10)
        video.sampleEntries[0].codec = codec
        let index = try MovieBuilder.index(MovieBuilder.file(video))
        #expect(try AssetIndex(serialized: index.serialized()) == index)
    }

    @Test(
        arguments: [
            .mp3, .flac, .ac3, .eac3(isJOC: true),
            .opus(OpusConfiguration(channelCount: 2, preSkip: 312)),
        ] as [Codec]
    )
    func audioCodecsSurviveStorage(_ codec: Codec) throws {
        var audio = MovieBuilder.audio(samples: 10)
        audio.sampleEntries[0].codec = codec
        let index = try MovieBuilder.index(MovieBuilder.file(audio))
        #expect(try AssetIndex(serialized: index.serialized()) == index)
    }

    @Test func cutIndexesAreRefused() throws {
        let bytes = try rich().serialized()
        for count in [0, 1, 8, 12, 19, 20, 21, 100, bytes.count - 1] {
            #expect(throws: PackagingError.self) {
                try AssetIndex(serialized: Array(bytes[..<count]))
            }
            // The same with a checksum that fits.
            #expect(throws: PackagingError.self) {
                try AssetIndex(serialized: Self.resealed(Array(bytes[..<count])))
            }
        }
    }

    @Test func otherFilesAndVersionsAreRefused() throws {
        var bytes = try rich().serialized()
        bytes[8] += 1
        #expect(throws: PackagingError.unusableIndex("another format version")) {
            try AssetIndex(serialized: bytes)
        }
        bytes[0] += 1
        #expect(throws: PackagingError.unusableIndex("this is not an index")) {
            try AssetIndex(serialized: bytes)
        }
    }

    @Test func damageIsFoundByTheChecksum() throws {
        var bytes = try rich().serialized()
        bytes[bytes.count / 2] ^= 1
        #expect(throws: PackagingError.unusableIndex("the checksum is wrong")) {
            try AssetIndex(serialized: bytes)
        }
    }

    @Test func damageWithAFittingChecksumNeverTraps() throws {
        let original = try rich().serialized()
        var random = SeededGenerator(seed: 2)
        var refused = 0
        for _ in 0..<Self.mutations {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 20..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1:
                    bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][Int.random(in: 0..<5, using: &random)]
                case 2:
                    for index in place..<min(place + 8, bytes.count) { bytes[index] = 0xFF }
                default: bytes.remove(at: place)
                }
            }
            do {
                try Self.exercise(try AssetIndex(serialized: Self.resealed(bytes)))
            } catch let error as PackagingError {
                guard case .unusableIndex = error else { throw error }
                refused += 1
            }
        }
        #expect(refused > Self.mutations / 4)
    }

    private static let mutations = 4000

    /// Asks an index for all that it can be asked for.
    private static func exercise(_ index: AssetIndex) throws {
        _ = try? index.clip(start: 0.5, end: 1e300)
        _ = index.segmentTimeline()
        for track in index.tracks.indices {
            for entry in index.segments(ofTrack: track) {
                _ = try index.samples(ofTrack: track, groups: entry.groups)
                if let number = entry.number {
                    _ = index.segmentGroups(number: number, track: track)
                }
            }
            _ = index.segments(ofTrack: track, clip: 1..<index.groupCount)
        }
        _ = index.serialized()
    }

    /// The bytes with the checksum that fits them.
    private static func resealed(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > 20 else { return bytes }
        let hash = XXH64.hash(bytes, in: 20..<bytes.count, seed: 0)
        let checksum = (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * UInt64($0))) }
        return bytes[..<12] + checksum + bytes[20...]
    }
}

/// A generator whose sequence is the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}

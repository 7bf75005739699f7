import ISOBMFF
import Packaging
import TestSupport
import Testing

struct CaptionScanTests {
    private func hasCaptions(_ fixture: String) async throws -> Bool? {
        let source = MemoryByteSource(try await Fixture.bytes(fixture))
        let track = try MovieReader.read(source).tracks.first { $0.kind == .video }
        return try CaptionScan.hasCaptions(try #require(track), in: source)
    }

    @Test(arguments: ["captions", "captions-hevc"])
    func captionsAreFound(fixture: String) async throws {
        #expect(try await hasCaptions(fixture) == true)
    }

    @Test(arguments: ["basic", "opengop", "hevc", "av1", "vp9"])
    func videosWithoutHaveNone(fixture: String) async throws {
        #expect(try await hasCaptions(fixture) == false)
    }

    /// One sample of a codec with these bytes.
    private func scan(_ codec: Codec, _ bytes: [UInt8]) throws -> Bool? {
        var entry = MovieBuilder.avc()
        entry.codec = codec
        let track = Track(
            id: 1,
            kind: .video,
            timescale: 25,
            sampleEntries: [entry],
            samples: SampleTable(
                sizesBytes: [UInt32(bytes.count)],
                offsetsBytes: [0],
                durations: [1]
            )
        )
        return try CaptionScan.hasCaptions(track, in: MemoryByteSource(bytes))
    }

    private let userData: [UInt8] =
        [0xB5, 0, 0x31] + Array("GA94".utf8) + [3, 0x41, 0xFF, 0xFC, 0x94, 0x20, 0xFF]
    private let av1 = Codec.av1(
        AV1Configuration(profile: 0, level: 1, isHighTier: false, bitDepth: 8)
    )

    @Test func captionsOfAV1AreMetadata() throws {
        let delimiter: [UInt8] = [0x12, 0]
        let metadata = [0x2A, UInt8(userData.count + 1), 4] + userData
        let frame: [UInt8] = [0x32, 1, 0]
        #expect(try scan(av1, delimiter + metadata + frame) == true)
        #expect(try scan(av1, delimiter + frame + metadata) == false)
        #expect(try scan(av1, [0x2A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]) == false)
    }

    @Test func aMessageBehindOthersIsFound() throws {
        let avc = MovieBuilder.avc().codec
        let message = [4, UInt8(userData.count)] + userData
        let other: [UInt8] = [0xFF, 5, 2, 1, 1]
        let unit = [6] + other + message + [0x80]
        // A first message of type 260 and 2 bytes; a parameter set stands in front.
        #expect(try scan(avc, [0, 0, 0, 2, 0x67, 1, 0, 0, 0, UInt8(unit.count)] + unit) == true)
        // A unit that is longer than its sample is read as far as it goes.
        #expect(try scan(avc, [0xFF, 0xFF, 0xFF, 0xFF] + unit) == true)
        #expect(try scan(avc, [0, 0, 0, 2, 0x65, 1, 0, 0, 0, UInt8(unit.count)] + unit) == false)
        #expect(try scan(avc, [0, 0, 0, 0, 0, 0, 0]) == false)
    }

    @Test func noPairsAreNoCaptions() throws {
        var none = userData
        none[8] = 0x40
        let unit = [6, 4, UInt8(none.count)] + none + [0x80]
        #expect(try scan(MovieBuilder.avc().codec, [0, 0, 0, UInt8(unit.count)] + unit) == false)
    }

    @Test func otherCodecsAreNotKnown() throws {
        #expect(try scan(.other("mp4v"), [1, 2, 3]) == nil)
    }
}

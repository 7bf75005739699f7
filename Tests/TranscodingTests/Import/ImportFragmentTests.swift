import Foundation
import ISOBMFF
import Packaging
import TestSupport
import Testing
import Transcoding

/// The fragments of imported files: what makes a segment one contiguous range.
struct ImportFragmentTests {
    @Test(arguments: ["mkv2audio", "webm", "ts", "gop332"])
    func aFragmentIsOneMoofAndOneMdat(fixture: String) async throws {
        let library = try TemporaryFolder()
        let result = try await Importing.run(Fixture.path(fixture), into: library)
        for file in result.files where !file.hasSuffix(".vtt") {
            let types = try TopBox.all("\(library.path)/\(result.id)/\(file)").map(\.type)
            #expect(types.prefix(2) == ["ftyp", "moov"])
            #expect(types.last == "mfra")
            let fragments = Array(types.dropFirst(2).dropLast())
            #expect(fragments.count >= 4)
            let pairs = stride(from: 0, to: fragments.count, by: 2).map {
                Array(fragments[$0..<min($0 + 2, fragments.count)])
            }
            #expect(pairs.allSatisfy { $0 == ["moof", "mdat"] })
        }
    }

    /// The index is built from what was written, so that both sides must agree on every cut.
    @Test(arguments: ["mkv2audio", "ts", "gop332", "bframes", "audiolate", "audioonly"])
    func fragmentsAreTheSegmentsOfTheAsset(fixture: String) async throws {
        let library = try TemporaryFolder()
        let result = try await Importing.run(Fixture.path(fixture), into: library)
        let folder = "\(library.path)/\(result.id)"
        let files = result.files.filter { !$0.hasSuffix(".vtt") }
        let sources = try files.map { name in
            let bytes = MemoryByteSource(
                [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
            )
            return SourceFile(
                name: name,
                audioLanguage: name.hasPrefix("audio.") ? "und" : nil,
                sizeBytes: bytes.sizeBytes,
                movie: try MovieReader.read(bytes)
            )
        }
        let index = try AssetIndex.build(from: AssetSource(files: sources), configuration: .init())
        for track in index.tracks.indices {
            let segments = index.segments(ofTrack: track)
            let file = "\(folder)/\(index.files[index.tracks[track].fileIndex].name)"
            let fragments = try TopBox.all(file).filter { $0.type == "mdat" }
            #expect(segments.map { Int($0.sizeBytes) } == fragments.map { $0.size - 8 })
        }
    }

    @Test func openGroupsBeginNoFragment() async throws {
        let library = try TemporaryFolder()
        let result = try await Importing.run(Fixture.path("opengop"), into: library)
        let file = "\(library.path)/\(result.id)/180p.mp4"
        let starts = try await Self.fragmentStarts(file)
        let packets = try await ProbedFile(file, stream: "0").packets
        for start in starts.dropFirst() {
            let place = try #require(packets.firstIndex { $0.presentationSeconds == start })
            #expect(packets[place...].allSatisfy { ($0.presentationSeconds ?? 0) >= start })
            #expect(packets[..<place].allSatisfy { ($0.presentationSeconds ?? 0) < start })
        }
    }

    @Test func soundIsCutAtThePicturesBoundaries() async throws {
        let library = try TemporaryFolder()
        let result = try await Importing.run(Fixture.path("gop332"), into: library)
        let folder = "\(library.path)/\(result.id)"
        let boundaries = try await Self.fragmentStarts("\(folder)/180p.mp4").dropFirst()
        let cuts = try await Self.fragmentStarts("\(folder)/audio.und.m4a").dropFirst()
        let times = try await ProbedFile("\(folder)/audio.und.m4a", stream: "0").packets.compactMap(
            \.presentationSeconds
        )
        let expected = boundaries.compactMap { boundary in
            times.first { $0 >= boundary - 0.000_001 }
        }
        #expect(!expected.isEmpty)
        #expect(Array(cuts) == expected)
    }

    /// Presentation times of the samples that stand first in an `mdat`.
    private static func fragmentStarts(_ path: String) async throws -> [Double] {
        let starts = try TopBox.all(path).filter { $0.type == "mdat" }
            .map { UInt64($0.offset + 8) }
        return try await ProbedFile(path, stream: "0").packets
            .filter { packet in packet.offsetBytes.map(starts.contains) ?? false }
            .compactMap(\.presentationSeconds)
    }

    @Test func importingTwiceGivesTheSameBytes() async throws {
        let library = try TemporaryFolder()
        let source = try await Fixture.path("mkv2audio")
        let first = try await Importing.run(source, into: library, id: "one")
        try await Importing.run(source, into: library, id: "two")
        for file in first.files {
            let one = FileManager.default.contents(atPath: "\(library.path)/one/\(file)")
            let two = FileManager.default.contents(atPath: "\(library.path)/two/\(file)")
            #expect(one != nil)
            #expect(one == two)
        }
    }
}

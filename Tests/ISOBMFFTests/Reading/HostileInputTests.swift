import Foundation
import ISOBMFF
import Testing

/// Damaged and hostile files give a movie or a typed error, never a trap, and ask for no more
/// samples than their bytes account for.
struct HostileInputTests {
    /// SplitMix64: the same numbers in every run.
    private struct SeededGenerator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            return value ^ value >> 31
        }
    }

    /// Files that have most of the boxes that the reader knows.
    private static let originals: [[UInt8]] = {
        var progressive = TestFile {
            $0.edits = box("edts", fullBox("elst", u32(1, 60, 50, 0x10000)))
            $0.mediaExtras = fullBox("elng", code("en-GB\0"))
            $0.tableExtras =
                fullBox("ctts", u32(2, 1, 200, 3, 100))
                + fullBox("sbgp", code("rap "), u32(1, 2, 1))
        }
        var sound = TestTrack()
        sound.trackHeader = TestTrack.trackHeader(id: 2)
        sound.handler = TestTrack.handler("soun")
        sound.sampleEntries = TestEntry.sound("ec-3", box("dec3", hex("1800 200F 00 01 10")))
        sound.sampleSizes = fullBox("stz2", u32(4, 4), hex("1234"))
        sound.chunkOffsets = fullBox("co64", u32(2), u64(24, 524))
        sound.syncSamples = []
        progressive.tracks.append(sound)
        let tfhd = fullBox("tfhd", flags: 0x02_0020, u32(1, TestFragment.nonSync))
        let rows = u32(40, 7, TestFragment.sync, 3, 50, 8, TestFragment.nonSync, 0)
        let runs =
            fullBox("trun", flags: 0x5, u32(2), i32(120), u32(TestFragment.sync))
            + fullBox("trun", version: 1, flags: 0xF00, u32(2), rows)
        let fragments = (0..<3).map { index in
            TestFragment(tfhd + TestFragment.tfdt(UInt64(index) * 290) + runs)
        }
        let fragmented = TestFile.fragmented(fragments[0], fragments[1], fragments[2])
        return [progressive.bytes, fragmented.bytes]
    }()

    private func check(_ bytes: [UInt8]) throws {
        do {
            let movie = try read(bytes)
            let count = movie.tracks.reduce(0) { $0 + $1.samples.count }
            #expect(count <= 3 * bytes.count)
            for track in movie.tracks {
                let samples = track.samples
                let ends = zip(samples.offsetsBytes, samples.sizesBytes).map { $0 + UInt64($1) }
                #expect(ends.allSatisfy { $0 <= bytes.count })
                #expect(ends.count == samples.count && samples.durations.count == samples.count)
            }
        } catch is ISOBMFFError {
            // What is wrong has a name.
        }
    }

    @Test func theOriginalsAreFine() throws {
        let movies = try Self.originals.map { try read($0) }
        #expect(movies.map { $0.tracks.map(\.samples.count) } == [[4, 4], [12]])
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func mutatedFilesNeverTrap(seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        let interesting: [UInt8] = [0, 1, 2, 7, 8, 15, 16, 0x7F, 0x80, 0xFE, 0xFF]
        for _ in 0..<1000 {
            var bytes = Self.originals.randomElement(using: &generator) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                // Most bytes are media: half of the changes go behind it.
                let first = Bool.random(using: &generator) ? 0 : 1024
                let place = Int.random(in: first..<bytes.count, using: &generator)
                bytes[place] = interesting.randomElement(using: &generator) ?? 0
            }
            if Int.random(in: 0..<4, using: &generator) == 0 {
                bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator))
            }
            try check(bytes)
        }
    }

    @Test func filesThatEndAnywhereNeverTrap() throws {
        for original in Self.originals {
            for count in stride(from: 0, to: original.count, by: 3) {
                try check(Array(original.prefix(count)))
            }
        }
    }

    /// What fuzzing found, and inputs that reach far into the reader: see Tests/Fuzzing.
    @Test func theFuzzersCorpusNeverTraps() throws {
        let folder = URL(fileURLWithPath: #filePath)
            .resolvingSymlinksInPath()
            .deletingLastPathComponent()
            .appendingPathComponent("../../Fuzzing/Corpus")
            .standardized
        let files = try FileManager.default.contentsOfDirectory(
            at: folder,
            includingPropertiesForKeys: nil
        )
        #expect(files.count > 20)
        for file in files {
            try check([UInt8](try Data(contentsOf: file)))
        }
    }
}

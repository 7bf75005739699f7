import Packaging
import Testing

/// The `bandwidth` that a manifest states, held against its definition.
struct DASHBandwidthTests {
    /// 200 bytes of headers a segment, and no frames, so that the sums below are whole.
    private let overhead: UInt64 = 200

    private func bandwidth(_ segments: [(seconds: Double, bytes: UInt64)]) throws -> Int {
        var start: Int64 = 0
        var entries: [SegmentEntry] = []
        for (index, segment) in segments.enumerated() {
            let duration = Int64(segment.seconds * 90_000)
            entries.append(
                SegmentEntry(
                    groups: index..<index + 1,
                    number: index + 1,
                    start: start,
                    duration: duration,
                    sizeBytes: segment.bytes - overhead
                )
            )
            start += duration
        }
        let manifest = try DASHManifest(
            version: ManifestFixtures.version,
            tracks: [ManifestFixtures.video(frameRate: (0, 1), segments: entries)]
        ).bytes()
        let text = ManifestFixtures.text(manifest).split(separator: "bandwidth=\"")[1]
        return try #require(Int(text.prefix { $0 != "\"" }))
    }

    @Test func equalSegmentsNeedTheirOwnRate() throws {
        #expect(try bandwidth([(4, 40_000), (4, 40_000), (4, 40_000)]) == 80_000)
    }

    @Test func aLargeSegmentNeedsToComeWithinTheBuffer() throws {
        #expect(try bandwidth([(4, 40_000), (4, 80_000), (4, 40_000)]) == 160_000)
    }

    @Test func aShortLastSegmentDoesNotRaiseTheRateByItself() throws {
        // Alone it has 80 kb/s, but the buffer of four seconds holds it.
        #expect(try bandwidth([(4, 20_000), (4, 20_000), (1, 10_000)]) < 60_000)
    }

    @Test func twoLargeSegmentsInARowAreCountedTogether() throws {
        // 2 s and 4 s: their bits have to come in the buffer's 4 s and the first one's 2 s.
        let rate = try bandwidth([(4, 10_000), (2, 40_000), (4, 60_000)])
        #expect(rate == (40_000 + 60_000) * 8 / 6 + 1)
    }

    @Test(arguments: 0..<50)
    func noPlayerThatWaitsForTheBufferEverRunsDry(_ run: Int) throws {
        let segments = (0..<40).map { _ in
            (seconds: Double(Int.random(in: 1...8)), bytes: UInt64.random(in: 1000...90_000))
        }
        let rate = Double(try bandwidth(segments))
        let buffer = max(1, segments.map(\.seconds).max() ?? 0)
        var worst = 0.0
        for first in segments.indices {
            var (bits, seconds) = (0.0, 0.0)
            for segment in segments[first...] {
                bits += Double(segment.bytes) * 8
                #expect(bits <= rate * (buffer + seconds) + 0.001)
                worst = max(worst, bits / (buffer + seconds))
                seconds += segment.seconds
            }
        }
        // And no more than that is asked for.
        #expect(rate - worst <= 1)
    }
}

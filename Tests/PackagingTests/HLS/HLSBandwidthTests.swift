import Packaging
import Testing

/// The rates of a multivariant playlist, seen from outside: 3 segments of video without audio.
struct HLSBandwidthTests {
    private func rates(_ segments: [(seconds: Int64, bytes: UInt64)]) throws -> [Int] {
        var start: Int64 = 0
        var entries: [SegmentEntry] = []
        for (index, segment) in segments.enumerated() {
            entries.append(
                SegmentEntry(
                    groups: index..<index + 1,
                    number: index + 1,
                    start: start,
                    duration: segment.seconds * 90_000,
                    sizeBytes: segment.bytes
                )
            )
            start += segment.seconds * 90_000
        }
        let playlist = HLSMultivariantPlaylist(
            version: ManifestFixtures.version,
            format: .cmaf,
            tracks: [ManifestFixtures.video(frameRate: (0, 1), segments: entries)]
        )
        let line = ManifestFixtures.text(try playlist.bytes()).split(separator: "\n")[2]
        return line.split { $0 == "=" || $0 == "," }.compactMap { Int($0) }
    }

    /// 200 bytes of headers a segment.
    private let overhead: UInt64 = 200

    @Test func peakIsTheLargestRateOfASegment() throws {
        let segments = [(4, 10_000), (4, 50_000), (4, 30_000)].map {
            (Int64($0.0), UInt64($0.1) - overhead)
        }
        #expect(try rates(segments) == [100_000, 60_000])
    }

    @Test func aShortSegmentCountsWithItsNeighbours() throws {
        let segments = [(4, 20_000), (4, 20_000), (1, 10_000)].map {
            (Int64($0.0), UInt64($0.1) - overhead)
        }
        #expect(try rates(segments) == [48_000, 44_445])
    }

    @Test func aSegmentOfHalfTheTargetDurationCountsAlone() throws {
        let segments = [(4, 20_000), (2, 20_000)].map {
            (Int64($0.0), UInt64($0.1) - overhead)
        }
        #expect(try rates(segments) == [80_000, 53_334])
    }

    @Test func emptySegmentListsHaveNoRate() throws {
        #expect(try rates([]) == [0, 0])
    }
}

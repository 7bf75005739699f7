import Packaging
import Testing

/// What a player reads out of a manifest's timeline is what went in.
struct DASHTimelineTests {
    private struct Line {
        var time: Int64?
        var duration: Int64
        var repetitions: Int64
    }

    private func number(_ name: String, in element: Substring) -> Int64? {
        element.split(separator: " ").first { $0.hasPrefix("\(name)=\"") }.flatMap {
            Int64($0.dropFirst(name.count + 2).prefix { $0 != "\"" })
        }
    }

    private func timeline(_ segments: [SegmentEntry]) throws -> [(start: Int64, duration: Int64)] {
        let manifest = try DASHManifest(
            version: ManifestFixtures.version,
            tracks: [ManifestFixtures.video(segments: segments)]
        ).bytes()
        var result: [(Int64, Int64)] = []
        var time: Int64 = 0
        for line in ManifestFixtures.text(manifest).split(separator: "\n")
        where line.hasPrefix("<S ") {
            time = number("t", in: line) ?? time
            let duration = try #require(number("d", in: line))
            for _ in 0...(number("r", in: line) ?? 0) {
                result.append((time, duration))
                time += duration
            }
        }
        return result
    }

    @Test(arguments: 1...20)
    func everyTimeAndDurationReadsBackExactly(_ seed: Int) throws {
        var segments: [SegmentEntry] = []
        var start: Int64 = 0
        for index in 0..<500 {
            let duration: Int64 = [360_360, 360_360, 360_360, 363_363, 90_090].randomElement() ?? 1
            // A gap now and then: the next element says its time.
            if Int.random(in: 0..<50) == 0 { start += 3003 }
            segments.append(
                SegmentEntry(
                    groups: index..<index + 1,
                    number: index + seed,
                    start: start,
                    duration: duration,
                    sizeBytes: 1
                )
            )
            start += duration
        }
        let read = try timeline(segments)
        #expect(read.map(\.start) == segments.map(\.start))
        #expect(read.map(\.duration) == segments.map(\.duration))
    }

    @Test func equalDurationsAreOneElement() throws {
        let segments = ManifestFixtures.segments(1800, duration: 360_360, sizeBytes: 1)
        let manifest = try DASHManifest(
            version: ManifestFixtures.version,
            tracks: [ManifestFixtures.video(segments: segments)]
        ).bytes()
        #expect(ManifestFixtures.text(manifest).contains(#"<S t="0" d="360360" r="1799"/>"#))
    }
}

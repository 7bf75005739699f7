import Segmenting
import Testing

struct LivePresentationTests {
    private func present(
        _ presentation: inout LivePresentation,
        _ segmented: Segmented,
        windowMicroseconds: Int64 = 60_000_000
    ) {
        for action in segmented.actions {
            presentation.apply(action)
            presentation.trim(windowMicroseconds: windowMicroseconds)
        }
    }

    @Test func itHoldsTheWindowWithPartsOfTheNewestOnly() {
        var presentation = LivePresentation()
        presentation.begin(token: "t1")
        present(&presentation, Segmented(SyntheticStream(seconds: 100)))
        #expect(presentation.renditions.map(\.track.id) == [.v0, .a0])
        #expect(presentation.lowLatency == .parts(targetMicroseconds: 334_000))
        for rendition in presentation.renditions {
            #expect(rendition.segments.first?.number == 20)
            #expect(rendition.segments.last?.number == 49)
            let withParts = rendition.segments.filter { !$0.parts.isEmpty }
            #expect(withParts.count >= 9 && withParts.count <= 11)
            #expect(rendition.averageBitrate > 0)
            #expect(rendition.peakBitrate >= rendition.averageBitrate)
            #expect(Set(rendition.segments.map(\.token)) == ["t1"])
        }
    }

    @Test func itIsNeverShorterThanThreeTargetDurations() {
        var presentation = LivePresentation(targetDurationSeconds: 6)
        presentation.begin(token: "t1")
        present(&presentation, Segmented(SyntheticStream(seconds: 60)), windowMicroseconds: 1)
        let kept = presentation.renditions[0].segments.reduce(0) { $0 + $1.duration }
        #expect(kept == 18 * 90_000)
    }

    @Test func publishesFollowEachOtherAndLostTracksGo() {
        let first = Segmented(SyntheticStream(seconds: 20))
        var presentation = LivePresentation()
        presentation.begin(token: "t1")
        present(&presentation, first)
        presentation.end()
        #expect(presentation.isEnded)
        presentation.begin(token: "t2")
        #expect(!presentation.isEnded)
        let inputs = SyntheticStream(seconds: 30, audioTicks: nil).inputs
        let second = Segmented(inputs, continuation: first.segmenter.continuation)
        present(&presentation, second, windowMicroseconds: 30_000_000)
        #expect(presentation.renditions.map(\.track.id) == [.v0])
        let rendition = presentation.renditions[0]
        #expect(rendition.segments.first?.start.isDiscontinuity == true)
        #expect(rendition.initializations.map(\.token) == ["t2"])
        #expect(rendition.segments.first?.number == 10)
    }

    @Test func anOpenSegmentOfABrokenPublishIsTakenForComplete() {
        var presentation = LivePresentation()
        presentation.begin(token: "t1")
        for action in Segmented(SyntheticStream(seconds: 3)).actions {
            if case .segmentEnded(let end) = action, end.number == 1 { break }
            presentation.apply(action)
        }
        presentation.end()
        let open = presentation.renditions.flatMap(\.segments).filter { !$0.isComplete }
        #expect(open.count == 0)
    }

    /// An encoder's cues came faster than segments, and every viewer got all of them.
    @Test func aSegmentHasOnlySoManyDateRanges() {
        var presentation = LivePresentation()
        presentation.begin(token: "t1")
        present(&presentation, Segmented(SyntheticStream(seconds: 3)))
        for number in 0..<1000 { presentation.announce(dateRangeLine: "#\(number)") }
        let counts = presentation.renditions.compactMap { $0.segments.last?.dateRanges.count }
        #expect(counts.allSatisfy { $0 == LivePresentation.mostDateRanges })
        #expect(counts.count == presentation.renditions.count)
    }
}

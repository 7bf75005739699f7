import Testing
import Transcoding

struct PresentationOrderTests {
    @Test func picturesGetTheirPlacesWhenTheirRunIsWhole() {
        var order = PresentationOrder<String>()
        let counts: [(String, Int32, Bool)] = [
            ("I", 0, true), ("P", 6, false), ("b", 2, false), ("c", 4, false), ("J", 0, true),
        ]
        let finished = counts.map { order.add($0.0, count: $0.1, isKey: $0.2) }
        #expect(finished.dropLast().map(\.count) == [0, 0, 0, 0])
        #expect(finished[4].map(\.picture) == ["I", "P", "b", "c"])
        #expect(finished[4].map(\.place) == [0, 3, 1, 2])
        let last = order.end()
        #expect(last.map(\.picture) == ["J"])
        #expect(order.waiting == 0)
    }

    @Test func aKeyFrameThatRestartsNothingStaysInItsRun() {
        var order = PresentationOrder<Int>()
        _ = order.add(0, count: 0, isKey: true)
        let finished = order.add(1, count: 8, isKey: true)
        #expect(finished.isEmpty)
        #expect(order.waiting == 2)
    }

    @Test func equalCountsStayInDecodeOrder() {
        var order = PresentationOrder<Int>()
        for picture in 0..<3 { _ = order.add(picture, count: 5, isKey: false) }
        let places = order.end().map(\.place)
        #expect(places == [0, 1, 2])
    }
}

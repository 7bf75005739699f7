import Packaging
import Testing

struct MediaTimeTests {
    @Test func roundingIsToTheNearestTickHalvesAwayFromZero() {
        #expect(MediaTime(1, timescale: 2).rounded(toTimescale: 1) == 1)
        #expect(MediaTime(-1, timescale: 2).rounded(toTimescale: 1) == -1)
        #expect(MediaTime(1, timescale: 3).rounded(toTimescale: 1) == 0)
        #expect(MediaTime(2, timescale: 3).rounded(toTimescale: 1) == 1)
        #expect(MediaTime(1001, timescale: 30000).rounded(toTimescale: 90000) == 3003)
    }

    @Test func roundingUpNeverComesBefore() {
        #expect(MediaTime(1, timescale: 3).roundedUp(toTimescale: 1) == 1)
        #expect(MediaTime(-1, timescale: 3).roundedUp(toTimescale: 1) == 0)
        #expect(MediaTime(3, timescale: 3).roundedUp(toTimescale: 1) == 1)
    }

    @Test func whatDoesNotFitIsTheNearestThatDoes() {
        #expect(MediaTime(.max, timescale: 1).rounded(toTimescale: .max) == .max)
        #expect(MediaTime(.min, timescale: 1).rounded(toTimescale: .max) == -.max)
        #expect(MediaTime(.max, timescale: 1).roundedUp(toTimescale: 1000) == .max)
    }

    @Test func comparisonIsExactAcrossTimescales() {
        #expect(MediaTime(1, timescale: 3) < MediaTime(333_334, timescale: 1_000_000))
        #expect(MediaTime(1, timescale: 3) == MediaTime(2, timescale: 6))
        #expect(MediaTime(1, timescale: 3).hashValue == MediaTime(2, timescale: 6).hashValue)
        #expect(MediaTime(.max, timescale: 1) > MediaTime(.max, timescale: 2))
    }
}

import Segmenting
import Testing

struct TimestampUnwrapperTests {
    private func unwrap(_ stamps: [UInt32]) -> [Int64] {
        var unwrapper = TimestampUnwrapper()
        return stamps.map { unwrapper.unwrap($0) }
    }

    @Test func timesWithoutWrapStay() {
        #expect(unwrap([5, 25, 20, 40]) == [5, 25, 20, 40])
    }

    @Test func thirtyTwoBitsWrap() {
        #expect(
            unwrap([.max - 9, 10, .max - 4, 30]) == [
                4_294_967_286, 4_294_967_306, 4_294_967_291, 4_294_967_326,
            ]
        )
    }

    @Test func twentyFourBitsWrapAndOtherTracksMayStillBeInFront() {
        #expect(
            unwrap([16_777_200, 4, 16_777_210, 20]) == [
                16_777_200, 16_777_220, 16_777_210, 16_777_236,
            ]
        )
    }

    @Test func extendedTimestampsGoThroughTwentyFourBits() {
        #expect(
            unwrap([16_777_200, 16_777_230, 16_777_260]) == [
                16_777_200, 16_777_230, 16_777_260,
            ]
        )
    }

    @Test func aRestartIsABackwardStep() {
        #expect(unwrap([5_000_000, 0]) == [5_000_000, 0])
    }

    /// Jump after jump, a hostile encoder's times would overflow.
    @Test func itStartsAgainBeforeTimesGetTooLarge() {
        for step in [0x7FFF_FFFF, 0x8000_0001] as [UInt32] {
            var unwrapper = TimestampUnwrapper()
            var raw: UInt32 = 0
            for _ in 0..<10_000 {
                raw &+= step
                #expect(unwrapper.unwrap(raw).magnitude <= 1 << 40)
            }
        }
    }
}

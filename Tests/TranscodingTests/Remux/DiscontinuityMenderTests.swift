import Packaging
import Testing
import Transcoding

struct DiscontinuityMenderTests {
    private static func seconds(_ value: Int64) -> MediaTime { MediaTime(value, timescale: 1) }

    /// Times after mending, of packets that last a second each.
    private static func mend(
        _ packets: [(stream: Int, time: Int64)],
        _ mender: inout DiscontinuityMender
    ) throws -> [Int64] {
        try packets.map { packet in
            let shift = try mender.shift(
                stream: packet.stream,
                time: seconds(packet.time),
                duration: seconds(1)
            )
            return packet.time + shift.rounded(toTimescale: 1)
        }
    }

    @Test func steadyTimesAreLeftAlone() throws {
        var mender = DiscontinuityMender()
        #expect(try Self.mend([(0, 5), (0, 6), (0, 7)], &mender) == [5, 6, 7])
    }

    @Test func aJumpForwardIsClosed() throws {
        var mender = DiscontinuityMender()
        #expect(try Self.mend([(0, 0), (0, 1), (0, 900), (0, 901)], &mender) == [0, 1, 2, 3])
    }

    @Test func aJumpBackIsClosed() throws {
        var mender = DiscontinuityMender()
        #expect(try Self.mend([(0, 500), (0, 501), (0, 3)], &mender) == [500, 501, 502])
    }

    @Test func aShortGapStays() throws {
        var mender = DiscontinuityMender()
        #expect(try Self.mend([(0, 0), (0, 8)], &mender) == [0, 8])
    }

    @Test func streamsThatReachTheSpliceLaterShareTheShift() throws {
        var mender = DiscontinuityMender()
        let packets = [(0, 0), (1, 0), (0, 1), (0, 900), (1, 1), (1, 2), (1, 901), (0, 901)]
        let times = try Self.mend(packets.map { ($0.0, Int64($0.1)) }, &mender)
        #expect(times == [0, 0, 1, 2, 1, 2, 3, 3])
    }

    @Test func endlessJumpsAreRefused() throws {
        var mender = DiscontinuityMender()
        let limit = ImportLimits.discontinuities
        #expect(throws: TranscodingError.tooMany(what: "discontinuities", limit: limit)) {
            for jump in 0...Int64(limit + 1) {
                _ = try Self.mend([(0, jump * jump * 100)], &mender)
            }
        }
    }
}

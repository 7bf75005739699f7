package import Packaging

/// Joins the pieces of a recording whose clock jumps, as a broadcast's does at a splice.
///
/// A jump that one stream makes is taken over by the others when their packets reach it: streams
/// are interleaved, so for a while packets of both sides of the splice arrive.
package struct DiscontinuityMender {
    private struct Position {
        /// Where the stream's next packet should be, in mended microseconds.
        var expected: Int64
        /// Place of the stream's shift in `shifts`.
        var shiftIndex: Int
    }

    private var positions: [Int: Position] = [:]
    /// All shifts so far, in microseconds.
    private var shifts: [Int64] = [0]
    private static let microseconds: UInt32 = 1_000_000

    package init() {}

    /// What to add to the times of a packet, by its decode time as the container has it.
    ///
    /// - Throws: `TranscodingError.tooMany`.
    package mutating func shift(
        stream: Int,
        time: MediaTime,
        duration: MediaTime
    ) throws(TranscodingError) -> MediaTime {
        let time = time.rounded(toTimescale: Self.microseconds)
        let length = max(0, duration.rounded(toTimescale: Self.microseconds))
        guard var position = positions[stream] else {
            positions[stream] = Position(
                expected: time + shifts[shifts.count - 1] + length,
                shiftIndex: shifts.count - 1
            )
            return MediaTime(shifts[shifts.count - 1], timescale: Self.microseconds)
        }
        if !Self.fits(time + shifts[position.shiftIndex], position.expected) {
            let known = shifts.lastIndex { Self.fits(time + $0, position.expected) }
            if let known {
                position.shiftIndex = known
            } else {
                guard shifts.count <= ImportLimits.discontinuities else {
                    throw .tooMany(what: "discontinuities", limit: ImportLimits.discontinuities)
                }
                shifts.append(position.expected - time)
                position.shiftIndex = shifts.count - 1
            }
        }
        let shift = shifts[position.shiftIndex]
        position.expected = time + shift + length
        positions[stream] = position
        return MediaTime(shift, timescale: Self.microseconds)
    }

    private static func fits(_ time: Int64, _ expected: Int64) -> Bool {
        abs(time - expected) <= ImportLimits.discontinuitySeconds * Int64(microseconds)
    }
}

/// Walks the open bitstream units of an AV1 temporal unit. AV1 Bitstream §5.3
struct OpenUnits {
    struct Unit {
        var type: Int
        /// Header and size included.
        var whole: Range<Int>
        var payload: Range<Int>
    }

    static let sequenceHeader = 1
    static let temporalDelimiter = 2
    static let frameHeader = 3
    static let frame = 6

    private var position: Int
    private let end: Int
    /// A unit did not end inside of the bytes.
    private(set) var isBroken = false

    init(range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next unit; nil behind the last, and where one is broken.
    mutating func next(_ body: Span<UInt8>) -> Unit? {
        guard position < end, !isBroken else { return nil }
        let start = position
        let header = body[start]
        var payload = start + (header & 0x04 != 0 ? 2 : 1)
        var size = end - payload
        if header & 0x02 != 0 {
            guard let read = Self.leb128(body, payload, end) else {
                isBroken = true
                return nil
            }
            (size, payload) = (read.value, read.end)
        }
        guard header & 0x80 == 0, payload <= end, size <= end - payload else {
            isBroken = true
            return nil
        }
        position = payload + size
        return Unit(
            type: Int(header >> 3 & 0x0F),
            whole: start..<position,
            payload: payload..<position
        )
    }

    /// A number in groups of seven bits, at most 32 bits. §4.10.5
    private static func leb128(
        _ body: Span<UInt8>,
        _ start: Int,
        _ end: Int
    ) -> (value: Int, end: Int)? {
        var value = 0
        for (count, index) in (start..<max(start, min(end, start + 5))).enumerated() {
            value |= Int(body[index] & 0x7F) << (7 * count)
            if body[index] & 0x80 == 0 { return (value, index + 1) }
        }
        return nil
    }
}

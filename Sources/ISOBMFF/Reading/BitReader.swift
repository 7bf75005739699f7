/// A cursor over the bits of a box's payload, most significant first.
struct BitReader {
    private let bytes: [UInt8]
    private var position: Int
    private let end: Int
    private let truncated: ISOBMFFError

    /// Reads on where the box's own cursor stands.
    init(_ box: BoxReader) {
        self.bytes = box.bytes
        self.position = box.position * 8
        self.end = box.end * 8
        self.truncated = box.truncated
    }

    /// Bits left.
    var remaining: Int { end - position }

    /// The next bits as a number; at most 32 at once.
    mutating func read(_ count: Int) throws(ISOBMFFError) -> Int {
        guard count <= remaining else { throw truncated }
        var value = 0
        for bit in position..<position + count {
            value = value << 1 | Int(bytes[bit / 8] >> (7 - bit % 8) & 1)
        }
        position += count
        return value
    }

    /// Moves to the next multiple of eight bits from the start of the box's bytes.
    mutating func alignToByte() throws(ISOBMFFError) {
        let aligned = (position + 7) / 8 * 8
        guard aligned <= end else { throw truncated }
        position = aligned
    }
}

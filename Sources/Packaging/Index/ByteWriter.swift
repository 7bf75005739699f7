/// Appends numbers and texts to bytes, little-endian, lists and texts with their count in front.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ value: some FixedWidthInteger) {
        var rest = value
        for _ in 0..<value.bitWidth / 8 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    mutating func append(_ value: String) { append(Array(value.utf8)) }

    mutating func append(_ value: [UInt8]) {
        append(UInt32(value.count))
        bytes += value
    }
}

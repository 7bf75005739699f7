/// Appends numbers, texts and lists to bytes: little-endian, a count in front of texts and lists.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ value: some FixedWidthInteger) {
        var rest = value
        for _ in 0..<value.bitWidth / 8 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    mutating func append(_ value: Bool) { append(UInt8(value ? 1 : 0)) }

    mutating func append(_ value: String) { append(Array(value.utf8)) }

    mutating func append(_ value: [UInt8]) {
        append(UInt32(value.count))
        bytes += value
    }

    mutating func append<Element>(
        _ list: [Element],
        _ appendElement: (inout ByteWriter, Element) -> Void
    ) {
        append(UInt32(list.count))
        for element in list { appendElement(&self, element) }
    }

    mutating func append<Element>(
        _ value: Element?,
        _ appendElement: (inout ByteWriter, Element) -> Void
    ) {
        append(value != nil)
        if let value { appendElement(&self, value) }
    }

    mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }
}

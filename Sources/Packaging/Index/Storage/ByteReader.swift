/// Reads what `ByteWriter` wrote; anything that cannot be is `.unusableIndex`.
struct ByteReader {
    private let bytes: [UInt8]
    private var position: Int

    init(_ bytes: [UInt8], from position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    private var remaining: Int { bytes.count - position }

    mutating func integer<Value: FixedWidthInteger>(
        _: Value.Type = Value.self
    ) throws(PackagingError) -> Value {
        let size = Value.bitWidth / 8
        guard remaining >= size else { throw Self.cutShort }
        var value: Value = 0
        for index in (position..<position + size).reversed() {
            value = value << 8 | Value(truncatingIfNeeded: bytes[index])
        }
        position += size
        return value
    }

    mutating func bool() throws(PackagingError) -> Bool {
        switch try integer(UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw .unusableIndex("a flag is neither set nor unset")
        }
    }

    mutating func byteList() throws(PackagingError) -> [UInt8] {
        let count = try integer(UInt32.self)
        guard count <= remaining else { throw Self.cutShort }
        defer { position += Int(count) }
        return Array(bytes[position..<position + Int(count)])
    }

    mutating func string() throws(PackagingError) -> String {
        let bytes = try byteList()
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unusableIndex("a text is not UTF-8")
        }
        return text
    }

    /// Reads a list of at most `limit` elements of at least `elementSize` bytes each, which the
    /// bytes that remain bound the count by.
    mutating func list<Element>(
        atMost limit: Int = .max,
        elementSize: Int,
        _ readElement: (inout ByteReader) throws(PackagingError) -> Element
    ) throws(PackagingError) -> [Element] {
        let count = Int(try integer(UInt32.self))
        guard count <= limit, count <= remaining / elementSize else { throw Self.cutShort }
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try readElement(&self)) }
        return elements
    }

    mutating func optional<Element>(
        _ readElement: (inout ByteReader) throws(PackagingError) -> Element
    ) throws(PackagingError) -> Element? {
        try bool() ? try readElement(&self) : nil
    }

    /// Checks that everything has been read.
    func finish() throws(PackagingError) {
        guard remaining == 0 else { throw .unusableIndex("bytes are left over") }
    }

    private static let cutShort = PackagingError.unusableIndex("cut short, or a count is too large")
}

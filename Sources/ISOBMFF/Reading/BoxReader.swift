/// A cursor over the payload of one box.
///
/// Reads never leave the box: a field or child that would is `.truncated`. All cursors over one
/// `moov` share its bytes. Boxes nest only as deep as the code that knows them asks for children,
/// so no input makes the reader recurse.
///
/// ISO/IEC 14496-12 §4.2
struct BoxReader {
    let type: FourCC
    /// Place of the box, header included, in the file.
    let offsetBytes: UInt64
    /// Index of the box's first byte, header included, in `bytes`.
    private let start: Int
    /// Index of the byte to read next.
    private(set) var position: Int
    /// Index behind the box's last byte.
    let end: Int
    let bytes: [UInt8]

    /// Makes a cursor over bytes that are no box: a configuration, or the children of a part.
    init(type: FourCC, bytes: [UInt8], offsetBytes: UInt64 = 0) {
        self.type = type
        self.offsetBytes = offsetBytes
        self.start = 0
        self.position = 0
        self.end = bytes.count
        self.bytes = bytes
    }

    /// Makes a cursor over a box whose bytes, header included, are those from `start` to `end`.
    init(header: BoxHeader, offsetBytes: UInt64, start: Int, end: Int, bytes: [UInt8]) {
        self.type = header.type
        self.offsetBytes = offsetBytes
        self.start = start
        self.position = start + header.headerSizeBytes
        self.end = end
        self.bytes = bytes
    }

    var remaining: Int { end - position }

    /// Indexes in `bytes` of the whole box, header included.
    var boxRange: Range<Int> { start..<end }

    /// The whole box as it stands in the file, header included.
    var boxBytes: [UInt8] { Array(bytes[boxRange]) }

    var truncated: ISOBMFFError { .truncated(box: type, offsetBytes: offsetBytes) }
}

// MARK: - Children

extension BoxReader {
    /// The next child box, or nil at the end of this box.
    ///
    /// Fewer than eight bytes, and eight bytes of zero, end a QuickTime container too.
    mutating func nextBox() throws(ISOBMFFError) -> BoxReader? {
        guard remaining >= BoxHeader.smallSizeBytes else { return nil }
        let childOffset = offsetBytes + UInt64(position - start)
        let header = try BoxHeader(bytes: bytes, at: position, end: end)
        guard let header else { throw truncated }
        if header.sizeBytes == nil, header.type.rawValue == 0 {
            return nil
        }
        let size = header.sizeBytes ?? UInt64(remaining)
        guard size <= UInt64(remaining) else {
            throw .truncated(box: header.type, offsetBytes: childOffset)
        }
        let childStart = position
        position += Int(size)
        return BoxReader(
            header: header,
            offsetBytes: childOffset,
            start: childStart,
            end: position,
            bytes: bytes
        )
    }

    /// The first child of a type among those not yet read; this cursor does not move.
    func firstChild(_ type: FourCC) throws(ISOBMFFError) -> BoxReader? {
        var cursor = self
        while let child = try cursor.nextBox() {
            if child.type == type { return child }
        }
        return nil
    }

    func requiredChild(_ type: FourCC) throws(ISOBMFFError) -> BoxReader {
        guard let child = try firstChild(type) else { throw .missing(box: type) }
        return child
    }
}

// MARK: - Fields

extension BoxReader {
    mutating func skip(_ count: Int) throws(ISOBMFFError) {
        guard count <= remaining else { throw truncated }
        position += count
    }

    mutating func readUInt8() throws(ISOBMFFError) -> UInt8 {
        guard remaining >= 1 else { throw truncated }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func readUInt16() throws(ISOBMFFError) -> UInt16 {
        try readInteger()
    }

    mutating func readUInt32() throws(ISOBMFFError) -> UInt32 {
        try readInteger()
    }

    mutating func readUInt64() throws(ISOBMFFError) -> UInt64 {
        try readInteger()
    }

    mutating func readFourCC() throws(ISOBMFFError) -> FourCC {
        FourCC(rawValue: try readInteger())
    }

    mutating func readBytes(_ count: Int) throws(ISOBMFFError) -> [UInt8] {
        guard count <= remaining else { throw truncated }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    /// Version and flags of a full box. ISO/IEC 14496-12 §4.2.2
    mutating func readVersionAndFlags() throws(ISOBMFFError) -> (version: UInt8, flags: UInt32) {
        let word = try readUInt32()
        return (UInt8(word >> 24), word & 0xFF_FFFF)
    }

    /// A 64-bit field in version 1 of a full box that is a 32-bit one in version 0.
    mutating func readUInt64(version: UInt8) throws(ISOBMFFError) -> UInt64 {
        version == 0 ? UInt64(try readUInt32()) : try readUInt64()
    }

    /// A count, then as many entries as the bytes that remain can hold, which are skipped.
    mutating func readTable(entrySize: Int) throws(ISOBMFFError) -> EntryTable {
        let count = try readUInt32()
        return try readTable(count: count, entrySize: entrySize)
    }

    mutating func readTable(
        count: UInt32,
        entrySize: Int
    ) throws(ISOBMFFError) -> EntryTable {
        guard UInt64(count) * UInt64(entrySize) <= UInt64(remaining) else {
            let limit = UInt64(remaining / entrySize)
            throw .tooMany(box: type, count: UInt64(count), limit: limit)
        }
        let table = EntryTable(
            bytes: bytes,
            start: position,
            count: Int(count),
            entrySize: entrySize
        )
        position += table.count * entrySize
        return table
    }

    private mutating func readInteger<Value: FixedWidthInteger>() throws(ISOBMFFError) -> Value {
        let size = MemoryLayout<Value>.size
        guard size <= remaining else { throw truncated }
        var value: Value = 0
        for index in position..<position + size {
            value = value << 8 | Value(bytes[index])
        }
        position += size
        return value
    }
}

import NIOCore

/// Encodes answers' heads, from the text that HTTP/1.1 sends. RFC 7541
///
/// One for each connection. It knows what an answer of the lane looks like: the same fields in the
/// same order, of which some never repeat. Those go as literals. Every other line is put into the
/// client's dynamic table when it is first sent, and is one byte from then on. Nothing is ever put
/// out of the table, so places in it stay what they are; once it is full, further lines go as
/// literals too. Strings are not Huffman-coded: the few bytes saved cost more than they are worth.
struct HPACKHeadEncoder {
    /// More than the lane's own fields need, and little for each of many connections.
    static let tableSizeBytes = 2048

    private var table = HPACKLineTable()
    private var capacityBytes = Self.tableSizeBytes
    /// The client wants the table no larger than this, and was not told yet that we heard.
    private var newCapacityBytes: Int?

    /// The client's SETTINGS_HEADER_TABLE_SIZE. §4.2
    mutating func setTableSize(_ sizeBytes: Int) {
        let capacity = min(sizeBytes, Self.tableSizeBytes)
        if capacity != capacityBytes || sizeBytes < Self.standardTableSizeBytes {
            newCapacityBytes = capacity
        }
    }

    /// - Parameters:
    ///   - head: from the status line to the empty line.
    ///   - urgency: what `priority` says where the lane decided it.
    ///   - buffer: gets the field block.
    mutating func encode(_ head: ByteBuffer, urgency: Int?, to buffer: inout ByteBuffer) {
        if let capacity = newCapacityBytes {
            // Empty first: what was in it is forgotten on both sides.
            buffer.writeHPACKInteger(0, prefixBits: 5, pattern: 0x20)
            buffer.writeHPACKInteger(capacity, prefixBits: 5, pattern: 0x20)
            table = HPACKLineTable()
            capacityBytes = capacity
            newCapacityBytes = nil
        }
        let bytes = head.readableBytesUInt8Span
        // `HTTP/1.1 200 OK`.
        writeStatus(bytes, at: 9, to: &buffer)
        var index = 9
        while bytes[index] != ASCII.lineFeed { index += 1 }
        index += 1
        var line = HPACKLine()
        while bytes[index] != ASCII.carriageReturn {
            line.start = index
            while bytes[index] != ASCII.colon { index += 1 }
            line.nameEnd = index
            line.valueStart = index + 2
            while bytes[index] != ASCII.lineFeed { index += 1 }
            line.end = index - 1
            index += 1
            encode(line, of: bytes, to: &buffer)
        }
        if let urgency { writePriority(urgency, to: &buffer) }
    }

    private func writeStatus(_ bytes: Span<UInt8>, at index: Int, to buffer: inout ByteBuffer) {
        let digits = (bytes[index], bytes[index + 1], bytes[index + 2])
        switch digits {
        // Those that the static table has. Appendix A
        case (UInt8(ascii: "2"), UInt8(ascii: "0"), UInt8(ascii: "0")):
            buffer.writeInteger(0x88 as UInt8)
        case (UInt8(ascii: "2"), UInt8(ascii: "0"), UInt8(ascii: "6")):
            buffer.writeInteger(0x8A as UInt8)
        case (UInt8(ascii: "3"), UInt8(ascii: "0"), UInt8(ascii: "4")):
            buffer.writeInteger(0x8B as UInt8)
        case (UInt8(ascii: "4"), UInt8(ascii: "0"), UInt8(ascii: "4")):
            buffer.writeInteger(0x8D as UInt8)
        default:
            buffer.writeMultipleIntegers(0x08 as UInt8, 3 as UInt8)
            buffer.writeMultipleIntegers(digits.0, digits.1, digits.2)
        }
    }

    private mutating func encode(
        _ line: HPACKLine,
        of bytes: Span<UInt8>,
        to buffer: inout ByteBuffer
    ) {
        let name = line.start..<line.nameEnd
        switch HPACKName(bytes, name) {
        case .ofConnection: return
        case .single(let index): writeLiteral(line, bytes, nameIndex: index, to: &buffer)
        case .repeated(let index):
            if let place = table.place(of: line, bytes) {
                return buffer.writeHPACKInteger(
                    HPACKName.staticCount + place,
                    prefixBits: 7,
                    pattern: 0x80
                )
            }
            guard table.sizeBytes + line.tableSizeBytes <= capacityBytes else {
                return writeLiteral(line, bytes, nameIndex: index, to: &buffer)
            }
            table.append(line, bytes)
            buffer.writeHPACKInteger(index ?? 0, prefixBits: 6, pattern: 0x40)
            if index == nil { buffer.writeHPACKName(bytes, name) }
            buffer.writeHPACKString(bytes, line.valueStart..<line.end)
        }
    }

    /// Without a place in the table. §6.2.2
    private func writeLiteral(
        _ line: HPACKLine,
        _ bytes: Span<UInt8>,
        nameIndex: Int?,
        to buffer: inout ByteBuffer
    ) {
        buffer.writeHPACKInteger(nameIndex ?? 0, prefixBits: 4, pattern: 0)
        if nameIndex == nil { buffer.writeHPACKName(bytes, line.start..<line.nameEnd) }
        buffer.writeHPACKString(bytes, line.valueStart..<line.end)
    }

    private func writePriority(_ urgency: Int, to buffer: inout ByteBuffer) {
        buffer.writeInteger(0 as UInt8)
        buffer.writeInteger(8 as UInt8)
        buffer.writeStaticString("priority")
        buffer.writeInteger(3 as UInt8)
        buffer.writeStaticString("u=")
        buffer.writeInteger(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: urgency))
    }

    private static let standardTableSizeBytes = 4096
}

/// Where a field's line lies in a head.
struct HPACKLine {
    var start = 0
    var nameEnd = 0
    var valueStart = 0
    /// Without its CRLF.
    var end = 0

    /// What an entry counts for. §4.1
    var tableSizeBytes: Int { nameEnd - start + end - valueStart + 32 }
}

/// The lines that the client's dynamic table holds, and where.
struct HPACKLineTable {
    private var lines: [UInt8] = []
    private var ends: [Int] = []
    /// Where the next answer's line is likely to be found.
    private var expected = 0
    private(set) var sizeBytes = 0

    mutating func append(_ line: HPACKLine, _ bytes: Span<UInt8>) {
        for index in line.start..<line.end { lines.append(bytes[index]) }
        ends.append(lines.count)
        sizeBytes += line.tableSizeBytes
    }

    /// The line's place, counted from the newest entry, which is 1.
    ///
    /// Answers have their lines in the same order, so it is most often behind the one found before.
    mutating func place(of line: HPACKLine, _ bytes: Span<UInt8>) -> Int? {
        for step in 0..<ends.count {
            var entry = expected + step
            if entry >= ends.count { entry -= ends.count }
            if isEqual(entry, line, bytes) {
                expected = entry + 1 == ends.count ? 0 : entry + 1
                return ends.count - entry
            }
        }
        return nil
    }

    private func isEqual(_ entry: Int, _ line: HPACKLine, _ bytes: Span<UInt8>) -> Bool {
        let start = entry == 0 ? 0 : ends[entry - 1]
        let count = ends[entry] - start
        guard count == line.end - line.start else { return false }
        let entryBytes = lines.span
        for offset in 0..<count where entryBytes[start + offset] != bytes[line.start + offset] {
            return false
        }
        return true
    }
}

/// Where the NAL units of one frame lie in a message.
///
/// Kept by whoever reads frames, so that its memory is reserved once.
struct NALUnitRanges {
    private(set) var units: [Range<Int>] = []
    /// Whether start codes stand between the units, where lengths should.
    private(set) var isByteStream = false

    /// Finds the units.
    ///
    /// - Returns: false where the bytes are neither units behind lengths nor a byte stream, or are
    ///   more units than the limit.
    mutating func find(
        in body: Span<UInt8>,
        _ range: Range<Int>,
        lengthSize: Int,
        limit: Int
    ) -> Bool {
        isByteStream = false
        if findPrefixed(in: body, range, lengthSize: lengthSize, limit: limit) { return true }
        // Encoders without global headers send what they make as it is.
        isByteStream = true
        return findStartCodes(in: body, range, limit: limit)
    }

    /// Units behind lengths. ISO/IEC 14496-15 §5.3.4.2
    private mutating func findPrefixed(
        in body: Span<UInt8>,
        _ range: Range<Int>,
        lengthSize: Int,
        limit: Int
    ) -> Bool {
        units.removeAll(keepingCapacity: true)
        var position = range.lowerBound
        while position < range.upperBound {
            guard lengthSize <= range.upperBound - position else { return false }
            var size = 0
            for index in position..<position + lengthSize { size = size << 8 | Int(body[index]) }
            position += lengthSize
            guard size <= range.upperBound - position, units.count < limit else { return false }
            if size > 0 { units.append(position..<position + size) }
            position += size
        }
        return true
    }

    /// Units behind start codes. ISO/IEC 14496-10 annex B
    private mutating func findStartCodes(
        in body: Span<UInt8>,
        _ range: Range<Int>,
        limit: Int
    ) -> Bool {
        units.removeAll(keepingCapacity: true)
        var start: Int?
        var position = range.lowerBound
        while position + 3 <= range.upperBound {
            if body[position + 2] > 1 {
                position += 3
            } else if body[position] == 0, body[position + 1] == 0, body[position + 2] == 1 {
                guard append(start, position, body, limit) else { return false }
                // Only zeros may stand in front of the first one.
                if start == nil {
                    for index in range.lowerBound..<position where body[index] != 0 {
                        return false
                    }
                }
                start = position + 3
                position += 3
            } else {
                position += 1
            }
        }
        guard start != nil else { return false }
        return append(start, range.upperBound, body, limit)
    }

    private mutating func append(
        _ start: Int?,
        _ end: Int,
        _ body: Span<UInt8>,
        _ limit: Int
    ) -> Bool {
        guard let start else { return true }
        var end = end
        while end > start, body[end - 1] == 0 { end -= 1 }
        guard units.count < limit else { return false }
        if end > start { units.append(start..<end) }
        return true
    }
}

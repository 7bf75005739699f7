extension VideoAssembly {
    /// A temporal unit, whose delimiter does not go into samples.
    ///
    /// AV1 Codec ISO Media File Format Binding §2.4
    mutating func frameOfUnits(
        _ body: Span<UInt8>,
        _ range: Range<Int>,
        limit: Int
    ) -> Outcome {
        var units = OpenUnits(range: range)
        var (count, delimiterBytes) = (0, 0)
        var header: Range<Int>?
        var firstFrame: Range<Int>?
        while let unit = units.next(body) {
            count += 1
            guard count <= limit else { return .dropped(.malformed) }
            switch unit.type {
            case OpenUnits.sequenceHeader: header = header ?? unit.payload
            case OpenUnits.temporalDelimiter: delimiterBytes += unit.whole.count
            case OpenUnits.frameHeader, OpenUnits.frame: firstFrame = firstFrame ?? unit.payload
            default: break
            }
        }
        guard !units.isBroken, let firstFrame, let first = body.extracting(firstFrame).first else {
            return .dropped(.malformed)
        }
        // show_existing_frame, frame_type, show_frame: a key frame that is shown
        let isSync = first >> 4 == 0b0001
        if let header, isSync || entry == nil {
            guard take(sequenceHeader: Bytes.copy(body, header)) else {
                return .dropped(.invalidConfiguration)
            }
        }
        guard entry != nil else { return .dropped(.noConfiguration) }
        if isSync { waitsForSync = false }
        guard !waitsForSync else { return .dropped(.beforeKeyFrame) }
        guard delimiterBytes > 0 else {
            return .frame(Bytes.copy(body, range), isSync: isSync)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count - delimiterBytes)
        var kept = OpenUnits(range: range)
        while let unit = kept.next(body) {
            guard unit.type != OpenUnits.temporalDelimiter else { continue }
            Bytes.append(body, unit.whole, to: &bytes)
        }
        return .frame(bytes, isSync: isSync)
    }
}

extension Span where Element == UInt8 {
    /// The first byte; nil where there is none.
    fileprivate var first: UInt8? { isEmpty ? nil : self[0] }
}

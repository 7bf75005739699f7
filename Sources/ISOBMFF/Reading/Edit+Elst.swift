extension Edit {
    /// Makes one edit of an edit list: empty edits in front add up, one of media follows, empty
    /// ones behind it change nothing.
    init(
        _ list: Elst,
        movieTimescale: UInt32,
        trackTimescale: UInt32
    ) throws(ISOBMFFError) {
        self.init()
        var hasMedia = false
        var emptyDuration: UInt64 = 0
        for entry in list.entries {
            guard let mediaTime = entry.mediaTime else {
                if !hasMedia {
                    emptyDuration = try Self.sum(emptyDuration, entry.segmentDuration)
                }
                continue
            }
            guard !hasMedia else { throw .unsupported(feature: .severalEdits) }
            hasMedia = true
            self.mediaTime = mediaTime
            // 0 is all there is, as fragmented files have it.
            if entry.segmentDuration > 0 {
                self.duration = try Self.convert(
                    entry.segmentDuration,
                    from: movieTimescale,
                    to: trackTimescale
                )
            }
        }
        self.emptyDuration = try Self.convert(
            emptyDuration,
            from: movieTimescale,
            to: trackTimescale
        )
    }

    /// Times beyond this are refused, so that sums of them stay in range.
    private static let maximum: UInt64 = 1 << 60

    private static func sum(_ left: UInt64, _ right: UInt64) throws(ISOBMFFError) -> UInt64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        guard !overflow else { throw outOfRange(.max) }
        return sum
    }

    /// A time in another timescale, rounded to the nearest tick, halves up.
    private static func convert(
        _ value: UInt64,
        from: UInt32,
        to: UInt32
    ) throws(ISOBMFFError) -> Int64 {
        let (product, overflow) = value.multipliedReportingOverflow(by: UInt64(to))
        guard !overflow else { throw outOfRange(value) }
        let (quotient, remainder) = product.quotientAndRemainder(dividingBy: UInt64(from))
        let rounded = quotient + (remainder >= UInt64(from) - remainder ? 1 : 0)
        guard rounded <= maximum else { throw outOfRange(value) }
        return Int64(rounded)
    }

    private static func outOfRange(_ value: UInt64) -> ISOBMFFError {
        .invalid(box: "elst", field: "segment_duration", value: Int64(clamping: value))
    }
}

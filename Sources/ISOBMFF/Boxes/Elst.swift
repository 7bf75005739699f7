/// Edit list: what of a track's media is presented, and when.
///
/// ISO/IEC 14496-12 §8.6.6
struct Elst {
    struct Entry {
        /// In the movie's timescale.
        let segmentDuration: UInt64
        /// Composition time in the track's timescale; nil is an empty edit.
        let mediaTime: Int64?
    }

    let entries: [Entry]

    private static let normalRate: UInt32 = 0x0001_0000
    private static let emptyMediaTime: Int64 = -1
    /// Times beyond this are refused, so that sums of them stay in range.
    private static let maximumMediaTime: Int64 = 1 << 60

    init(_ box: BoxReader, limits: ISOBMFFLimits) throws(ISOBMFFError) {
        var box = box
        let (version, _) = try box.readVersionAndFlags()
        let count = try box.readUInt32()
        guard count <= limits.edits else {
            throw .tooMany(box: box.type, count: UInt64(count), limit: UInt64(limits.edits))
        }
        var entries: [Entry] = []
        for _ in 0..<count {
            let segmentDuration = try box.readUInt64(version: version)
            let field = try box.readUInt64(version: version)
            let mediaTime =
                version == 0
                ? Int64(Int32(truncatingIfNeeded: field))
                : Int64(bitPattern: field)
            let rate = try box.readUInt32()
            if mediaTime == Self.emptyMediaTime {
                entries.append(Entry(segmentDuration: segmentDuration, mediaTime: nil))
                continue
            }
            guard (0...Self.maximumMediaTime).contains(mediaTime) else {
                throw .invalid(box: box.type, field: "media_time", value: mediaTime)
            }
            guard rate == Self.normalRate else { throw .unsupported(feature: .editRate) }
            entries.append(Entry(segmentDuration: segmentDuration, mediaTime: mediaTime))
        }
        self.entries = entries
    }
}

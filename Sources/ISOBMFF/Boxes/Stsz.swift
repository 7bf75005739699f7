/// Sample sizes, as `stsz` and the compact `stz2` say them.
///
/// ISO/IEC 14496-12 §8.7.3
struct Stsz {
    let sampleCount: Int
    let sizes: Sizes

    enum Sizes {
        case constant(UInt32)
        /// One entry a sample, 1, 2 or 4 bytes each.
        case table(EntryTable)
        /// Two samples a byte, the first in the high half.
        case halfBytes(EntryTable)
    }

    /// Reads either box.
    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        _ = try box.readVersionAndFlags()
        let word = try box.readUInt32()
        let count = try box.readUInt32()
        self.sampleCount = Int(count)
        guard box.type == "stz2" else {
            self.sizes =
                word > 0
                ? .constant(word) : .table(try box.readTable(count: count, entrySize: 4))
            return
        }
        switch word & 0xFF {
        case 4:
            let byteCount = count / 2 + count % 2
            self.sizes = .halfBytes(try box.readTable(count: byteCount, entrySize: 1))
        case 8:
            self.sizes = .table(try box.readTable(count: count, entrySize: 1))
        case 16:
            self.sizes = .table(try box.readTable(count: count, entrySize: 2))
        default:
            throw .invalid(box: box.type, field: "field_size", value: Int64(word & 0xFF))
        }
    }
}

/// Chunk offsets, as `stco` (32 bits) and `co64` (64 bits) say them.
///
/// ISO/IEC 14496-12 §8.7.5
struct Stco {
    /// Entries of a chunk_offset of 4 or 8 bytes.
    let table: EntryTable

    /// Reads either box.
    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        _ = try box.readVersionAndFlags()
        self.table = try box.readTable(entrySize: box.type == "co64" ? 8 : 4)
    }
}

/// Sample to chunk: runs of chunks with equally many samples each.
///
/// ISO/IEC 14496-12 §8.7.4
struct Stsc {
    /// Entries of first_chunk, samples_per_chunk and sample_description_index, 32 bits each.
    let table: EntryTable

    static let entrySize = 12

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        _ = try box.readVersionAndFlags()
        self.table = try box.readTable(entrySize: Self.entrySize)
    }
}

/// Sync samples, by 1-based number; without the box every sample is one.
///
/// ISO/IEC 14496-12 §8.6.2
struct Stss {
    /// Entries of a sample_number of 32 bits.
    let table: EntryTable

    static let entrySize = 4

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        _ = try box.readVersionAndFlags()
        self.table = try box.readTable(entrySize: Self.entrySize)
    }
}

/// Decoding time to sample: runs of samples of equal duration.
///
/// ISO/IEC 14496-12 §8.6.1.2
struct Stts {
    /// Entries of sample_count and sample_delta, 32 bits each.
    let table: EntryTable

    static let entrySize = 8

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        _ = try box.readVersionAndFlags()
        self.table = try box.readTable(entrySize: Self.entrySize)
    }
}

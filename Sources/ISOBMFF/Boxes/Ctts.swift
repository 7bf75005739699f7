/// Composition time to sample: runs of samples of equal composition offset.
///
/// Offsets are read as signed whatever the version: many writers store negative ones in version 0,
/// and no offset that is meant to be positive has its top bit set.
///
/// ISO/IEC 14496-12 §8.6.1.3
struct Ctts {
    /// Entries of sample_count and sample_offset, 32 bits each.
    let table: EntryTable

    static let entrySize = 8

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        _ = try box.readVersionAndFlags()
        self.table = try box.readTable(entrySize: Self.entrySize)
    }
}

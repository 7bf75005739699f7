/// Sample to group: runs of samples of one group.
///
/// Of interest is random access (`rap `); roll groups and all others may be there and change
/// nothing.
///
/// ISO/IEC 14496-12 §8.9.2
struct Sbgp {
    let groupingType: FourCC
    /// Entries of sample_count and group_description_index (0: of no group), 32 bits each.
    let table: EntryTable

    static let entrySize = 8

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        let (version, _) = try box.readVersionAndFlags()
        self.groupingType = try box.readFourCC()
        if version == 1 {
            try box.skip(4)  // grouping_type_parameter
        }
        self.table = try box.readTable(entrySize: Self.entrySize)
    }
}

/// The entries of a table as they stand in the bytes of a box: known to be there, not yet read.
struct EntryTable {
    let bytes: [UInt8]
    /// Index of the first entry's first byte in `bytes`.
    let start: Int
    let count: Int
    let entrySize: Int

    static let empty = EntryTable(bytes: [], start: 0, count: 0, entrySize: 1)
}

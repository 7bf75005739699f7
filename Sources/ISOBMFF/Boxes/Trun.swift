/// Track run: samples that lie one behind the other in the file.
///
/// ISO/IEC 14496-12 §8.8.8
struct Trun {
    let sampleCount: Int
    /// From the fragment's base; nil: behind the run before.
    let dataOffset: Int32?
    /// Flags of the first sample in place of what holds of the others.
    let firstSampleFlags: UInt32?
    /// One entry a sample, fields of 32 bits in the order of `Columns`.
    let table: EntryTable
    let columns: Columns

    /// Byte offset of each field in an entry; nil where entries do not have it.
    struct Columns {
        var duration: Int?
        var size: Int?
        var flags: Int?
        var compositionOffset: Int?
    }

    private enum Flag {
        static let dataOffset: UInt32 = 0x00_0001
        static let firstSampleFlags: UInt32 = 0x00_0004
        static let duration: UInt32 = 0x00_0100
        static let size: UInt32 = 0x00_0200
        static let flags: UInt32 = 0x00_0400
        static let compositionOffset: UInt32 = 0x00_0800
    }

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        let (_, present) = try box.readVersionAndFlags()
        let count = try box.readUInt32()
        self.sampleCount = Int(count)
        self.dataOffset =
            present & Flag.dataOffset != 0 ? Int32(bitPattern: try box.readUInt32()) : nil
        self.firstSampleFlags =
            present & Flag.firstSampleFlags != 0 ? try box.readUInt32() : nil
        var entrySize = 0
        func column(_ flag: UInt32) -> Int? {
            guard present & flag != 0 else { return nil }
            defer { entrySize += 4 }
            return entrySize
        }
        self.columns = Columns(
            duration: column(Flag.duration),
            size: column(Flag.size),
            flags: column(Flag.flags),
            compositionOffset: column(Flag.compositionOffset)
        )
        self.table =
            entrySize == 0 ? .empty : try box.readTable(count: count, entrySize: entrySize)
    }
}

/// Data references: where the samples of a track's entries lie.
///
/// ISO/IEC 14496-12 §8.7.2
struct Dref {
    /// For each reference, whether it is this file.
    let isSelfContained: [Bool]

    private static let selfContainedFlag: UInt32 = 1

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        _ = try box.readVersionAndFlags()
        _ = try box.readUInt32()  // entry_count: the boxes say it themselves
        var isSelfContained: [Bool] = []
        while var reference = try box.nextBox() {
            let (_, flags) = try reference.readVersionAndFlags()
            isSelfContained.append(flags & Self.selfContainedFlag != 0)
        }
        self.isSelfContained = isSelfContained
    }

    /// Whether the reference of a 1-based number, as sample entries have it, is another file.
    func isExternal(number: UInt16) -> Bool {
        let index = Int(number) - 1
        return isSelfContained.indices.contains(index) && !isSelfContained[index]
    }
}

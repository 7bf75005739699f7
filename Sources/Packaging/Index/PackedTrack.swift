/// The samples of one track as the index holds them: a row for each group, and its packed block.
struct PackedTrack: Hashable, Sendable {
    /// One for each group and one behind them, so that a group's bytes and samples are differences.
    var rows: [GroupRow]
    var durations: ValueCoding
    /// Composition offsets, shifted to be 0 or more.
    var compositionOffsets: ValueCoding
    /// Where the sample description changes; the first is at group 0.
    var descriptions: [DescriptionRun]

    /// Groups from `firstGroup` on have a sample description, up to the next run.
    struct DescriptionRun: Hashable, Sendable {
        var firstGroup: UInt32
        var descriptionIndex: UInt8
    }

    func sampleCount(_ groups: Range<Int>) -> Int {
        Int(rows[groups.upperBound].samplesBefore - rows[groups.lowerBound].samplesBefore)
    }

    /// Whether no group of a run but the first starts another sample description.
    func haveOneDescription(_ groups: Range<Int>) -> Bool {
        descriptionRun(ofGroup: groups.lowerBound) == descriptionRun(ofGroup: groups.upperBound - 1)
    }

    func descriptionIndex(ofGroup group: Int) -> Int {
        Int(descriptions[descriptionRun(ofGroup: group)].descriptionIndex)
    }

    private func descriptionRun(ofGroup group: Int) -> Int {
        var (low, high) = (0, descriptions.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(descriptions[middle].firstGroup) <= group { low = middle } else { high = middle }
        }
        return low
    }
}

/// What is known of one track in one group without decoding anything.
struct GroupRow: Hashable, Sendable {
    /// Of the first sample, in the track's timescale.
    var decodeTime: Int64
    var presentationStart: Int64
    /// Media bytes of all groups before.
    var bytesBefore: UInt64
    /// Place of the first sample in the file.
    var offsetBytes: UInt64
    /// Samples of all groups before.
    var samplesBefore: UInt32
    /// Place of the group's block in the index's packed bytes.
    var blockOffset: UInt32
}

/// How a property of samples is packed.
enum ValueCoding: Hashable, Sendable {
    /// All samples of the track have this value.
    case constant(UInt32)
    /// Each sample has a place in this list, whose count is two to the power of `width`.
    case palette([UInt32], width: Int)
    /// Each block has a least value, a width, and the differences.
    case blocks

    /// Chooses the coding for a track's values.
    init(_ values: some Sequence<UInt32>) {
        var known: [UInt32] = []
        var last: UInt32?
        for value in values where value != last {
            last = value
            guard !known.contains(value) else { continue }
            known.append(value)
            if known.count > IndexLimits.paletteValues {
                self = .blocks
                return
            }
        }
        guard let first = known.first, known.count > 1 else {
            self = .constant(known.first ?? 0)
            return
        }
        let width = BitWriter.width(of: UInt64(known.count - 1))
        known += repeatElement(first, count: 1 << width - known.count)
        self = .palette(known, width: width)
    }
}

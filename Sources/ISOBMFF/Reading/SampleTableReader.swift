/// Reads the boxes of an `stbl` and makes arrays of their runs.
///
/// ISO/IEC 14496-12 §8.5.1
struct SampleTableReader {
    let fileSizeBytes: UInt64
    /// Entries of `stsd`.
    let entryCount: Int

    func read(
        _ stbl: BoxReader,
        budget: inout SampleBudget
    ) throws(ISOBMFFError) -> SampleTable {
        let boxes = try Boxes(stbl)
        guard let stsz = boxes.stsz, stsz.sampleCount > 0 else { return SampleTable() }
        if case .constant(let size) = stsz.sizes {
            try budget.take(stsz.sampleCount, of: "stsz", uniformSizeBytes: size)
        } else {
            try budget.take(stsz.sampleCount, of: "stsz")
        }
        guard let stts = boxes.stts else { throw .missing(box: "stts") }
        guard let stsc = boxes.stsc else { throw .missing(box: "stsc") }
        guard let stco = boxes.stco else { throw .missing(box: "stco") }
        let expansion = SampleTableExpansion(sampleCount: stsz.sampleCount)
        let sizes = expansion.sizes(stsz)
        let chunks = try expansion.chunkRuns(stsc, chunkCount: stco.table.count)
        return SampleTable(
            sizesBytes: sizes,
            offsetsBytes: try expansion.offsets(
                stco,
                chunks: chunks,
                sizes: sizes,
                fileSizeBytes: fileSizeBytes
            ),
            durations: try expansion.durations(stts),
            compositionOffsets: boxes.ctts.map(expansion.compositionOffsets) ?? [],
            dependencies: try expansion.dependencies(boxes.stss, randomAccess: boxes.randomAccess),
            descriptionIndexes: try expansion.descriptionIndexes(chunks, entryCount: entryCount)
        )
    }

    /// The boxes that matter; others, `cslg` and `sdtp` among them, say nothing that these do not.
    private struct Boxes {
        var stsz: Stsz?
        var stts: Stts?
        var stsc: Stsc?
        var stco: Stco?
        var ctts: Ctts?
        var stss: Stss?
        var randomAccess: Sbgp?

        init(_ stbl: BoxReader) throws(ISOBMFFError) {
            var stbl = stbl
            while let child = try stbl.nextBox() {
                switch child.type {
                case "stsz", "stz2": stsz = try Stsz(child)
                case "stts": stts = try Stts(child)
                case "stsc": stsc = try Stsc(child)
                case "stco", "co64": stco = try Stco(child)
                case "ctts": ctts = try Ctts(child)
                case "stss": stss = try Stss(child)
                case "sbgp":
                    let sbgp = try Sbgp(child)
                    if sbgp.groupingType == "rap " { randomAccess = sbgp }
                default: break
                }
            }
        }
    }
}

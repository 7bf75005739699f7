/// `stss`: the numbers of the sync samples.
///
/// ISO/IEC 14496-12 §8.6.2
package struct SyncSampleBox: Hashable, Sendable {
    /// 1-based and rising; nil: every sample is a sync sample, and the box is left out.
    package var sampleNumbers: [UInt32]?

    package init(sampleNumbers: [UInt32]? = nil) {
        self.sampleNumbers = sampleNumbers
    }

    package var sizeBytes: Int { sampleNumbers.map { 16 + 4 * $0.count } ?? 0 }

    package func write(to writer: inout BoxWriter) {
        guard let sampleNumbers else { return }
        writer.fullBox("stss") {
            $0.append(UInt32(sampleNumbers.count))
            $0.append(table: sampleNumbers)
        }
    }
}

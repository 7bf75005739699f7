/// `stsz`: the size of each sample, or one that all share.
///
/// ISO/IEC 14496-12 §8.7.3.2
package struct SampleSizeBox: Hashable, Sendable {
    package var sizesBytes: [UInt32]

    package init(sizesBytes: [UInt32] = []) {
        self.sizesBytes = sizesBytes
    }

    /// The size that all samples have, 0 where they differ.
    ///
    /// 0 announces a table, so it can never be the size that all share.
    private var commonSizeBytes: UInt32 {
        guard let first = sizesBytes.first, sizesBytes.allSatisfy({ $0 == first }) else { return 0 }
        return first
    }

    package var sizeBytes: Int { 20 + (commonSizeBytes == 0 ? 4 * sizesBytes.count : 0) }

    package func write(to writer: inout BoxWriter) {
        writer.fullBox("stsz") {
            let common = commonSizeBytes
            $0.append(common)
            $0.append(UInt32(sizesBytes.count))
            if common == 0 {
                $0.append(table: sizesBytes)
            }
        }
    }
}

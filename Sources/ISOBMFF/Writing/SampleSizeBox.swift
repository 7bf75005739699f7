/// `stsz`: the size of each sample, or one that all share.
///
/// ISO/IEC 14496-12 §8.7.3.2
package struct SampleSizeBox: Hashable, Sendable {
    package var sizesBytes: [UInt32]

    package init(sizesBytes: [UInt32] = []) {
        self.sizesBytes = sizesBytes
    }

    package func write(to writer: inout BoxWriter) {
        // 0 as the common size announces a table, so it can never be the size that all share.
        let common = sizesBytes.first ?? 0
        let isUniform = common != 0 && sizesBytes.allSatisfy { $0 == common }
        writer.fullBox("stsz") {
            $0.append(isUniform ? common : 0)
            $0.append(UInt32(sizesBytes.count))
            if !isUniform {
                $0.append(table: sizesBytes)
            }
        }
    }
}

/// `sidx` version 1: where the segments behind it start and how long each lasts.
///
/// ISO/IEC 14496-12 §8.16.3
package struct SegmentIndexBox: Hashable, Sendable {
    package var referenceID: UInt32
    package var timescale: UInt32
    package var earliestPresentationTime: UInt64
    /// Bytes between the end of this box and the first segment.
    package var firstOffset: UInt64
    /// At most 65535, as the box counts with 16 bits.
    package var references: [Reference]

    package struct Reference: Hashable, Sendable {
        /// At most 31 bits.
        package var sizeBytes: UInt32
        package var subsegmentDuration: UInt32
        package var startsWithSAP: Bool
        /// 0 unknown, 1 closed GOP, 2 open GOP without leading pictures, 3 with them; 3 bits.
        package var sapType: UInt8

        package init(
            sizeBytes: UInt32,
            subsegmentDuration: UInt32,
            startsWithSAP: Bool = true,
            sapType: UInt8 = 1
        ) {
            precondition(sizeBytes < 1 << 31 && sapType < 8, "sidx has 31 and 3 bits for these")
            self.sizeBytes = sizeBytes
            self.subsegmentDuration = subsegmentDuration
            self.startsWithSAP = startsWithSAP
            self.sapType = sapType
        }
    }

    package init(
        referenceID: UInt32 = 1,
        timescale: UInt32,
        earliestPresentationTime: UInt64,
        firstOffset: UInt64 = 0,
        references: [Reference]
    ) {
        precondition(references.count <= Int(UInt16.max), "sidx counts with 16 bits")
        self.referenceID = referenceID
        self.timescale = timescale
        self.earliestPresentationTime = earliestPresentationTime
        self.firstOffset = firstOffset
        self.references = references
    }

    package func write(to writer: inout BoxWriter) {
        writer.fullBox("sidx", version: 1) {
            $0.append(referenceID)
            $0.append(timescale)
            $0.append(earliestPresentationTime)
            $0.append(firstOffset)
            $0.append(zeros: 2)
            $0.append(UInt16(references.count))
            for reference in references {
                $0.append(reference.sizeBytes)  // reference_type 0: media
                $0.append(reference.subsegmentDuration)
                let starts: UInt32 = reference.startsWithSAP ? 1 : 0
                $0.append(starts << 31 | UInt32(reference.sapType) << 28)
            }
        }
    }
}

/// `stco` or, where an offset needs it, `co64`: where each chunk starts in the file.
///
/// ISO/IEC 14496-12 §8.7.5
package struct ChunkOffsetBox: Hashable, Sendable {
    package var offsetsBytes: [UInt64]
    /// Whether the box is `co64`.
    package var isLarge: Bool

    package init(offsetsBytes: [UInt64] = [], isLarge: Bool = false) {
        self.offsetsBytes = offsetsBytes
        self.isLarge = isLarge
    }

    package func write(to writer: inout BoxWriter) {
        writer.fullBox(isLarge ? "co64" : "stco") {
            $0.append(UInt32(offsetsBytes.count))
            for offset in offsetsBytes {
                $0.append(offset, version: isLarge ? 1 : 0)
            }
        }
    }
}

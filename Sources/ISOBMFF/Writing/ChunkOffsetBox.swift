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

    /// Moves every chunk `distance` further on, and widens the box where `isLarge` says so.
    package mutating func move(by distance: UInt64, isLarge: Bool) {
        for index in offsetsBytes.indices {
            offsetsBytes[index] += distance
        }
        self.isLarge = isLarge
    }

    package var sizeBytes: Int { 16 + (isLarge ? 8 : 4) * offsetsBytes.count }

    package func write(to writer: inout BoxWriter) {
        writer.fullBox(isLarge ? "co64" : "stco") {
            $0.append(UInt32(offsetsBytes.count))
            for offset in offsetsBytes {
                $0.append(offset, version: isLarge ? 1 : 0)
            }
        }
    }
}

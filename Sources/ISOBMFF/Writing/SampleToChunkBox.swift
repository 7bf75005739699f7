/// `stsc`: how many samples each chunk has and which description they follow, as runs of chunks.
///
/// ISO/IEC 14496-12 §8.7.4
package struct SampleToChunkBox: Hashable, Sendable {
    package var entries: [Entry]

    package struct Entry: Hashable, Sendable {
        /// 1-based.
        package var firstChunk: UInt32
        package var samplesPerChunk: UInt32
        /// 1-based.
        package var sampleDescriptionIndex: UInt32

        package init(firstChunk: UInt32, samplesPerChunk: UInt32, sampleDescriptionIndex: UInt32) {
            self.firstChunk = firstChunk
            self.samplesPerChunk = samplesPerChunk
            self.sampleDescriptionIndex = sampleDescriptionIndex
        }
    }

    package init(entries: [Entry] = []) {
        self.entries = entries
    }

    /// Adds a chunk; `number` counts from 1.
    mutating func append(chunk number: UInt32, sampleCount: UInt32, descriptionIndex: UInt32) {
        if let last = entries.last, last.samplesPerChunk == sampleCount,
            last.sampleDescriptionIndex == descriptionIndex
        {
            return
        }
        entries.append(
            Entry(
                firstChunk: number,
                samplesPerChunk: sampleCount,
                sampleDescriptionIndex: descriptionIndex
            )
        )
    }

    package var sizeBytes: Int { 16 + 12 * entries.count }

    package func write(to writer: inout BoxWriter) {
        writer.fullBox("stsc") {
            $0.append(UInt32(entries.count))
            for entry in entries {
                $0.append(entry.firstChunk)
                $0.append(entry.samplesPerChunk)
                $0.append(entry.sampleDescriptionIndex)
            }
        }
    }
}

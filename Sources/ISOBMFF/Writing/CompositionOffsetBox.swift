/// `ctts`: composition time less decode time, as runs; version 1 where one is negative.
///
/// ISO/IEC 14496-12 §8.6.1.3
package struct CompositionOffsetBox: Hashable, Sendable {
    /// Empty: no sample has an offset, and the box is left out.
    package var entries: [Entry]

    package struct Entry: Hashable, Sendable {
        package var sampleCount: UInt32
        package var sampleOffset: Int32

        package init(sampleCount: UInt32, sampleOffset: Int32) {
            self.sampleCount = sampleCount
            self.sampleOffset = sampleOffset
        }
    }

    package init(entries: [Entry] = []) {
        self.entries = entries
    }

    /// Adds the next samples, joining runs.
    mutating func append(_ offsets: [Int32]) {
        for offset in offsets {
            append(offset, count: 1)
        }
    }

    mutating func append(_ offset: Int32, count: UInt32) {
        if let last = entries.indices.last, entries[last].sampleOffset == offset {
            entries[last].sampleCount += count
        } else {
            entries.append(Entry(sampleCount: count, sampleOffset: offset))
        }
    }

    package var sizeBytes: Int { entries.isEmpty ? 0 : 16 + 8 * entries.count }

    package func write(to writer: inout BoxWriter) {
        guard !entries.isEmpty else { return }
        let isSigned = entries.contains { $0.sampleOffset < 0 }
        writer.fullBox("ctts", version: isSigned ? 1 : 0) {
            $0.append(UInt32(entries.count))
            for entry in entries {
                $0.append(entry.sampleCount)
                $0.append(UInt32(bitPattern: entry.sampleOffset))
            }
        }
    }
}

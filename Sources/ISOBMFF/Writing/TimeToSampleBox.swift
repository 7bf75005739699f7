/// `stts`: decode durations, as runs of equal ones.
///
/// ISO/IEC 14496-12 §8.6.1.2
package struct TimeToSampleBox: Hashable, Sendable {
    package var entries: [Entry]

    package struct Entry: Hashable, Sendable {
        package var sampleCount: UInt32
        package var sampleDelta: UInt32

        package init(sampleCount: UInt32, sampleDelta: UInt32) {
            self.sampleCount = sampleCount
            self.sampleDelta = sampleDelta
        }
    }

    package init(entries: [Entry] = []) {
        self.entries = entries
    }

    /// Adds the next samples, joining runs.
    mutating func append(_ deltas: [UInt32]) {
        for delta in deltas {
            if let last = entries.indices.last, entries[last].sampleDelta == delta {
                entries[last].sampleCount += 1
            } else {
                entries.append(Entry(sampleCount: 1, sampleDelta: delta))
            }
        }
    }

    /// Makes the last sample last `ticks` longer.
    mutating func lengthenLast(by ticks: UInt32) {
        guard let last = entries.indices.last else { return }
        let delta = entries[last].sampleDelta
        entries[last].sampleCount -= 1
        if entries[last].sampleCount == 0 {
            entries.removeLast()
        }
        append([delta + ticks])
    }

    package var sizeBytes: Int { 16 + 8 * entries.count }

    package func write(to writer: inout BoxWriter) {
        writer.fullBox("stts") {
            $0.append(UInt32(entries.count))
            for entry in entries {
                $0.append(entry.sampleCount)
                $0.append(entry.sampleDelta)
            }
        }
    }
}

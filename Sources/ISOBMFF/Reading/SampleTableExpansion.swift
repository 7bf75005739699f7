/// Turns the runs of sample tables into one value a sample.
///
/// This is the hot path of reading: half a million samples for two hours. Each function takes one
/// pass over one table and fills one array of known size; nothing is allocated per sample.
/// `unsafe` here is for whole-integer loads, each checked against the bounds: see `BigEndian`.
struct SampleTableExpansion {
    let sampleCount: Int

    func sizes(_ stsz: Stsz) -> [UInt32] {
        switch stsz.sizes {
        case .constant(let size):
            return [UInt32](repeating: size, count: sampleCount)
        case .table(let table):
            let span = unsafe table.bytes.span.bytes
            return [UInt32](capacity: sampleCount) { sizes in
                switch table.entrySize {
                case 1:
                    for index in 0..<sampleCount {
                        sizes.append(UInt32(span.byte(at: table.start + index)))
                    }
                case 2:
                    for index in 0..<sampleCount {
                        sizes.append(UInt32(span.bigEndianUInt16(at: table.start + index * 2)))
                    }
                default:
                    for index in 0..<sampleCount {
                        sizes.append(span.bigEndianUInt32(at: table.start + index * 4))
                    }
                }
            }
        case .halfBytes(let table):
            let span = unsafe table.bytes.span.bytes
            return [UInt32](capacity: sampleCount) { sizes in
                for index in 0..<sampleCount {
                    let byte = span.byte(at: table.start + index / 2)
                    sizes.append(UInt32(index % 2 == 0 ? byte >> 4 : byte & 0xF))
                }
            }
        }
    }

    /// - Throws: where the runs hold fewer samples than there are; more are ignored.
    func durations(_ stts: Stts) throws(ISOBMFFError) -> [UInt32] {
        let durations: [UInt32] = expandRuns(stts.table) { $0 }
        guard durations.count == sampleCount else {
            throw .invalid(box: "stts", field: "sample_count", value: Int64(durations.count))
        }
        return durations
    }

    /// Samples behind the last run have an offset of 0; empty where all have.
    func compositionOffsets(_ ctts: Ctts) -> [Int32] {
        var offsets: [Int32] = expandRuns(ctts.table) { Int32(bitPattern: $0) }
        guard offsets.contains(where: { $0 != 0 }) else { return [] }
        if offsets.count < sampleCount {
            offsets.append(contentsOf: repeatElement(0, count: sampleCount - offsets.count))
        }
        return offsets
    }

    /// Expands runs of a count and a value, 32 bits each, to at most as many values as there are
    /// samples.
    @inline(__always)
    private func expandRuns<Value>(_ table: EntryTable, _ value: (UInt32) -> Value) -> [Value] {
        let span = unsafe table.bytes.span.bytes
        return [Value](capacity: sampleCount) { values in
            for entry in 0..<table.count {
                let position = table.start + entry * table.entrySize
                let count = min(Int(span.bigEndianUInt32(at: position)), values.freeCapacity)
                let repeated = value(span.bigEndianUInt32(at: position + 4))
                for _ in 0..<count { values.append(repeated) }
            }
        }
    }
}

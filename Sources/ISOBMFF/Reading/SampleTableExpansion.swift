/// Turns the runs of sample tables into one value a sample.
///
/// This is the hot path of reading: half a million samples for two hours. Each function takes one
/// pass over one table and fills one array of known size; nothing is allocated per sample.
/// `unsafe` here is for whole-integer loads, each checked against the bounds: see `BigEndian`.
struct SampleTableExpansion {
    let sampleCount: Int

    /// Chunks `first...` up to the next run's, with `samplesPerChunk` samples each.
    struct ChunkRun {
        /// 0-based.
        let chunks: Range<Int>
        let samplesPerChunk: Int
        /// 1-based.
        let descriptionNumber: UInt32
    }

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

// MARK: - Random access

extension SampleTableExpansion {
    /// What samples are to random access by `stss` and the `rap ` group; empty where every sample
    /// is a sync sample, as it is without `stss`.
    func dependencies(
        _ stss: Stss?,
        randomAccess: Sbgp?
    ) throws(ISOBMFFError) -> [SampleTable.Dependency] {
        guard let stss else { return [] }
        var dependencies = [SampleTable.Dependency](repeating: .dependent, count: sampleCount)
        if let randomAccess {
            mark(randomAccess, in: &dependencies)
        }
        let table = stss.table
        let span = unsafe table.bytes.span.bytes
        var syncCount = 0
        for entry in 0..<table.count {
            let number = Int(span.bigEndianUInt32(at: table.start + entry * Stss.entrySize))
            guard number >= 1, number <= sampleCount else {
                throw .invalid(box: "stss", field: "sample_number", value: Int64(number))
            }
            if dependencies[number - 1] != .sync { syncCount += 1 }
            dependencies[number - 1] = .sync
        }
        return syncCount == sampleCount ? [] : dependencies
    }

    private func mark(_ group: Sbgp, in dependencies: inout [SampleTable.Dependency]) {
        let table = group.table
        let span = unsafe table.bytes.span.bytes
        var sample = 0
        for entry in 0..<table.count {
            let position = table.start + entry * Sbgp.entrySize
            let count = min(Int(span.bigEndianUInt32(at: position)), sampleCount - sample)
            if span.bigEndianUInt32(at: position + 4) != 0 {
                for index in sample..<sample + count { dependencies[index] = .randomAccess }
            }
            sample += count
        }
    }
}

// MARK: - Chunks

extension SampleTableExpansion {
    /// The runs of `stsc`, with where they end.
    func chunkRuns(_ stsc: Stsc, chunkCount: Int) throws(ISOBMFFError) -> [ChunkRun] {
        let table = stsc.table
        let span = unsafe table.bytes.span.bytes
        var runs: [ChunkRun] = []
        runs.reserveCapacity(table.count)
        for entry in 0..<table.count {
            let position = table.start + entry * Stsc.entrySize
            let first = Int(span.bigEndianUInt32(at: position))
            let isLast = entry == table.count - 1
            let next =
                isLast
                ? chunkCount + 1 : Int(span.bigEndianUInt32(at: position + Stsc.entrySize))
            guard first >= 1, entry > 0 || first == 1, isLast || next > first else {
                throw .invalid(box: "stsc", field: "first_chunk", value: Int64(first))
            }
            let samplesPerChunk = span.bigEndianUInt32(at: position + 4)
            guard samplesPerChunk > 0 else {
                throw .invalid(box: "stsc", field: "samples_per_chunk", value: 0)
            }
            // Runs of chunks that are not there say nothing.
            guard first <= chunkCount else { break }
            let run = ChunkRun(
                chunks: first - 1..<min(next, chunkCount + 1) - 1,
                samplesPerChunk: Int(samplesPerChunk),
                descriptionNumber: span.bigEndianUInt32(at: position + 8)
            )
            runs.append(run)
        }
        return runs
    }

    /// - Throws: where chunks hold fewer samples than there are, or a sample lies outside the file.
    func offsets(
        _ stco: Stco,
        chunks: [ChunkRun],
        sizes: [UInt32],
        fileSizeBytes: UInt64
    ) throws(ISOBMFFError) -> [UInt64] {
        let table = stco.table
        let span = unsafe table.bytes.span.bytes
        var outside: (offset: UInt64, size: UInt64)?
        let offsets = [UInt64](capacity: sampleCount) { offsets in
            for run in chunks {
                for chunk in run.chunks {
                    let position = table.start + chunk * table.entrySize
                    let start =
                        table.entrySize == 8
                        ? span.bigEndianUInt64(at: position)
                        : UInt64(span.bigEndianUInt32(at: position))
                    let first = offsets.count
                    let count = min(run.samplesPerChunk, offsets.freeCapacity)
                    // The limits on samples and file size keep the sum in range.
                    var offset = start
                    for sample in first..<first + count {
                        offsets.append(offset)
                        offset &+= UInt64(sizes[sample])
                    }
                    if count > 0, start > fileSizeBytes || offset > fileSizeBytes {
                        outside = outside ?? (start, offset &- start)
                    }
                }
            }
        }
        if let outside {
            throw .outOfFile(offsetBytes: outside.offset, sizeBytes: outside.size)
        }
        guard offsets.count == sampleCount else {
            throw .invalid(box: "stsc", field: "samples_per_chunk", value: Int64(offsets.count))
        }
        return offsets
    }

    /// - Returns: empty where all samples have the first entry.
    func descriptionIndexes(
        _ chunks: [ChunkRun],
        entryCount: Int
    ) throws(ISOBMFFError) -> [UInt8] {
        for run in chunks where run.descriptionNumber < 1 || run.descriptionNumber > entryCount {
            let number = Int64(run.descriptionNumber)
            throw .invalid(box: "stsc", field: "sample_description_index", value: number)
        }
        guard chunks.contains(where: { $0.descriptionNumber != 1 }) else { return [] }
        return [UInt8](capacity: sampleCount) { indexes in
            for run in chunks {
                let index = UInt8(run.descriptionNumber - 1)
                let count = min(run.chunks.count * run.samplesPerChunk, indexes.freeCapacity)
                for _ in 0..<count { indexes.append(index) }
            }
        }
    }
}

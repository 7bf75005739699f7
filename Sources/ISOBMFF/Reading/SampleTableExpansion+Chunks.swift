/// Where samples lie: chunks, and the runs that say how many samples each has.
extension SampleTableExpansion {
    /// Chunks `first...` up to the next run's, with `samplesPerChunk` samples each.
    struct ChunkRun {
        /// 0-based.
        let chunks: Range<Int>
        let samplesPerChunk: Int
        /// 1-based.
        let descriptionNumber: UInt32
    }

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

/// Adds the samples of a `trun` to a track's table.
///
/// A hot path as `SampleTableExpansion` is. `unsafe` here is for whole-integer loads, each checked
/// against the bounds: see `BigEndian`.
///
/// ISO/IEC 14496-12 §8.8.8
struct TrackRunExpansion {
    let trun: Trun
    let defaults: SampleDefaults
    /// Place of the first sample in the file.
    let position: UInt64

    /// Set in a sample's flags where it is no sync sample. ISO/IEC 14496-12 §8.8.3.1
    private static let nonSyncFlag: UInt32 = 0x0001_0000

    /// Appends all samples, adds their durations to `decodeTime`, and returns the place behind the
    /// last of them.
    func append(
        to samples: inout SampleTable,
        entryIndex: UInt8,
        fileSizeBytes: UInt64,
        decodeTime: inout Int64,
        budget: inout SampleBudget
    ) throws(ISOBMFFError) -> UInt64 {
        guard trun.sampleCount > 0 else { return position }
        let first = samples.count
        let end = try appendSizes(
            to: &samples,
            fileSizeBytes: fileSizeBytes,
            budget: &budget
        )
        appendDurations(to: &samples, decodeTime: &decodeTime)
        appendCompositionOffsets(to: &samples, first: first)
        appendDependencies(to: &samples, first: first)
        if entryIndex != 0 || !samples.descriptionIndexes.isEmpty {
            samples.descriptionIndexes.fill(0, to: first)
            samples.descriptionIndexes.fill(entryIndex, to: first + trun.sampleCount)
        }
        return end
    }

    private func appendSizes(
        to samples: inout SampleTable,
        fileSizeBytes: UInt64,
        budget: inout SampleBudget
    ) throws(ISOBMFFError) -> UInt64 {
        guard position <= fileSizeBytes else {
            throw .outOfFile(offsetBytes: position, sizeBytes: 0)
        }
        var offset = position
        if let column = trun.columns.size {
            try budget.take(trun.sampleCount, of: "trun")
            let table = trun.table
            let span = unsafe table.bytes.span.bytes
            samples.sizesBytes.append(addingCapacity: trun.sampleCount) { sizes in
                for entry in 0..<trun.sampleCount {
                    let field = table.start + entry * table.entrySize + column
                    sizes.append(span.bigEndianUInt32(at: field))
                }
            }
            samples.offsetsBytes.append(addingCapacity: trun.sampleCount) { offsets in
                for entry in 0..<trun.sampleCount {
                    let field = table.start + entry * table.entrySize + column
                    offsets.append(offset)
                    offset &+= UInt64(span.bigEndianUInt32(at: field))
                }
            }
        } else {
            let size = UInt64(defaults.sizeBytes)
            let total = size * UInt64(trun.sampleCount)
            guard total <= fileSizeBytes - position else {
                throw .outOfFile(offsetBytes: position, sizeBytes: total)
            }
            try budget.take(trun.sampleCount, of: "trun", uniformSizeBytes: defaults.sizeBytes)
            samples.offsetsBytes.append(addingCapacity: trun.sampleCount) { offsets in
                for _ in 0..<trun.sampleCount {
                    offsets.append(offset)
                    offset &+= size
                }
            }
            samples.sizesBytes.fill(defaults.sizeBytes, to: samples.offsetsBytes.count)
        }
        guard offset <= fileSizeBytes else {
            throw .outOfFile(offsetBytes: position, sizeBytes: offset - position)
        }
        return offset
    }

    private func appendDurations(to samples: inout SampleTable, decodeTime: inout Int64) {
        guard let column = trun.columns.duration else {
            let count = samples.durations.count + trun.sampleCount
            samples.durations.fill(defaults.duration, to: count)
            decodeTime += Int64(defaults.duration) * Int64(trun.sampleCount)
            return
        }
        let table = trun.table
        let span = unsafe table.bytes.span.bytes
        samples.durations.append(addingCapacity: trun.sampleCount) { durations in
            for entry in 0..<trun.sampleCount {
                let field = table.start + entry * table.entrySize + column
                let duration = span.bigEndianUInt32(at: field)
                durations.append(duration)
                decodeTime += Int64(duration)
            }
        }
    }

    /// Offsets are read as signed whatever the version, for the reason that `Ctts` gives.
    private func appendCompositionOffsets(to samples: inout SampleTable, first: Int) {
        guard let column = trun.columns.compositionOffset else {
            if !samples.compositionOffsets.isEmpty {
                samples.compositionOffsets.fill(0, to: first + trun.sampleCount)
            }
            return
        }
        let table = trun.table
        let span = unsafe table.bytes.span.bytes
        func offset(_ entry: Int) -> Int32 {
            let field = table.start + entry * table.entrySize + column
            return Int32(bitPattern: span.bigEndianUInt32(at: field))
        }
        if samples.compositionOffsets.isEmpty {
            guard (0..<trun.sampleCount).contains(where: { offset($0) != 0 }) else { return }
            samples.compositionOffsets.fill(0, to: first)
        }
        samples.compositionOffsets.append(addingCapacity: trun.sampleCount) { offsets in
            for entry in 0..<trun.sampleCount {
                offsets.append(offset(entry))
            }
        }
    }

    private func appendDependencies(to samples: inout SampleTable, first: Int) {
        let table = trun.table
        let span = unsafe table.bytes.span.bytes
        func dependency(_ entry: Int) -> SampleTable.Dependency {
            var flags = defaults.flags
            if entry == 0, let firstSampleFlags = trun.firstSampleFlags {
                flags = firstSampleFlags
            } else if let column = trun.columns.flags {
                flags = span.bigEndianUInt32(at: table.start + entry * table.entrySize + column)
            }
            return flags & Self.nonSyncFlag == 0 ? .sync : .dependent
        }
        if samples.dependencies.isEmpty {
            guard (0..<trun.sampleCount).contains(where: { dependency($0) != .sync }) else {
                return
            }
            samples.dependencies.fill(.sync, to: first)
        }
        samples.dependencies.append(addingCapacity: trun.sampleCount) { dependencies in
            for entry in 0..<trun.sampleCount {
                dependencies.append(dependency(entry))
            }
        }
    }
}

extension Array {
    /// Appends a value until there are as many.
    fileprivate mutating func fill(_ value: Element, to count: Int) {
        append(contentsOf: repeatElement(value, count: Swift.max(count - self.count, 0)))
    }
}

extension SampleTable {
    /// Marks the `rap ` group of a fragment whose first sample has a 0-based index.
    mutating func mark(_ group: Sbgp, from first: Int) {
        guard !dependencies.isEmpty else { return }
        let table = group.table
        let span = unsafe table.bytes.span.bytes
        var sample = first
        for entry in 0..<table.count {
            let position = table.start + entry * Sbgp.entrySize
            let run = min(Int(span.bigEndianUInt32(at: position)), count - sample)
            if span.bigEndianUInt32(at: position + 4) != 0 {
                for index in sample..<sample + run where dependencies[index] == .dependent {
                    dependencies[index] = .randomAccess
                }
            }
            sample += run
        }
    }
}

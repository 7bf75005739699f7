/// Taking samples out of packed blocks. A hot path with unsafe pointers: the invariant that makes
/// its loads safe stands at `PackedBlock`, which checks it anew for each block.
extension PackedTrack {
    /// The samples of a run of groups, which must be of this track and have one description.
    ///
    /// - Returns: nil where the packed bytes are not what `BlockEncoder` wrote.
    func samples(_ groups: Range<Int>, in packed: [UInt8], fileIndex: Int) -> SegmentSamples? {
        let count = sampleCount(groups)
        let hasOffsets = compositionOffsets != .constant(0)
        var output = Output(
            sizes: [UInt32](repeating: 0, count: count),
            durations: [UInt32](repeating: durations.initial, count: count),
            offsets: [Int32](
                repeating: Int32(truncatingIfNeeded: compositionOffsets.initial),
                count: hasOffsets ? count : 0
            ),
            isSync: [],
            ranges: RangeList(fileIndex: fileIndex)
        )
        let isWhole = unsafe packed.withUnsafeBytes { bytes in
            var position = 0
            for group in groups {
                let (row, next) = (rows[group], rows[group + 1])
                let blockCount = Int(next.samplesBefore - row.samplesBefore)
                guard blockCount > 0 else { continue }
                guard
                    let block = unsafe PackedBlock(
                        bytes,
                        at: Int(row.blockOffset),
                        count: blockCount,
                        of: self
                    )
                else { return false }
                unsafe decode(block, bytes, at: position, into: &output)
                guard unsafe output.appendRanges(block, bytes, row: row, at: position) else {
                    return false
                }
                position += blockCount
            }
            return true
        }
        guard isWhole else { return nil }
        return SegmentSamples(
            baseMediaDecodeTime: UInt64(max(rows[groups.lowerBound].decodeTime, 0)),
            sizesBytes: output.sizes,
            durations: output.durations,
            compositionOffsets: output.offsets,
            isSync: output.isSync,
            ranges: output.ranges.ranges,
            descriptionIndex: descriptionIndex(ofGroup: groups.lowerBound)
        )
    }

    /// Writes the sizes, times and flags of one block to where it stands in the segment.
    private func decode(
        _ block: PackedBlock,
        _ bytes: UnsafeRawBufferPointer,
        at position: Int,
        into output: inout Output
    ) {
        let end = position + block.count
        unsafe output.sizes.withUnsafeMutableBufferPointer { sizes in
            unsafe sizes[position] = block.firstSize
            let mask = (UInt64(1) << UInt64(block.sizeWidth)) - 1
            var bit = block.sizesBit
            for index in position + 1..<end {
                let difference = unsafe PackedBlock.load(bytes, bit: bit) & mask
                unsafe sizes[index] = block.leastSize &+ UInt32(truncatingIfNeeded: difference)
                bit += block.sizeWidth
            }
        }
        unsafe durations.decode(block.durations, bytes, position..<end, into: &output.durations)
        if !output.offsets.isEmpty {
            unsafe compositionOffsets.decode(
                block.offsets,
                bytes,
                position..<end,
                into: &output.offsets
            )
        }
        if block.syncMode == .all, output.isSync.isEmpty { return }
        if output.isSync.isEmpty {
            output.isSync = [Bool](repeating: true, count: output.sizes.count)
        }
        if block.syncMode == .all { return }
        unsafe output.isSync.withUnsafeMutableBufferPointer { isSync in
            for index in position..<end { unsafe isSync[index] = false }
            if block.syncMode == .first { unsafe isSync[position] = true }
            guard block.syncMode == .bits else { return }
            for index in position..<end {
                unsafe isSync[index] =
                    PackedBlock.load(bytes, bit: block.syncBit + index - position) & 1 != 0
            }
        }
    }

    /// Arrays of a segment while they are filled.
    private struct Output {
        var sizes: [UInt32]
        var durations: [UInt32]
        var offsets: [Int32]
        var isSync: [Bool]
        var ranges: RangeList

        /// Adds the block's runs, whose lengths are the sums of its sizes; false where they are not
        /// those of its samples.
        mutating func appendRanges(
            _ block: PackedBlock,
            _ bytes: UnsafeRawBufferPointer,
            row: GroupRow,
            at position: Int
        ) -> Bool {
            let countMask = (UInt64(1) << UInt64(block.countWidth)) - 1
            let gapMask = (UInt64(1) << UInt64(block.gapWidth)) - 1
            var sample = position
            let end = position + block.count
            var offset = row.offsetBytes
            for run in 0..<block.runCount {
                var runEnd = end
                if run < block.runCount - 1 {
                    let bit = block.countsBit + run * block.countWidth
                    runEnd = sample + Int(unsafe PackedBlock.load(bytes, bit: bit) & countMask) + 1
                    guard runEnd < end else { return false }
                }
                if run > 0 {
                    let bit = block.gapsBit + (run - 1) * block.gapWidth
                    let gap = unsafe PackedBlock.load(bytes, bit: bit) & gapMask
                    offset &+= (gap >> 1) ^ (0 &- (gap & 1))
                }
                var size: UInt64 = 0
                for index in sample..<runEnd { size += UInt64(sizes[index]) }
                guard offset <= IndexLimits.fileSizeBytes else { return false }
                ranges.append(offset, size)
                offset += size
                sample = runEnd
            }
            return true
        }
    }
}

extension ValueCoding {
    /// The value where there is one for all, else 0.
    fileprivate var initial: UInt32 {
        if case .constant(let value) = self { value } else { 0 }
    }

    /// Writes one property of a block's samples.
    @inline(__always)
    fileprivate func decode<Value: FixedWidthInteger>(
        _ values: PackedBlock.Values,
        _ bytes: UnsafeRawBufferPointer,
        _ indices: Range<Int>,
        into output: inout [Value]
    ) {
        let mask = (UInt64(1) << UInt64(values.width)) - 1
        var bit = values.bit
        switch self {
        case .constant:
            return
        case .palette(let palette, _):
            // Two to the power of the width entries, so that every place is one.
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe palette.withUnsafeBufferPointer { palette in
                    for index in indices {
                        let place = unsafe Int(PackedBlock.load(bytes, bit: bit) & mask)
                        unsafe output[index] = Value(truncatingIfNeeded: palette[place])
                        bit += values.width
                    }
                }
            }
        case .blocks:
            unsafe output.withUnsafeMutableBufferPointer { output in
                for index in indices {
                    let difference = unsafe PackedBlock.load(bytes, bit: bit) & mask
                    let value = values.least &+ UInt32(truncatingIfNeeded: difference)
                    unsafe output[index] = Value(truncatingIfNeeded: value)
                    bit += values.width
                }
            }
        }
    }
}

/// Byte ranges of one file in order, neighbours that touch joined.
struct RangeList {
    private(set) var ranges: [FileRange] = []
    private let fileIndex: Int

    init(fileIndex: Int) { self.fileIndex = fileIndex }

    mutating func append(_ offset: UInt64, _ size: UInt64) {
        guard size > 0 else { return }
        let last = ranges.count - 1
        if last >= 0, ranges[last].offsetBytes + ranges[last].sizeBytes == offset {
            ranges[last].sizeBytes += size
        } else {
            ranges.append(FileRange(fileIndex: fileIndex, offsetBytes: offset, sizeBytes: size))
        }
    }
}

import ISOBMFF

/// Packs the samples of a placed track, a block for each group.
///
/// The layout stands at `PackedBlock`.
struct BlockEncoder {
    private let track: TimedTrack
    private let fileSizeBytes: UInt64
    private let durations: ValueCoding
    private let offsets: ValueCoding
    // Of the group at hand; kept to reuse their memory.
    private var runCounts: [UInt64] = []
    private var runGaps: [UInt64] = []

    init(_ track: TimedTrack, fileSizeBytes: UInt64) {
        self.track = track
        self.fileSizeBytes = fileSizeBytes
        let samples = track.source.samples
        durations = ValueCoding(samples.durations[track.range])
        let shift = track.compositionShift
        offsets =
            samples.compositionOffsets.isEmpty
            ? .constant(0)
            : ValueCoding(
                samples.compositionOffsets[track.range].lazy.map {
                    UInt32(truncatingIfNeeded: Int64($0) + shift)
                }
            )
    }

    /// Packs all groups, appending their blocks to what other tracks have written.
    ///
    /// - Throws: `ISOBMFFError.outOfFile` for a sample outside its file.
    mutating func encode(
        index: Int,
        groups: FrameGroups,
        into writer: inout BitWriter
    ) throws -> PackedTrack {
        let ranges = groups.ranges[index]
        var rows: [GroupRow] = []
        rows.reserveCapacity(ranges.count + 1)
        var row = GroupRow(
            decodeTime: track.baseDecodeTime,
            presentationStart: 0,
            bytesBefore: 0,
            offsetBytes: 0,
            samplesBefore: 0,
            blockOffset: UInt32(writer.sizeBytes)
        )
        var timed = 0
        var descriptions: [PackedTrack.DescriptionRun] = []
        for (group, range) in ranges.enumerated() {
            row.decodeTime += duration(timed..<range.lowerBound)
            row.presentationStart = max(
                row.presentationStart,
                presentationStart(ofGroup: group, range, groups)
            )
            timed = range.upperBound
            if !range.isEmpty {
                let first = track.range.lowerBound + range.lowerBound
                row.offsetBytes = track.source.samples.offsetsBytes[first]
                note(descriptionOf: first, group: group, in: &descriptions)
            }
            rows.append(row)
            guard !range.isEmpty else { continue }
            row.bytesBefore += try encodeBlock(range, into: &writer)
            row.decodeTime += duration(range)
            row.samplesBefore += UInt32(range.count)
            row.blockOffset = UInt32(writer.sizeBytes)
        }
        row.presentationStart = max(row.presentationStart, track.end)
        rows.append(row)
        return PackedTrack(
            rows: rows,
            durations: durations,
            compositionOffsets: offsets,
            descriptions: descriptions
        )
    }

    private func duration(_ range: Range<Int>) -> Int64 {
        let first = track.range.lowerBound
        let samples = first + range.lowerBound..<first + range.upperBound
        return track.source.samples.durations[samples].reduce(into: 0) { $0 += Int64($1) }
    }

    private func note(
        descriptionOf sample: Int,
        group: Int,
        in descriptions: inout [PackedTrack.DescriptionRun]
    ) {
        let index = UInt8(track.source.samples.descriptionIndex(sample))
        guard descriptions.last?.descriptionIndex != index else { return }
        let first = descriptions.isEmpty ? 0 : UInt32(group)
        descriptions.append(.init(firstGroup: first, descriptionIndex: index))
    }

    /// When a group starts for this track: its first sample's time, save that all time up to the
    /// first sample of the track belongs to the groups there, and all after its last to nothing.
    private func presentationStart(
        ofGroup group: Int,
        _ range: Range<Int>,
        _ groups: FrameGroups
    ) -> Int64 {
        if group == 0 { return 0 }
        if range.lowerBound == track.range.count { return track.end }
        guard range.lowerBound == 0 else { return track.presentationTimes[range.lowerBound] }
        return MediaTime(groups.starts[group], timescale: groups.timescale)
            .roundedUp(toTimescale: track.source.timescale)
    }
}

extension BlockEncoder {
    /// Packs one group and gives its media bytes.
    private mutating func encodeBlock(
        _ range: Range<Int>,
        into writer: inout BitWriter
    ) throws -> UInt64 {
        let samples = track.source.samples
        let first = track.range.lowerBound + range.lowerBound
        let all = first..<first + range.count
        var least = UInt32.max
        var greatest: UInt32 = 0
        for size in samples.sizesBytes[all.dropFirst()] {
            least = min(least, size)
            greatest = max(greatest, size)
        }
        if all.count == 1 { (least, greatest) = (0, 0) }
        let bytes = try collectRuns(all)
        let countWidth = BitWriter.width(of: runCounts.dropLast().max() ?? 0)
        let gapWidth = BitWriter.width(of: runGaps.max() ?? 0)
        let sizeWidth = BitWriter.width(of: UInt64(greatest - least))
        let syncMode = syncMode(all)

        writer.append(UInt64(samples.sizesBytes[first]), width: 32)
        writer.append(UInt64(least), width: 32)
        writer.append(UInt64(sizeWidth), width: 6)
        writer.append(UInt64(syncMode.rawValue), width: 2)
        writer.append(UInt64(runCounts.count), width: 27)
        writer.append(UInt64(countWidth), width: 6)
        writer.append(UInt64(gapWidth), width: 7)
        for size in samples.sizesBytes[all.dropFirst()] {
            writer.append(UInt64(size - least), width: sizeWidth)
        }
        encode(samples.durations[all], durations, into: &writer)
        if !samples.compositionOffsets.isEmpty {
            let shift = track.compositionShift
            let shifted = samples.compositionOffsets[all].map {
                UInt32(truncatingIfNeeded: Int64($0) + shift)
            }
            encode(shifted[...], offsets, into: &writer)
        }
        if syncMode == .bits {
            for index in all { writer.append(samples.isSync(index) ? 1 : 0, width: 1) }
        }
        for count in runCounts.dropLast() { writer.append(count, width: countWidth) }
        for gap in runGaps { writer.append(gap, width: gapWidth) }
        writer.alignToByte()
        return bytes
    }

    private func encode(
        _ values: ArraySlice<UInt32>,
        _ coding: ValueCoding,
        into writer: inout BitWriter
    ) {
        switch coding {
        case .constant:
            return
        case .palette(let palette, let width):
            var (last, place) = (palette[0], UInt64(0))
            for value in values {
                if value != last {
                    last = value
                    place = UInt64(palette.firstIndex(of: value) ?? 0)
                }
                writer.append(place, width: width)
            }
        case .blocks:
            let least = values.min() ?? 0
            let width = BitWriter.width(of: UInt64((values.max() ?? 0) - least))
            writer.append(UInt64(least), width: 32)
            writer.append(UInt64(width), width: 6)
            for value in values { writer.append(UInt64(value - least), width: width) }
        }
    }

    private func syncMode(_ samples: Range<Int>) -> PackedBlock.SyncMode {
        let table = track.source.samples
        guard !table.dependencies.isEmpty else { return .all }
        let count = samples.reduce(into: 0) { $0 += table.isSync($1) ? 1 : 0 }
        switch count {
        case samples.count: return .all
        case 0: return .none
        case 1 where table.isSync(samples.lowerBound): return .first
        default: return .bits
        }
    }

    /// Finds runs of samples that touch: one less than each one's samples, and the distance from
    /// the run before with its sign in the lowest bit.
    private mutating func collectRuns(_ all: Range<Int>) throws -> UInt64 {
        let sizes = track.source.samples.sizesBytes
        let offsets = track.source.samples.offsetsBytes
        runCounts.removeAll(keepingCapacity: true)
        runGaps.removeAll(keepingCapacity: true)
        var bytes: UInt64 = 0
        var end = offsets[all.lowerBound]
        var count: UInt64 = 0
        for index in all {
            let (offset, size) = (offsets[index], UInt64(sizes[index]))
            guard offset <= fileSizeBytes, size <= fileSizeBytes - offset else {
                throw ISOBMFFError.outOfFile(offsetBytes: offset, sizeBytes: size)
            }
            if offset != end {
                runCounts.append(count - 1)
                let gap = Int64(offset) - Int64(end)
                runGaps.append(UInt64(bitPattern: (gap << 1) ^ (gap >> 63)))
                count = 0
            }
            end = offset + size
            bytes += size
            count += 1
        }
        runCounts.append(count - 1)
        return bytes
    }
}

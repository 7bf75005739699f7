/// What a segment reads, and where each of its samples lies in it.
///
/// A file with interleaved tracks gives a range for each run of samples, of one track and the
/// other in turn. Touching ranges are joined, and so are those with little between them: one
/// read of a span costs less than many of its parts.
struct InputLayout {
    /// One sample's bytes in the input.
    struct Slice: Sendable {
        var offsetBytes: UInt32
        var sizeBytes: UInt32
    }

    private(set) var ranges: [FileRange] = []
    private(set) var sizeBytes = 0
    /// Those of the first track, then those of the second.
    private(set) var slices: [Slice] = []

    /// - Throws: `.damagedSamples` where samples and ranges do not match, `.limitExceeded` above
    ///   `TransportStreamLimits.segmentSizeBytes`.
    init(_ tracks: [(AssetTrack, SegmentSamples)]) throws(PackagingError) {
        try join(tracks)
        slices.reserveCapacity(tracks.reduce(0) { $0 + $1.1.count })
        for (track, samples) in tracks {
            guard place(samples) else { throw .damagedSamples(file: track.name) }
        }
    }

    private mutating func join(_ tracks: [(AssetTrack, SegmentSamples)]) throws(PackagingError) {
        let all = tracks.flatMap { $0.1.ranges }.sorted {
            ($0.fileIndex, $0.offsetBytes) < ($1.fileIndex, $1.offsetBytes)
        }
        var total: UInt64 = 0
        for range in all {
            let (end, overflows) = range.offsetBytes.addingReportingOverflow(range.sizeBytes)
            guard !overflows, range.sizeBytes <= TransportStreamLimits.segmentSizeBytes else {
                throw .limitExceeded("segmentSizeBytes")
            }
            if let last = ranges.last, last.fileIndex == range.fileIndex,
                range.offsetBytes <= last.endBytes
                    || range.offsetBytes - last.endBytes <= TransportStreamLimits.readGapBytes
            {
                let growth = end - min(end, last.endBytes)
                ranges[ranges.count - 1].sizeBytes += growth
                total += growth
            } else {
                ranges.append(range)
                total += range.sizeBytes
            }
            guard total <= TransportStreamLimits.segmentSizeBytes else {
                throw .limitExceeded("segmentSizeBytes")
            }
        }
        sizeBytes = Int(total)
    }

    /// Walks the samples along their ranges; false where one crosses the end of its range.
    private mutating func place(_ samples: SegmentSamples) -> Bool {
        guard samples.durations.count == samples.count,
            samples.compositionOffsets.isEmpty || samples.compositionOffsets.count == samples.count,
            samples.isSync.isEmpty || samples.isSync.count == samples.count
        else {
            return false
        }
        var runs = samples.ranges.makeIterator()
        var (offset, left): (UInt32, UInt64) = (0, 0)
        for size in samples.sizesBytes {
            while left == 0, size > 0 {
                guard let run = runs.next() else { return false }
                (offset, left) = (position(of: run), run.sizeBytes)
            }
            guard size <= left else { return false }
            slices.append(Slice(offsetBytes: offset, sizeBytes: size))
            offset += size
            left -= UInt64(size)
        }
        return left == 0
    }

    /// Where the bytes of a range start in the input.
    private func position(of run: FileRange) -> UInt32 {
        var before: UInt64 = 0
        for range in ranges {
            if range.fileIndex == run.fileIndex, range.offsetBytes <= run.offsetBytes,
                run.offsetBytes <= range.endBytes
            {
                return UInt32(before + run.offsetBytes - range.offsetBytes)
            }
            before += range.sizeBytes
        }
        preconditionFailure("every range of a track is part of a joined one")
    }
}

extension FileRange {
    fileprivate var endBytes: UInt64 { offsetBytes + sizeBytes }
}

extension AssetIndex {
    /// Checks all members of a stored index against each other, down to every sample.
    ///
    /// After it, `PackedBlock` finds all blocks inside the packed bytes, no sum of times or sizes
    /// overflows, and all ranges lie in their files.
    func validate() throws(PackagingError) {
        try require(groupStarts.count >= 2 && groupStarts[0] == 0, "groups")
        try require(Self.isAscending(groupStarts) && Self.isTime(groupStarts[groupCount]), "groups")
        try require(Self.isTime(duration.value), "duration")
        try require(segmentFirsts.count >= 2 && segmentFirsts[0] == 0, "segments")
        try require(segmentFirsts[segmentFirsts.count - 1] == groupCount, "segments")
        try require(
            zip(segmentFirsts, segmentFirsts.dropFirst()).allSatisfy { $0 < $1 },
            "segments"
        )
        try require(Self.isAscending(discontinuities), "discontinuities")
        try require((discontinuities.last ?? 0) < segmentCount, "discontinuities")
        try require(!tracks.isEmpty && tracks.count == packedTracks.count, "tracks")
        try require(packedBytes.count >= PackedBlock.padding, "packed bytes")
        for file in files { try require(file.sizeBytes <= IndexLimits.fileSizeBytes, "file size") }
        for (track, packed) in zip(tracks, packedTracks) {
            try require(files.indices.contains(track.fileIndex), "file of a track")
            try validate(packed, entryCount: track.sampleEntries.count)
            try validateSamples(packed, fileIndex: track.fileIndex)
        }
    }

    private func validate(_ packed: PackedTrack, entryCount: Int) throws(PackagingError) {
        let runs = packed.descriptions
        try require(runs.first?.firstGroup == 0, "descriptions")
        try require(runs.allSatisfy { $0.descriptionIndex < entryCount }, "descriptions")
        try require(
            zip(runs, runs.dropFirst()).allSatisfy { $0.firstGroup < $1.firstGroup },
            "descriptions"
        )
        let rows = packed.rows
        try require(rows.count == groupCount + 1, "rows")
        try require(rows[0].samplesBefore == 0 && rows[0].bytesBefore == 0, "rows")
        try require(rows[0].decodeTime >= 0 && rows[0].presentationStart >= 0, "rows")
        try require(rows[groupCount].samplesBefore > 0, "rows")
        for (row, next) in zip(rows, rows.dropFirst()) {
            try require(row.decodeTime <= next.decodeTime, "decode times")
            try require(row.presentationStart <= next.presentationStart, "presentation times")
            try require(row.samplesBefore <= next.samplesBefore, "sample counts")
            try require(row.bytesBefore <= next.bytesBefore, "sizes")
        }
        let last = rows[groupCount]
        try require(Self.isTime(last.decodeTime) && Self.isTime(last.presentationStart), "times")
        try require(last.samplesBefore <= IndexLimits.samples, "sample count")
    }

    /// Decodes every block once.
    private func validateSamples(_ packed: PackedTrack, fileIndex: Int) throws(PackagingError) {
        let fileSize = files[fileIndex].sizeBytes
        for group in 0..<groupCount where packed.sampleCount(group..<group + 1) > 0 {
            // Blocks are at least a byte a group and a run a sample at most, but samples of no bits
            // cost nothing: a block cannot say more than its bytes and the sample limit allow.
            guard
                let samples = packed.samples(
                    group..<group + 1,
                    in: packedBytes,
                    fileIndex: fileIndex
                )
            else { throw .unusableIndex("a block is damaged") }
            var size: UInt64 = 0
            for range in samples.ranges {
                try require(range.offsetBytes <= fileSize, "offsets")
                try require(range.sizeBytes <= fileSize - range.offsetBytes, "offsets")
                size += range.sizeBytes
            }
            let (row, next) = (packed.rows[group], packed.rows[group + 1])
            try require(size == next.bytesBefore - row.bytesBefore, "sizes")
            let duration = samples.durations.reduce(into: Int64(0)) { $0 += Int64($1) }
            try require(duration <= next.decodeTime - row.decodeTime, "durations")
            try require(samples.compositionOffsets.allSatisfy { $0 >= 0 }, "composition offsets")
        }
    }

    private func require(_ condition: Bool, _ what: String) throws(PackagingError) {
        guard condition else { throw .unusableIndex("\(what) cannot be") }
    }

    /// Times stay so small that the sum of any two fits.
    private static func isTime(_ value: Int64) -> Bool { (0...Int64.max / 4).contains(value) }

    private static func isAscending(_ values: [some Comparable]) -> Bool {
        zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }
    }
}

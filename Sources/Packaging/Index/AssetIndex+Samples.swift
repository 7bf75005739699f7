extension AssetIndex {
    /// The samples of a run of groups of a track.
    ///
    /// Costs one step to the track's rows and the decoding of what is asked for, however long the
    /// asset is.
    ///
    /// - Throws: `PackagingError.notFound` for groups that are not the asset's, in which the track
    ///   has no sample, or that two sample descriptions share.
    package func samples(
        ofTrack track: Int,
        groups: Range<Int>
    ) throws(PackagingError) -> SegmentSamples {
        guard packedTracks.indices.contains(track), !groups.isEmpty, groups.lowerBound >= 0,
            groups.upperBound <= groupCount
        else {
            throw .notFound
        }
        let packed = packedTracks[track]
        guard packed.sampleCount(groups) > 0, packed.haveOneDescription(groups) else {
            throw .notFound
        }
        guard
            let samples = packed.samples(
                groups,
                in: packedBytes,
                fileIndex: tracks[track].fileIndex
            )
        else {
            throw .unusableIndex("a block of \(tracks[track].name) is damaged")
        }
        return samples
    }

    /// Bytes that the index takes in memory for its samples, groups and segments.
    package var storageSizeBytes: Int {
        let rows = packedTracks.reduce(0) { $0 + $1.rows.count * MemoryLayout<GroupRow>.stride }
        return packedBytes.count + rows + groupStarts.count * MemoryLayout<Int64>.stride
            + (segmentFirsts.count + discontinuities.count) * MemoryLayout<UInt32>.stride
    }
}

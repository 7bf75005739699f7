import ISOBMFF

/// One file of several tracks as a plan: `moov` in front, then the samples where they lie.
///
/// This is what `/videos/{id}/{quality}.mp4` answers where the library holds video and audio apart
/// or in fragments.
///
/// ISO/IEC 14496-12 §6.2, §8.2
package enum Progressive {
    /// Makes the plan of a file with `tracks` of an asset.
    ///
    /// The samples come segment by segment, each track's after the other's, so that a player that
    /// reads from front to back has what it needs: a chunk for each segment and track.
    ///
    /// - Parameters:
    ///   - tracks: video first; of several audio tracks the first is the one that plays.
    ///   - segmentCount: of the asset.
    ///   - samples: gives the samples of a track (0-based, into `tracks`) in a segment (0-based);
    ///     asked once for each, in the order of the file; nil where there are none.
    /// - Returns: a plan whose header is all but the samples.
    /// - Throws: what `samples` throws; `PackagingError.nothingToPackage` where no track has a
    ///   sample; `ISOBMFFError` where a sample entry cannot be written.
    package static func plan(
        tracks: [AssetTrack],
        segmentCount: Int,
        samples: (_ track: Int, _ segment: Int) throws -> SegmentSamples?
    ) throws -> Plan {
        var tables = tracks.map { _ in SampleTableBuilder() }
        var payload = Payload()
        for segment in 0..<segmentCount {
            for track in tracks.indices {
                guard let samples = try samples(track, segment), samples.count > 0 else { continue }
                tables[track].append(
                    decodeTime: samples.baseMediaDecodeTime,
                    sizesBytes: samples.sizesBytes,
                    durations: samples.durations,
                    compositionOffsets: samples.compositionOffsets,
                    isSync: samples.isSync,
                    descriptionIndex: samples.descriptionIndex,
                    offsetBytes: payload.sizeBytes
                )
                payload.append(samples.ranges)
            }
        }
        let header = try ProgressiveHeader(
            tracks: Array(zip(tracks, tables)).filter { !$0.1.isEmpty },
            payloadSizeBytes: payload.sizeBytes
        )
        return Plan(header: header.bytes(), ranges: payload.ranges)
    }
}

/// What the `mdat` will hold, in order.
private struct Payload {
    var ranges: [FileRange] = []
    var sizeBytes: UInt64 = 0

    mutating func append(_ more: [FileRange]) {
        for range in more {
            sizeBytes += range.sizeBytes
            if let last = ranges.indices.last, ranges[last].fileIndex == range.fileIndex,
                ranges[last].offsetBytes + ranges[last].sizeBytes == range.offsetBytes
            {
                ranges[last].sizeBytes += range.sizeBytes
            } else {
                ranges.append(range)
            }
        }
    }
}

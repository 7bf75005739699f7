import ISOBMFF

extension CMAF {
    /// `styp` of every segment: one fragment, that is one chunk, of DASH's general form.
    ///
    /// ISO/IEC 23000-19 §7.3.3; ISO/IEC 23009-1 §6.3.4.2
    package static let segmentType: [UInt8] = {
        var writer = BoxWriter(reservingBytes: 32)
        FileTypeBox(
            type: "styp",
            majorBrand: "msdh",
            compatibleBrands: ["msdh", "cmfs", "cmff", "cmfl"]
        ).write(to: &writer)
        return writer.bytes
    }()

    /// A media segment of one fragment; its samples stay where they lie in the file.
    ///
    /// `sequenceNumber` is 1-based and rises with the segments of a track.
    package static func mediaSegment(
        track: AssetTrack,
        samples: SegmentSamples,
        sequenceNumber: UInt32
    ) -> Plan {
        let fragment = MovieFragment(
            sequenceNumber: sequenceNumber,
            trackID: CMAFHeader.trackID,
            baseMediaDecodeTime: samples.baseMediaDecodeTime,
            sizesBytes: samples.sizesBytes,
            durations: samples.durations,
            compositionOffsets: samples.compositionOffsets,
            isSync: samples.isSync
        )
        assert(
            samples.ranges.reduce(0) { $0 + $1.sizeBytes } == fragment.payloadSizeBytes,
            "the ranges hold the samples and nothing else"
        )
        return Plan(header: fragment.header(prefix: segmentType), ranges: samples.ranges)
    }

    /// The key frame that starts a group, as a segment that lasts as long as the group.
    ///
    /// Only the first of `samples` is used; `duration` is the group's, in the track's timescale.
    /// Throws `PackagingError.notFound` where there is no sample.
    package static func iFrame(
        track: AssetTrack,
        samples: SegmentSamples,
        duration: Int64,
        sequenceNumber: UInt32 = 1
    ) throws -> Plan {
        guard let sizeBytes = samples.sizesBytes.first, var range = samples.ranges.first,
            range.sizeBytes >= UInt64(sizeBytes)
        else {
            throw PackagingError.notFound
        }
        range.sizeBytes = UInt64(sizeBytes)
        let fragment = MovieFragment(
            sequenceNumber: sequenceNumber,
            trackID: CMAFHeader.trackID,
            baseMediaDecodeTime: samples.baseMediaDecodeTime,
            sizesBytes: [sizeBytes],
            durations: [UInt32(clamping: duration)],
            compositionOffsets: Array(samples.compositionOffsets.prefix(1)),
            isSync: Array(samples.isSync.prefix(1))
        )
        return Plan(header: fragment.header(prefix: segmentType), ranges: [range])
    }
}

package import ISOBMFF

/// HLS segments as MPEG-2 transport streams, for devices that take nothing else.
///
/// A segment is a function of its samples and its number alone: no segment needs to know those
/// before it, yet played one after the other they are one stream without a jump.
/// - *Continuity counters*: every elementary PID spends a multiple of 16 packets in each segment,
///   so it starts at 0 and ends at 15 everywhere. A payload is spread over up to 15 packets more
///   than it needs, which the adaptation fields of those packets fill up; that costs 7.5 packets
///   (1.4 KB) a PID on average. Restarting counters without this makes demultiplexers drop a
///   frame at every boundary, and `discontinuity_indicator` on the PCR's PID would declare a new
///   time base. PAT and PMT stand once in a segment and take their counter from its number.
/// - *Size*: the number of packets follows from the sample sizes alone (see `TransportSchedule`),
///   so the length of the answer is known before a media byte is read.
///
/// ISO/IEC 13818-1 §2.4, RFC 8216 §3.2
package enum TransportStream {
    /// Ticks a second of PTS, DTS and PCR base.
    package static let timescale: UInt32 = 90_000

    /// PTS of presentation time 0, so that audio priming and B-frames stay above 0: 10 s.
    ///
    /// `X-TIMESTAMP-MAP` of subtitles says the same number. RFC 8216 §3.5
    package static let presentationBase: Int64 = 900_000

    /// Plans one segment; the bytes of its samples are read, and small gaps between them.
    ///
    /// - Parameters:
    ///   - video: the track and its samples in this segment; nil for an audio-only stream.
    ///   - audio: likewise; nil for a video-only stream. A track that has no samples left in
    ///     this segment is passed with none, so that the PMT is the same in all segments.
    ///   - segmentNumber: place in the playlist, one more each time; PAT and PMT count by it.
    /// - Returns: a plan with a transform, whose size is that of the segment.
    /// - Throws: `.nothingToPackage` without samples, `.notFound` where `canCarry` says no,
    ///   `.damagedSamples` with the track's name for samples whose sizes, ranges or times cannot
    ///   be, `.limitExceeded` for a segment beyond `TransportStreamLimits`.
    package static func segment(
        video: (AssetTrack, SegmentSamples)?,
        audio: (AssetTrack, SegmentSamples)?,
        segmentNumber: Int
    ) throws(PackagingError) -> Plan {
        guard (video?.1.count ?? 0) + (audio?.1.count ?? 0) > 0 else {
            throw .nothingToPackage
        }
        let input = try InputLayout([video, audio].compactMap { $0 })
        let videoFraming = try video.map { track, samples throws(PackagingError) in
            try VideoFraming(entry(of: track, samples))
        }
        let audioFraming = try audio.map { track, samples throws(PackagingError) in
            try AudioFraming(entry(of: track, samples))
        }
        var schedule = TransportSchedule()
        if let video, let videoFraming {
            try schedule.addVideo(video.0, video.1, videoFraming)
        }
        if let audio, let audioFraming {
            let first = video?.1.count ?? 0
            try schedule.addAudio(audio.0, audio.1, audioFraming, firstSlice: first)
        }
        try schedule.finish(file: (video ?? audio)?.0.name ?? "")

        let tables = ProgramTables.packets(
            video: videoFraming?.streamType,
            audio: audioFraming.map { framing in
                (framing.streamType, framing.descriptors + languageDescriptor(audio?.0))
            },
            continuityCounter: UInt8(truncatingIfNeeded: segmentNumber &- 1) & 0x0F
        )
        let multiplex = TransportMultiplex(
            source: (video ?? audio)?.0.name ?? "",
            tables: tables,
            schedule: schedule,
            slices: input.slices,
            video: videoFraming,
            audio: audioFraming,
            inputSizeBytes: input.sizeBytes
        )
        return Plan(ranges: input.ranges, transform: multiplex)
    }

    /// Whether samples of this kind can stand in a transport stream that players take.
    ///
    /// H.264, AAC that ADTS can describe, MP3, AC-3, E-AC-3, and HEVC where it is allowed.
    package static func canCarry(
        _ entry: SampleEntry,
        configuration: PackagingConfiguration
    ) -> Bool {
        if case .hevc = entry.codec, !configuration.allowsHEVCInTransportStream { return false }
        return VideoFraming(carrying: entry) != nil || AudioFraming(carrying: entry) != nil
    }

    private static func entry(
        of track: AssetTrack,
        _ samples: SegmentSamples
    ) throws(PackagingError) -> SampleEntry {
        guard track.sampleEntries.indices.contains(samples.descriptionIndex) else {
            throw .damagedSamples(file: track.name)
        }
        return track.sampleEntries[samples.descriptionIndex]
    }

    private static func languageDescriptor(_ track: AssetTrack?) -> [UInt8] {
        track.map { ProgramTables.languageDescriptor($0.language, role: $0.role) } ?? []
    }
}

/// Bounds of what one segment may be.
package enum TransportStreamLimits {
    /// Bytes that are read for a segment, and bytes that it has.
    package static let segmentSizeBytes = 1 << 30
    /// A gap between two ranges of a file up to which it is cheaper to read it than to skip it.
    package static let readGapBytes: UInt64 = 4 << 10
    /// Packets of a segment that carry nothing but a PCR: 1,000 s of a picture that stands still.
    package static let clockPackets = 10_000
    /// NAL units of 1- and 2-byte lengths grow when they get start codes: room is kept for one
    /// unit in this many bytes, beside `spareUnits`; more is damage.
    package static let bytesPerUnit = 16
    package static let spareUnits = 16
}

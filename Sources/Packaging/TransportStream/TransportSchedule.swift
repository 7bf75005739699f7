/// The order of a segment's PES packets and how many transport packets each takes.
///
/// Nothing here looks at media: sizes and times are enough, and what they leave open (a delimiter
/// to drop, NAL units behind short lengths) only moves bytes between payload and stuffing.
struct TransportSchedule: Sendable {
    /// In the order in which they are written.
    var units: [TransportUnit] = []
    /// Transport packets of all units.
    var packetCount = 0

    // What `finish` makes the above of: the units of each track in decode order, and when the last
    // one ends; nil where a track has none in this segment.
    var video: [TransportUnit] = []
    var audio: [TransportUnit] = []
    var hasVideo = false
    var videoEnd: Int64?
    var audioEnd: Int64?

    /// Adds the access units of the video, one for each sample that is not empty.
    mutating func addVideo(
        _ track: AssetTrack,
        _ samples: SegmentSamples,
        _ framing: VideoFraming
    ) throws(PackagingError) {
        hasVideo = true
        let clock = try TransportTime(track, samples)
        var time = clock.start
        var decodeTime = clock.ticks(time)
        video.reserveCapacity(samples.count)
        for index in 0..<samples.count {
            let offset = samples.compositionOffsets.isEmpty ? 0 : samples.compositionOffsets[index]
            let size = Int(samples.sizesBytes[index])
            var unit = TransportUnit(kind: .video)
            unit.isSync = video.isEmpty || samples.isSync.isEmpty || samples.isSync[index]
            unit.firstSlice = index
            unit.sliceCount = 1
            unit.decodeTime = decodeTime
            unit.presentationTime = max(decodeTime, clock.ticks(time + Int64(offset)))
            unit.plannedSizeBytes =
                unit.headerSizeBytes
                + framing.plannedSizeBytes(sampleSizeBytes: size, isSync: unit.isSync)
            time += Int64(samples.durations[index])
            decodeTime = clock.ticks(time)
            if size > 0 { video.append(unit) }
        }
        if !video.isEmpty { videoEnd = decodeTime }
    }

    /// Adds the PES packets of the audio, of several frames each.
    ///
    /// Only the first frame of a packet has a PTS; a demultiplexer counts on from there. So a
    /// packet ends where counting would go wrong: before a gap, or when rounding adds up.
    mutating func addAudio(
        _ track: AssetTrack,
        _ samples: SegmentSamples,
        _ framing: AudioFraming,
        firstSlice: Int
    ) throws(PackagingError) {
        let clock = try TransportTime(track, samples)
        // Without a video each packet carries the PCR, so none lasts longer than its interval.
        let longest = hasVideo ? AudioPacking.duration : TransportTime.clockInterval
        var unit = TransportUnit(kind: .audio)
        var time = clock.start
        var end = clock.ticks(time)
        for index in 0..<samples.count {
            let size = Int(samples.sizesBytes[index]) + framing.headerSizeBytes
            guard size <= framing.maximumFrameSizeBytes else {
                throw .damagedSamples(file: track.name)
            }
            let start = end
            time += Int64(samples.durations[index])
            end = clock.ticks(time)
            guard size > framing.headerSizeBytes else { continue }
            let expected =
                unit.decodeTime + Int64(unit.sliceCount) * framing.frameSampleCount * 90_000
                / framing.sampleRate
            if unit.sliceCount == 0 || unit.plannedSizeBytes + size > AudioPacking.sizeBytes
                || end - unit.decodeTime > longest
                || (start - expected).magnitude > AudioPacking.tolerance
                || firstSlice + index != unit.firstSlice + unit.sliceCount
            {
                if unit.sliceCount > 0 { audio.append(unit) }
                unit = TransportUnit(kind: .audio, firstSlice: firstSlice + index)
                unit.decodeTime = start
                unit.presentationTime = start
                unit.plannedSizeBytes = unit.headerSizeBytes
            }
            unit.plannedSizeBytes += size
            unit.sliceCount += 1
        }
        if unit.sliceCount > 0 { audio.append(unit) }
        if !audio.isEmpty { audioEnd = end }
    }

    /// How much audio goes into one PES packet.
    private enum AudioPacking {
        /// Sixteen transport packets, less the header and some slack: little is lost to stuffing.
        static let sizeBytes = 2_930
        /// 0.2 s in ticks of 90 kHz.
        static let duration: Int64 = 18_000
        /// 1 ms in ticks of 90 kHz: what a timescale of milliseconds rounds by.
        static let tolerance: UInt64 = 90
    }
}

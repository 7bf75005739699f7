import Packaging

/// Brings the selected streams of a file into a folder, one file for each.
///
/// Runs in the child process, on one thread. Nothing is decoded or encoded.
struct Remuxer {
    private let demuxer: Demuxer
    private let selection: TrackSelection
    private let folder: String
    private let zero: MediaTime
    private var writers: [TrackWriter] = []
    private var subtitles: [Int: SubtitleFileWriter] = [:]
    private var cutter: FragmentCutter
    private var boundaries: LeaderBoundaries
    private var missingTimes: MissingTimes?
    private var mender = DiscontinuityMender()
    private var bytesRead: UInt64 = 0
    private var subtitleEnd = MediaTime.zero

    init(
        _ demuxer: Demuxer,
        selection: TrackSelection,
        folder: String
    ) throws(TranscodingError) {
        self.demuxer = demuxer
        self.selection = selection
        self.folder = folder
        let media = [selection.video].compactMap { $0 } + selection.audios
        zero = try Self.presentationStart(
            media.compactMap { demuxer.streams[$0.streamIndex] }
        )
        for track in media {
            guard let stream = demuxer.streams[track.streamIndex] else { continue }
            writers.append(
                try TrackWriter(
                    stream: stream,
                    track: track,
                    zero: zero,
                    demuxer: demuxer,
                    output: OutputBytes(creating: "\(folder)/\(track.fileName)")
                )
            )
        }
        guard let leader = writers.first else { throw .nothingToImport }
        cutter = FragmentCutter(target: ImportLimits.targetSegment, timescale: leader.timescale)
        missingTimes = demuxer.streams[leader.streamIndex].flatMap {
            MissingTimes(stream: $0, demuxer: demuxer)
        }
        boundaries = LeaderBoundaries(
            isVideo: selection.video != nil,
            timescale: leader.timescale
        )
        for track in selection.subtitles {
            let codec = demuxer.streams[track.streamIndex]?.description.codec ?? ""
            subtitles[track.streamIndex] = SubtitleFileWriter(codec: codec)
        }
    }

    /// Reads the file to its end and finishes all files.
    ///
    /// `progress` is called for every packet with the bytes of the source read so far.
    ///
    /// - Throws: whatever reading, placing or writing found wrong.
    mutating func run(progress: (UInt64) -> Void) throws(TranscodingError) {
        demuxer.select(Set(writers.map(\.streamIndex)).union(subtitles.keys))
        while let packet = try demuxer.next() {
            guard !packet.isEncrypted else { throw .encrypted }
            bytesRead = max(bytesRead + UInt64(packet.sizeBytes), packet.offsetBytes ?? 0)
            progress(min(bytesRead, demuxer.description.sizeBytes))
            if let index = writers.firstIndex(where: { $0.streamIndex == packet.streamIndex }) {
                let complete =
                    index == 0 ? try missingTimes?.complete(packet) ?? [packet] : [packet]
                for packet in complete { try take(packet, writerIndex: index) }
            } else {
                try takeSubtitle(packet)
            }
        }
        try finish()
    }

    private mutating func take(_ packet: Packet, writerIndex: Int) throws(TranscodingError) {
        guard !demuxer.changesConfiguration(packet) else {
            throw .configurationChanges(streamIndex: packet.streamIndex)
        }
        let shift = try shift(for: packet)
        let samples = demuxer.sampleCount(of: packet)
        let complete = try writers[writerIndex].accept(packet, samples: samples, shift: shift)
        guard let complete else { return }
        place(complete, writerIndex: writerIndex)
        try writeSettled()
    }

    /// The first writer leads: the video where there is one.
    private mutating func place(_ sample: TrackWriter.Sample, writerIndex: Int) {
        let writer = writers[writerIndex]
        writer.wait(sample)
        guard writerIndex == 0 else { return }
        let isBoundary = boundaries.isBoundary(
            sample.time,
            isKey: sample.packet.isKey,
            nextShown: writer.heldShown
        )
        cutter.lead(shown: sample.time.pts, decoded: sample.time.dts, isBoundary: isBoundary)
    }

    private mutating func writeSettled() throws(TranscodingError) {
        guard let leader = writers.first else { return }
        if leader.bytesWaiting > ImportLimits.fragmentBytes { cutter.stopWaiting() }
        try leader.writeLeader(&cutter)
        // A leader that stays away this long is not waited for: followers then cut later.
        let waiting = writers.dropFirst().reduce(0) { $0 + $1.bytesWaiting }
        try writeFollowers(all: waiting > ImportLimits.waitingBytes)
    }

    private mutating func writeFollowers(all: Bool) throws(TranscodingError) {
        for writer in writers.dropFirst() {
            try writer.writeFollower(&cutter, all: all)
        }
    }

    private mutating func takeSubtitle(_ packet: Packet) throws(TranscodingError) {
        guard let stream = demuxer.streams[packet.streamIndex], let pts = packet.pts else { return }
        let shift = try shift(for: packet)
        let microseconds: UInt32 = 1_000_000
        let start =
            try stream.timeBase.time(pts).rounded(toTimescale: microseconds)
            + shift.rounded(toTimescale: microseconds) - zero.rounded(toTimescale: microseconds)
        let duration = try stream.timeBase.time(packet.duration)
        try subtitles[packet.streamIndex]?.add(
            packet.bytes,
            start: MediaTime(start, timescale: microseconds),
            duration: duration,
            settings: packet.webVTTSettings
        )
        subtitleEnd = max(
            subtitleEnd,
            MediaTime(start + duration.rounded(toTimescale: microseconds), timescale: microseconds)
        )
    }

    private mutating func shift(for packet: Packet) throws(TranscodingError) -> MediaTime {
        guard demuxer.hasDiscontinuities, let time = packet.dts ?? packet.pts,
            let base = demuxer.streams[packet.streamIndex]?.timeBase
        else {
            return .zero
        }
        return try mender.shift(
            stream: packet.streamIndex,
            time: base.time(time),
            duration: base.time(packet.duration)
        )
    }

    private mutating func finish() throws(TranscodingError) {
        for packet in missingTimes?.end() ?? [] { try take(packet, writerIndex: 0) }
        for index in writers.indices {
            if let last = writers[index].takeHeld() { place(last, writerIndex: index) }
        }
        if let leader = writers.first {
            cutter.endLeader(at: leader.end.rounded(toTimescale: leader.timescale))
        }
        try writeSettled()
        try writeFollowers(all: true)
        try checkLength()
        for writer in writers { try writer.finish() }
        for track in selection.subtitles {
            guard let writer = subtitles[track.streamIndex] else { continue }
            let output = try OutputBytes(creating: "\(folder)/\(track.fileName)")
            try output.write(Array(writer.document().utf8))
            try output.synchronise()
        }
    }

    /// A file that ends long before it says was cut off on its way here.
    private func checkLength() throws(TranscodingError) {
        let ends = writers.map(\.end.seconds) + [subtitleEnd.seconds]
        // The declared length counts from the source's own zero, where its times have one.
        guard let found = ends.max().map({ $0 + max(0, zero.seconds) }) else { return }
        guard demuxer.declaresDuration, let declared = demuxer.description.durationSeconds else {
            return
        }
        let tolerated = max(
            ImportLimits.shortfallSeconds,
            declared * ImportLimits.shortfallShare
        )
        guard declared - found <= tolerated else {
            throw .truncated(declaredSeconds: declared, foundSeconds: max(0, found))
        }
    }

    /// The earliest presentation time of all tracks: it becomes 0, and offsets between tracks stay.
    ///
    /// What a decoder drops at the start (Opus pre-skip) lies before it.
    private static func presentationStart(
        _ streams: [InputStream]
    ) throws(TranscodingError) -> MediaTime {
        var earliest: MediaTime?
        for stream in streams {
            guard let start = stream.startTime else { continue }
            var time = try stream.timeBase.time(start)
            let rate = stream.description.sampleRate
            if time.value < 0, stream.initialPadding > 0, rate > 0 {
                let padding = MediaTime(Int64(stream.initialPadding), timescale: UInt32(rate))
                time.value = min(0, time.value + padding.rounded(toTimescale: time.timescale))
            }
            earliest = earliest.map { min($0, time) } ?? time
        }
        return earliest ?? .zero
    }
}

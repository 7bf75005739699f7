import Packaging

/// One track on its way: from packets with a container's times to fragments in its file.
///
/// A packet is held back until the next one tells how long it lasts; then it waits until the
/// fragment that it belongs to is known.
final class TrackWriter {
    let streamIndex: Int
    private(set) var bytesWaiting = 0
    /// End of the last sample.
    private(set) var end: MediaTime
    private var clock: TrackClock
    private let muxer: FragmentMuxer
    private var held: Sample?
    private var waiting: [Sample] = []
    private var waitingStart = 0
    private var bytesInFragment = 0
    /// Of those that waited.
    private var samplesWritten = 0

    struct Sample {
        var packet: Packet
        var time: SampleTime
    }

    init(
        stream: InputStream,
        track: TrackSelection.Track,
        zero: MediaTime,
        demuxer: Demuxer,
        output: OutputBytes
    ) throws(TranscodingError) {
        streamIndex = track.streamIndex
        clock = TrackClock(stream: stream, zero: zero)
        end = MediaTime(0, timescale: clock.timescale)
        muxer = try FragmentMuxer(
            stream: track.streamIndex,
            of: demuxer,
            timescale: clock.timescale,
            language: track.language,
            output: output
        )
    }

    var timescale: UInt32 { clock.timescale }
    /// When the packet that is held back is shown.
    var heldShown: Int64? { held?.time.pts }

    func time(_ ticks: Int64) -> MediaTime { MediaTime(ticks, timescale: clock.timescale) }

    /// Takes the next packet, and gives back the one before it, complete.
    func accept(
        _ packet: Packet,
        samples: Int64?,
        shift: MediaTime
    ) throws(TranscodingError) -> Sample? {
        let time = try clock.map(
            pts: packet.pts,
            dts: packet.dts,
            duration: packet.duration,
            samples: samples,
            shift: shift
        )
        var complete = held
        complete?.time.duration = time.dts - (held?.time.dts ?? 0)
        held = Sample(packet: packet, time: time)
        end = max(end, self.time(time.pts + time.duration))
        return complete
    }

    /// The last packet, at the end of the file.
    func takeHeld() -> Sample? {
        defer { held = nil }
        return held
    }

    private func write(_ sample: Sample, beginsFragment: Bool) throws(TranscodingError) {
        if beginsFragment || bytesInFragment >= ImportLimits.fragmentBytes {
            try muxer.endFragment()
            bytesInFragment = 0
        }
        try muxer.write(sample.packet, at: sample.time)
        bytesInFragment += sample.packet.sizeBytes
    }

    func wait(_ sample: Sample) {
        waiting.append(sample)
        bytesWaiting += sample.packet.sizeBytes
    }

    /// Writes what waits of the leader, as far as its cuts are known.
    func writeLeader(_ cutter: inout FragmentCutter) throws(TranscodingError) {
        try writeWaiting { (sample) throws(TranscodingError) in
            guard samplesWritten < cutter.settledLeaderSamples else { return false }
            try write(sample, beginsFragment: cutter.beginsFragment(leaderSample: samplesWritten))
            return true
        }
    }

    /// Writes what waits of a follower, as far as the leader's cuts are known, or all of it.
    func writeFollower(_ cutter: inout FragmentCutter, all: Bool) throws(TranscodingError) {
        try writeWaiting { (sample) throws(TranscodingError) in
            let shown = time(sample.time.pts)
            guard all || cutter.isSettled(shown) else { return false }
            try write(
                sample,
                beginsFragment: cutter.beginsFragment(follower: streamIndex, shown: shown)
            )
            return true
        }
    }

    private func writeWaiting(
        _ write: (Sample) throws(TranscodingError) -> Bool
    ) throws(TranscodingError) {
        while waitingStart < waiting.count, try write(waiting[waitingStart]) {
            bytesWaiting -= waiting[waitingStart].packet.sizeBytes
            waitingStart += 1
            samplesWritten += 1
        }
        // Move the rest down once the written part is the larger one.
        if waitingStart * 2 >= waiting.count {
            waiting.removeFirst(waitingStart)
            waitingStart = 0
        }
    }

    func finish() throws(TranscodingError) {
        try muxer.finish()
    }
}

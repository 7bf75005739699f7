extension TransportSchedule {
    /// Places the PCRs, counts packets and brings the units of both tracks into order.
    ///
    /// - Throws: `.damagedSamples` for a track with too few bytes to fill its packets,
    ///   `.limitExceeded` for a segment that would be too large.
    mutating func finish(file: String) throws(PackagingError) {
        if hasVideo {
            video = withClocks(video)
        } else {
            audio = withClocks(audio)
        }
        try Self.completeCounter(&video, file: file)
        try Self.completeCounter(&audio, file: file)
        merge()
        packetCount = units.reduce(0) { $0 + $1.packetCount }
        let limit = TransportStreamLimits.segmentSizeBytes / PacketWriter.packetSizeBytes
        guard packetCount <= limit else { throw .limitExceeded("segmentSizeBytes") }
    }

    /// Gives PES packets of the PCR's PID the clock, and fills long gaps with clock packets.
    ///
    /// The clock stands in the first packet and then as rarely as its interval allows, as each
    /// costs 8 bytes; random access points always have it, so that a player can start there.
    private func withClocks(_ stream: [TransportUnit]) -> [TransportUnit] {
        var placed: [TransportUnit] = []
        placed.reserveCapacity(stream.count)
        let limit = stream.count + TransportStreamLimits.clockPackets
        var last = stream.first?.decodeTime ?? audio.first?.decodeTime ?? 0
        if stream.isEmpty {
            placed.append(TransportUnit(kind: .clock, presentationTime: last, decodeTime: last))
            fill(&placed, from: &last, to: clockEnd, limit: limit)
        }
        for index in stream.indices {
            let next = index + 1 < stream.count ? stream[index + 1].decodeTime : clockEnd
            var unit = stream[index]
            if index == 0 || unit.isSync || next - last > TransportTime.clockInterval {
                unit.hasClock = true
                last = unit.decodeTime
            }
            placed.append(unit)
            fill(&placed, from: &last, to: next, limit: limit)
        }
        return placed
    }

    private func fill(
        _ placed: inout [TransportUnit],
        from last: inout Int64,
        to next: Int64,
        limit: Int
    ) {
        while next - last > TransportTime.clockInterval, placed.count < limit {
            last += TransportTime.clockInterval
            placed.append(TransportUnit(kind: .clock, presentationTime: last, decodeTime: last))
        }
    }

    /// Until when this segment keeps the clock going.
    ///
    /// The next segment starts its own where the video ends, which is a little before the audio
    /// does; only an audio that goes on for long after the last picture needs the clock to go on.
    private var clockEnd: Int64 {
        guard hasVideo, let videoEnd else { return audioEnd ?? 0 }
        guard let audioEnd, audioEnd - videoEnd > 90_000 else { return videoEnd }
        return audioEnd
    }

    /// Counts the packets of one PID and adds what is missing to a multiple of 16, so that the
    /// continuity counter ends where every segment expects it.
    ///
    /// The largest PES packet takes them all: it has a byte of payload for each of its packets,
    /// where a small one may not.
    private static func completeCounter(
        _ stream: inout [TransportUnit],
        file: String
    ) throws(PackagingError) {
        var total = 0
        var largest = 0
        for index in stream.indices where stream[index].kind != .clock {
            stream[index].countPackets()
            total += stream[index].packetCount
            if stream[index].plannedSizeBytes > stream[largest].plannedSizeBytes {
                largest = index
            }
        }
        guard total > 0 else { return }
        stream[largest].packetCount += -total & 0x0F
        guard stream[largest].plannedSizeBytes >= stream[largest].packetCount else {
            throw .damagedSamples(file: file)
        }
    }

    /// Orders by decode time; the PCR's PID goes first, so that the clock is known at the start.
    private mutating func merge() {
        units.reserveCapacity(video.count + audio.count)
        var (nextVideo, nextAudio) = (0, 0)
        while nextVideo < video.count, nextAudio < audio.count {
            if nextVideo == 0 || video[nextVideo].decodeTime <= audio[nextAudio].decodeTime {
                units.append(video[nextVideo])
                nextVideo += 1
            } else {
                units.append(audio[nextAudio])
                nextAudio += 1
            }
        }
        units += video[nextVideo...]
        units += audio[nextAudio...]
    }
}

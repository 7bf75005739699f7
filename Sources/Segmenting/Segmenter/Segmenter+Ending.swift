import Packaging

/// Ends and gaps.
extension Segmenter {
    /// Places what waits and ends all open segments: the samples do not go on, or no more come.
    ///
    /// What begins next begins with a discontinuity.
    mutating func endSegments(into actions: inout [SegmenterAction]) {
        if lowLatency == nil, !undecided.isEmpty { decide(into: &actions) }
        for index in tracks.indices {
            if let sample = tracks[index].resolveHeld(nextDecodeTime: nil) {
                admit(sample, track: index, into: &actions)
            }
        }
        if boundaries.isEmpty { beginWithWhatThereIs(into: &actions) }
        follow(into: &actions)
        paceWhatIsLong(into: &actions)
        if let newest = boundaries.last {
            pacedMicroseconds = .max
            follow(into: &actions)
            let end = tracks.reduce(newest.timeMicroseconds) {
                max($0, $1.isOpen ? $1.microseconds($1.part.endTime + $1.delay) : $0)
            }
            for index in tracks.indices {
                catchUp(index, to: newest.number, into: &actions)
                if tracks[index].isOpen {
                    endSegment(of: index, into: &actions)
                } else {
                    addGap(newest, endMicroseconds: end, track: index, into: &actions)
                }
            }
            owesDiscontinuity = true
        }
        boundaries = []
        pacedMicroseconds = .min
        firstMicroseconds = nil
        pacer = 0
        for index in tracks.indices { tracks[index].restart() }
    }

    /// The track that should pace has sent nothing yet, and will not.
    private mutating func beginWithWhatThereIs(into actions: inout [SegmenterAction]) {
        guard let index = tracks.indices.first(where: { !tracks[$0].backlog.isEmpty }) else {
            return
        }
        paceBacklog(of: index, into: &actions)
    }

    /// What waits for the pace may be more than the open segment can hold.
    private mutating func paceWhatIsLong(into actions: inout [SegmenterAction]) {
        for index in tracks.indices where index != pacer && !tracks[index].backlog.isEmpty {
            guard let newest = boundaries.last, let reached = tracks[index].reachedMicroseconds,
                reached - newest.timeMicroseconds > targetDurationMicroseconds
            else { continue }
            catchUp(index, to: newest.number, into: &actions)
            paceBacklog(of: index, into: &actions)
            follow(into: &actions)
        }
    }

    private mutating func paceBacklog(of index: Int, into actions: inout [SegmenterAction]) {
        pacer = index
        let waiting = tracks[index].backlog.take()
        for sample in waiting { pace(sample, into: &actions) }
    }

    /// Tells a segment of which a track has nothing, in parts of the target each.
    mutating func addGap(
        _ boundary: SegmentBoundary,
        endMicroseconds: Int64,
        track index: Int,
        into actions: inout [SegmenterAction]
    ) {
        let track = tracks[index]
        let timescale = track.track.timescale
        let decodeTime = TrackClock.ticksInside(boundary.timeMicroseconds, timescale: timescale)
        let longest = boundary.timeMicroseconds + targetDurationMicroseconds
        let end = TrackClock.ticksInside(min(endMicroseconds, longest), timescale: timescale)
        let duration = max(1, end - decodeTime)
        let start = segmentStart(
            boundary,
            track: index,
            decodeTime: decodeTime,
            presentedMicroseconds: boundary.timeMicroseconds,
            isIndependent: true,
            isGap: true
        )
        actions.append(.segmentBegan(start))
        var told: Int64 = 0
        var partIndex = 0
        while told < duration {
            let length = min(track.limits.most, duration - told)
            let part = LivePart(
                track: track.track.id,
                segmentNumber: boundary.number,
                index: partIndex,
                decodeTime: decodeTime + told,
                duration: length,
                isIndependent: false,
                header: [],
                payload: [],
                descriptionIndexOffset: 0,
                arrivalMicroseconds: wallClock.wallClock(at: endMicroseconds),
                isGap: true
            )
            actions.append(.part(part))
            told += length
            partIndex += 1
        }
        let ended = SegmentEnd(track: track.track.id, number: boundary.number, duration: duration)
        actions.append(.segmentEnded(ended))
    }
}

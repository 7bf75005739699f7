/// Who decides where segments begin, and who follows.
extension Segmenter {
    mutating func receive(_ sample: LiveSample, into actions: inout [SegmenterAction]) {
        guard let index = tracks.firstIndex(where: { $0.track.id == sample.track }),
            tracks[index].isForward(sample)
        else {
            droppedSamples += 1
            return
        }
        let time = tracks[index].microseconds(sample.decodeTime)
        firstMicroseconds = min(firstMicroseconds ?? time, time)
        let (first, second) = tracks[index].receive(sample)
        if let first { admit(first, track: index, into: &actions) }
        if let second { admit(second, track: index, into: &actions) }
        choosePacer(into: &actions)
        follow(into: &actions)
    }

    /// Takes a sample whose duration is known.
    mutating func admit(
        _ sample: LiveSample,
        track index: Int,
        into actions: inout [SegmenterAction]
    ) {
        if tracks[index].isAway {
            guard canReturn(with: sample, track: index) else {
                droppedSamples += 1
                return
            }
            tracks[index].isAway = false
            choosePacer(into: &actions)
        }
        if index == pacer {
            pace(sample, into: &actions)
        } else if tracks[index].backlog.count < SegmenterLimits.backlog {
            tracks[index].backlog.append(sample)
        } else {
            droppedSamples += 1
        }
    }

    /// A silent track is back where decoding can start; one that would pace again, where it has
    /// reached the segment that is open.
    private func canReturn(with sample: LiveSample, track index: Int) -> Bool {
        guard sample.isSync else { return false }
        guard index < pacer, let newest = boundaries.last else { return true }
        return tracks[index].placement(of: sample) >= newest.timeMicroseconds
    }

    /// The first track that is not silent paces; what it had waiting is placed.
    private mutating func choosePacer(into actions: inout [SegmenterAction]) {
        guard let first = firstMicroseconds else { return }
        let newest = tracks.reduce(first) { max($0, $1.reachedMicroseconds ?? first) }
        for index in tracks.indices {
            let behind = newest - (tracks[index].reachedMicroseconds ?? first)
            if behind > SegmenterLimits.silenceMicroseconds { tracks[index].goAway() }
        }
        guard let chosen = tracks.indices.first(where: { !tracks[$0].isAway }), chosen != pacer
        else { return }
        pacer = chosen
        if let newest = boundaries.last { catchUp(chosen, to: newest.number, into: &actions) }
        let waiting = tracks[chosen].backlog.take()
        for sample in waiting { pace(sample, into: &actions) }
    }

    /// Places a sample of the track that paces, in a new segment where it begins one.
    mutating func pace(_ sample: LiveSample, into actions: inout [SegmenterAction]) {
        guard canBegin(with: sample, track: pacer) else { return }
        let time = tracks[pacer].placement(of: sample)
        if let newest = boundaries.last {
            if beginsSegment(sample, at: time, since: newest.timeMicroseconds) {
                wallClock.slew()
                addBoundary(at: time)
                catchUp(pacer, to: nextSegmentNumber - 1, into: &actions)
            }
        } else {
            beginAnew(sample, at: time)
        }
        let decodeTime = tracks[pacer].microseconds(sample.decodeTime)
        wallClock.observe(
            arrivalMicroseconds: sample.arrivalMicroseconds,
            timeMicroseconds: decodeTime
        )
        place(sample, track: pacer, into: &actions)
        let end = tracks[pacer].microseconds(
            sample.decodeTime + Int64(sample.duration ?? 0) + min(0, tracks[pacer].delay)
        )
        pacedMicroseconds = max(pacedMicroseconds, end)
    }

    /// Drops video until it can be decoded, or has no key frames to wait for.
    private mutating func canBegin(with sample: LiveSample, track index: Int) -> Bool {
        guard tracks[index].needsSync, !sample.isSync, let first = firstMicroseconds else {
            return true
        }
        let waited = tracks[index].microseconds(sample.decodeTime) - first
        if waited > SegmenterLimits.keyFrameWaitMicroseconds { return true }
        droppedSamples += 1
        return false
    }

    /// The first segment of the publish, or behind a discontinuity.
    private mutating func beginAnew(_ sample: LiveSample, at time: Int64) {
        if owesDiscontinuity {
            discontinuitySequence += 1
            wallClock.jump(
                arrivalMicroseconds: sample.arrivalMicroseconds,
                timeMicroseconds: tracks[pacer].microseconds(sample.decodeTime)
            )
        }
        // What others have already counts in the segment's length, or it would get too long.
        let earliest = tracks.reduce(time) { earliest, track in
            min(earliest, track.backlog.first.map { track.placement(of: $0) } ?? earliest)
        }
        addBoundary(at: earliest, isDiscontinuity: owesDiscontinuity)
        owesDiscontinuity = false
        for index in tracks.indices {
            tracks[index].segmentNumber = nextSegmentNumber - 1
            tracks[index].acceptsFromMicroseconds = earliest - SegmenterLimits.roundingMicroseconds
        }
    }

    private mutating func addBoundary(at time: Int64, isDiscontinuity: Bool = false) {
        boundaries.append(
            SegmentBoundary(
                number: nextSegmentNumber,
                timeMicroseconds: time,
                discontinuitySequence: discontinuitySequence,
                isDiscontinuity: isDiscontinuity,
                wallClockCorrection: wallClock.correction
            )
        )
        nextSegmentNumber += 1
    }

    /// Whether a sample of the track that paces should be the first of a segment.
    ///
    /// A sync sample is, where the next one would be further from the wished duration; the least
    /// length keeps segments that had to begin without one from being followed by tiny ones. Any
    /// sample is, where the segment would exceed the target duration.
    private func beginsSegment(_ sample: LiveSample, at time: Int64, since start: Int64) -> Bool {
        let track = tracks[pacer]
        let elapsed = max(time - start, 0)
        let end =
            track.isOpen
            ? track.microseconds(
                sample.decodeTime + Int64(sample.duration ?? 0) - track.segmentDecodeTime
            ) : 0
        let length = elapsed + track.microseconds(Int64(sample.duration ?? 0))
        if max(end, length) > targetDurationMicroseconds, elapsed > 0 { return true }
        guard sample.isSync else { return false }
        let interval = track.microseconds(track.syncInterval(at: sample.decodeTime))
        return isNearestCut(elapsed: elapsed, interval: interval)
    }

    private func isNearestCut(elapsed: Int64, interval: Int64) -> Bool {
        let wish = configuration.segmentMicroseconds
        if elapsed >= wish { return true }
        return elapsed >= wish / 4 && wish - elapsed < elapsed + interval - wish
    }

    var targetDurationMicroseconds: Int64 {
        Int64(configuration.targetDurationSeconds) * 1_000_000
    }

    /// Whether the sample behind `sample` probably begins a segment, so that what ends with
    /// `sample` is the segment's last part.
    func expectsSegment(behind sample: LiveSample, track index: Int) -> Bool {
        let track = tracks[index]
        guard index == pacer || track.track.id.kind == .video else { return false }
        let next = sample.decodeTime + Int64(sample.duration ?? 0)
        guard track.expectsSync(at: next), let interval = track.syncInterval else { return false }
        return isNearestCut(
            elapsed: track.microseconds(next - track.segmentDecodeTime),
            interval: track.microseconds(interval)
        )
    }
}

extension Segmenter {
    /// The other tracks place what the pace has passed, and end segments as it did.
    mutating func follow(into actions: inout [SegmenterAction]) {
        guard !boundaries.isEmpty else { return }
        for index in tracks.indices where index != pacer {
            placeBacklog(of: index, into: &actions)
            endPassedSegments(of: index, into: &actions)
        }
        let needed = tracks.reduce(nextSegmentNumber - 1) { min($0, $1.segmentNumber) }
        boundaries.removeFirst(boundaries.prefix { $0.number < needed }.count)
    }

    private mutating func placeBacklog(of index: Int, into actions: inout [SegmenterAction]) {
        guard !tracks[index].backlog.isEmpty else { return }
        let waiting = tracks[index].backlog.samples
        var placed = 0
        for sample in waiting {
            let time = tracks[index].placement(of: sample)
            while let next = boundary(tracks[index].segmentNumber + 1),
                time >= next.timeMicroseconds - tracks[index].toleranceMicroseconds
            {
                advance(index, into: &actions)
            }
            guard time < pacedMicroseconds else { break }
            placed += 1
            if time < tracks[index].acceptsFromMicroseconds {
                droppedSamples += 1
            } else if canBegin(with: sample, track: index) {
                place(sample, track: index, into: &actions)
            }
        }
        tracks[index].backlog.removeFirst(placed)
    }

    /// Ends segments of which nothing more can come: because the next sample is expected behind
    /// them, or because the track is silent.
    private mutating func endPassedSegments(of index: Int, into actions: inout [SegmenterAction]) {
        while let next = boundary(tracks[index].segmentNumber + 1) {
            let end = next.timeMicroseconds
            let track = tracks[index]
            let isFull =
                track.isOpen && track.backlog.isEmpty
                && track.nextPlacement >= end - track.toleranceMicroseconds
            let isSilent =
                track.backlog.isEmpty
                && end <= pacedMicroseconds - SegmenterLimits.silenceMicroseconds
            guard isFull || isSilent else { return }
            advance(index, into: &actions)
            if isSilent { tracks[index].acceptsFromMicroseconds = end }
        }
    }

    func boundary(_ number: UInt64) -> SegmentBoundary? {
        guard let first = boundaries.first, number >= first.number else { return nil }
        let place = Int(number - first.number)
        return place < boundaries.count ? boundaries[place] : nil
    }

    /// Ends a track's segments before `number`; those of which it has nothing are gaps.
    mutating func catchUp(
        _ index: Int,
        to number: UInt64,
        into actions: inout [SegmenterAction]
    ) {
        while tracks[index].segmentNumber < number { advance(index, into: &actions) }
    }

    private mutating func advance(_ index: Int, into actions: inout [SegmenterAction]) {
        let number = tracks[index].segmentNumber
        if tracks[index].isOpen {
            endSegment(of: index, into: &actions)
        } else if let begin = boundary(number), let end = boundary(number + 1) {
            addGap(begin, endMicroseconds: end.timeMicroseconds, track: index, into: &actions)
        }
        tracks[index].segmentNumber = number + 1
    }
}

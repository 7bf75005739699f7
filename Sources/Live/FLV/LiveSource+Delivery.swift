import Segmenting

extension LiveSource {
    /// Silent tracks are looked for after so many samples.
    private static let deliveriesBetweenLooks = 64

    /// Sends a sample on, or keeps it for the start.
    mutating func pass(_ sample: SourceSample, into inputs: inout [LiveInput]) {
        guard timeline == nil else {
            deliver(sample, into: &inputs)
            return
        }
        waitingBytes += sample.bytes.count
        waiting.append(sample)
        if isReadyToStart(sample) { start(into: &inputs) }
    }

    /// Sees whether a track's coding changed.
    @discardableResult
    mutating func noticeFormat(_ index: Int) -> Bool {
        let number = tracks[index].assemblyFormatNumber
        guard number != tracks[index].formatNumber else { return false }
        let isFirst = tracks[index].formatNumber == 0
        tracks[index].formatNumber = number
        tracks[index].captionLooks = 0
        if tracks[index].isPresent {
            areTracksChanged = true
            if let hint = tracks[index].video?.picture?.interval {
                tracks[index].videoTiming?.suggest(hint)
            }
        } else if !isFirst {
            forgetWaiting(tracks[index].id)
        }
        return true
    }

    /// Drops waiting samples that are coded in a way that is no more.
    mutating func forgetWaiting(_ id: LiveTrackID) {
        for sample in waiting where sample.track == id {
            counts.count(.waiting)
            waitingBytes -= sample.bytes.count
        }
        waiting.removeAll { $0.track == id }
    }
}

// MARK: Start

extension LiveSource {
    private func isReadyToStart(_ newest: SourceSample) -> Bool {
        guard let first = waiting.first else { return false }
        let limits = configuration.limits
        let waited = max(
            newest.arrivalMicroseconds - first.arrivalMicroseconds,
            newest.stamp - first.stamp
        )
        if waiting.count >= limits.waitingSamples || waitingBytes >= limits.waitingBytes
            || waited >= configuration.startWaitMicroseconds
        {
            return true
        }
        return isComplete && tracks.allSatisfy { isRateKnown($0, newest) }
    }

    /// Every track that was announced has begun, and both kinds are there or only one will be.
    private var isComplete: Bool {
        guard tracks.allSatisfy({ track in waiting.contains { $0.track == track.id } }) else {
            return false
        }
        let hasVideo = tracks.contains { $0.id.kind == .video }
        let hasAudio = tracks.contains { $0.id.kind == .audio }
        guard let said = counts.metadata.kinds else { return hasVideo && hasAudio }
        return (hasVideo || !said.video) && (hasAudio || !said.audio)
    }

    private func isRateKnown(_ track: SourceTrack, _ newest: SourceSample) -> Bool {
        guard track.video != nil, let first = waiting.first(where: { $0.track == track.id }) else {
            return true
        }
        let waited = max(
            newest.arrivalMicroseconds - first.arrivalMicroseconds,
            newest.stamp - first.stamp
        )
        if waited >= configuration.rateWaitMicroseconds { return true }
        let frames = waiting.lazy.filter { $0.track == track.id }.count
        let needed =
            hints(for: track).isEmpty
            ? TimingLimits.framesToMeasure : TimingLimits.framesToConfirm
        return frames >= needed
    }

    private func hints(for track: SourceTrack) -> [FrameInterval] {
        let said = FrameInterval(framesPerSecond: counts.metadata.framesPerSecond)
        return [track.video?.picture?.interval, said].compactMap { $0 }
    }

    /// Announces the tracks and lets go of what waited.
    mutating func start(into inputs: inout [LiveInput]) {
        guard let first = waiting.first else { return }
        let nearby = waiting.lazy.filter {
            ($0.stamp - first.stamp).magnitude <= UInt64(TimingLimits.startApart)
        }
        // Nothing is presented before the line's beginning.
        let base = nearby.map { $0.stamp + min(0, $0.composition) }.min() ?? first.stamp
        timeline = LiveTimeline(start: base)
        for index in tracks.indices {
            let own = waiting.filter { $0.track == tracks[index].id }
            guard !own.isEmpty else { continue }
            tracks[index].isPresent = true
            beginTiming(index, stamps: own.map { $0.stamp - base })
        }
        areTracksChanged = true
        let samples = waiting
        waiting = []
        waitingBytes = 0
        for sample in samples { deliver(sample, into: &inputs) }
    }

    private mutating func beginTiming(_ index: Int, stamps: [Int64]) {
        if let audio = tracks[index].audio {
            tracks[index].audioTiming = AudioTiming(sampleRate: audio.sampleRate)
        } else {
            let hints = hints(for: tracks[index])
            tracks[index].videoTiming = VideoTiming(hints: hints, stamps: stamps)
        }
    }
}

// MARK: Delivery

extension LiveSource {
    /// Gives a sample its times.
    private mutating func deliver(_ sample: SourceSample, into inputs: inout [LiveInput]) {
        guard let index = tracks.firstIndex(where: { $0.id == sample.track }) else { return }
        if !tracks[index].isPresent {
            tracks[index].isPresent = true
            areTracksChanged = true
            if tracks[index].videoTiming == nil, tracks[index].audioTiming == nil {
                beginTiming(index, stamps: [])
            }
        }
        let time: Int64
        switch timeline?.place(sample.track, at: sample.stamp) {
        case .at(let place): time = place
        case .jumpedTo(let place):
            counts.jumps += 1
            inputs.append(.discontinuity(.timestampJump))
            time = place
        case .beforeStart, nil:
            counts.count(.beforeStart)
            return
        }
        tracks[index].lastTime = max(time, tracks[index].lastTime)
        lookForSilence()
        if areTracksChanged { announce(into: &inputs) }
        tracks[index].statistics.count(sample)
        if sample.isSync { tracks[index].statistics.countSync(at: time) }
        append(sample, index, time, into: &inputs)
    }

    private mutating func append(
        _ sample: SourceSample,
        _ index: Int,
        _ time: Int64,
        into inputs: inout [LiveInput]
    ) {
        var timed = LiveSample(
            track: sample.track,
            decodeTime: 0,
            duration: nil,
            isSync: sample.isSync,
            arrivalMicroseconds: sample.arrivalMicroseconds,
            bytes: sample.bytes
        )
        if let rate = tracks[index].audio?.sampleRate {
            if tracks[index].audioTiming?.sampleRate != Int64(rate) {
                tracks[index].audioTiming = AudioTiming(
                    sampleRate: rate,
                    after: tracks[index].audioTiming
                )
            }
            guard
                let decodeTime = tracks[index].audioTiming?.time(
                    stamp: time,
                    frame: Int64(sample.samples)
                )
            else { return counts.count(.noTime) }
            timed.decodeTime = decodeTime
            timed.duration = UInt32(sample.samples)
        } else {
            guard
                let times = tracks[index].videoTiming?.times(
                    stamp: time,
                    composition: sample.composition
                )
            else { return }
            timed.decodeTime = times.decodeTime
            timed.compositionOffset = times.compositionOffset
            timed.duration = times.duration
        }
        inputs.append(.sample(timed))
    }

    private mutating func announce(into inputs: inout [LiveInput]) {
        areTracksChanged = false
        let present = tracks.lazy.filter { $0.isPresent }
        let metadata = counts.metadata
        let announced = present.compactMap { $0.announcement(metadata) }
            .sorted { $0.id < $1.id }
        inputs.append(.tracks(announced))
        if deliveries > 1 { counts.formatChanges += 1 }
    }

    /// Lets go of tracks that say nothing while others go on.
    private mutating func lookForSilence() {
        deliveries += 1
        guard deliveries.isMultiple(of: Self.deliveriesBetweenLooks), let timeline else { return }
        let oldest = timeline.latest - configuration.silenceMicroseconds
        for index in tracks.indices where tracks[index].isPresent && tracks[index].lastTime < oldest
        {
            tracks[index].isPresent = false
            tracks[index].video?.waitForSync()
            areTracksChanged = true
        }
    }
}

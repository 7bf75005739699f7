import ISOBMFF
import Packaging

/// Which tracks there are, and what parts they can keep to.
extension Segmenter {
    /// The tracks there are from here on.
    ///
    /// The same tracks coded as before are no discontinuity: only what playlists say is told anew.
    mutating func change(to described: [LiveTrack], into actions: inout [SegmenterAction]) {
        let described = described.filter { $0.timescale > 0 }.sorted { $0.id < $1.id }
        let isSame =
            described.count == tracks.count
            && zip(described, tracks).allSatisfy { $0.isCoded(as: $1.track) }
        guard !isSame else {
            for index in tracks.indices where tracks[index].track != described[index] {
                tracks[index].track = described[index]
                tell(tracks[index], into: &actions)
            }
            return
        }
        endSegments(into: &actions)
        for old in tracks {
            headers[old.track.id] = (old.initializationNumber, old.sequenceNumber)
        }
        let before = tracks
        tracks = []
        for track in described where tracks.last?.track.id != track.id {
            add(track, before: before.first { $0.track.id == track.id }, into: &actions)
        }
        pacer = 0
        if lowLatency != nil { keepOrWithdrawTarget(into: &actions) }
    }

    private mutating func add(
        _ track: LiveTrack,
        before: SegmentedTrack?,
        into actions: inout [SegmenterAction]
    ) {
        guard let header = try? track.header() else {
            refusedTracks.append(track.id)
            return
        }
        let known = headers[track.id]
        let isNew = before?.header != header
        var added = SegmentedTrack(
            track,
            initializationNumber: (known?.number ?? 0) + (isNew ? 1 : 0),
            header: header,
            limits: limits(timescale: track.timescale)
        )
        added.sequenceNumber = known?.sequenceNumber ?? 0
        added.programDateTime = before?.programDateTime ?? .min
        added.segmentNumber = nextSegmentNumber
        tracks.append(added)
        if isNew || before?.track != track { tell(added, into: &actions) }
    }

    private func tell(_ track: SegmentedTrack, into actions: inout [SegmenterAction]) {
        let initialization = LiveInitialization(
            track: track.track,
            number: track.initializationNumber,
            bytes: track.header
        )
        actions.append(.initialization(initialization))
    }

    /// Decides the part target once every track's rate is known, or time is up.
    mutating func decideIfKnown(into actions: inout [SegmenterAction]) {
        let isKnown = tracks.indices.allSatisfy { frameDuration(ofTrack: $0) != nil }
        guard
            isKnown || undecided.count >= SegmenterLimits.backlog
                || undecidedMicroseconds >= SegmenterLimits.rateDecisionMicroseconds
        else { return }
        decide(into: &actions)
    }

    /// Offers parts or says why there are none, then takes what waited.
    mutating func decide(into actions: inout [SegmenterAction]) {
        let offer = PartTarget.derive(
            frames: tracks.indices.compactMap { frameDuration(ofTrack: $0) },
            wishMicroseconds: configuration.partMicroseconds,
            kept: partTargetMicroseconds
        )
        lowLatency = offer
        if case .parts(let target) = offer { partTargetMicroseconds = target }
        actions.append(.lowLatency(offer))
        setLimits()
        let inputs = undecided
        undecided = []
        undecidedBytes = 0
        for input in inputs { applyDecided(input, into: &actions) }
    }

    /// A track's constant frame duration: as described, else as its first sample says.
    private func frameDuration(ofTrack index: Int) -> MediaTime? {
        let track = tracks[index].track
        if let duration = track.frameDuration, duration > 0 {
            return MediaTime(Int64(duration), timescale: track.timescale)
        }
        for case .sample(let sample) in undecided where sample.track == track.id {
            guard let duration = sample.duration, duration > 0 else { return nil }
            return MediaTime(Int64(duration), timescale: track.timescale)
        }
        return nil
    }

    private var undecidedMicroseconds: Int64 {
        var range: (least: Int64, most: Int64)?
        for case .sample(let sample) in undecided {
            guard let track = tracks.first(where: { $0.track.id == sample.track }) else { continue }
            let time = track.microseconds(sample.decodeTime)
            range = (min(range?.least ?? time, time), max(range?.most ?? time, time))
        }
        return range.map { $0.most - $0.least } ?? 0
    }

    /// Tracks changed after the target was told.
    private mutating func keepOrWithdrawTarget(into actions: inout [SegmenterAction]) {
        guard case .parts(let target)? = lowLatency else { return }
        for track in tracks {
            guard let duration = track.track.frameDuration, duration > 0 else { continue }
            let frame = MediaTime(Int64(duration), timescale: track.track.timescale)
            guard PartTarget.fits(frame, targetMicroseconds: target) else {
                let length = frame.rounded(toTimescale: 1000)
                withdraw("frames of \(track.track.id.name) last \(length) ms now", into: &actions)
                return
            }
        }
    }

    /// The stream does not keep to the rules of parts after all.
    mutating func withdraw(_ reason: String, into actions: inout [SegmenterAction]) {
        guard case .parts? = lowLatency else { return }
        lowLatency = LowLatencyOffer.none(reason: reason)
        actions.append(.lowLatency(.none(reason: reason)))
        setLimits()
    }

    private mutating func setLimits() {
        for index in tracks.indices {
            tracks[index].limits = limits(timescale: tracks[index].track.timescale)
        }
    }

    /// Without low latency there are parts as well: DASH has them as chunks, and the recording
    /// loses no more than one.
    private func limits(timescale: UInt32) -> PartLimits {
        if case .parts(let target)? = lowLatency {
            return PartLimits(targetMicroseconds: target, timescale: timescale, isStrict: true)
        }
        let wish = configuration.partMicroseconds
        return PartLimits(targetMicroseconds: wish, timescale: timescale, isStrict: false)
    }
}

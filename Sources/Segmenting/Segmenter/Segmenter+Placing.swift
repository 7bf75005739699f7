import ISOBMFF
import Packaging

/// Samples into parts, parts into segments.
extension Segmenter {
    /// Puts a sample into its track's open segment, or begins the one that is due.
    mutating func place(
        _ sample: LiveSample,
        track index: Int,
        into actions: inout [SegmenterAction]
    ) {
        if sample.isSync { tracks[index].noteSync(sample) }
        if !tracks[index].isOpen { beginSegment(with: sample, track: index, into: &actions) }
        closeHole(before: sample, track: index, into: &actions)
        var duration = Int64(sample.duration ?? 1)
        let limits = tracks[index].limits
        if tracks[index].part.duration + duration > limits.most {
            if !limits.isStrict || tracks[index].part.duration >= limits.least {
                emitPart(of: index, into: &actions)
            }
            let room = limits.most - tracks[index].part.duration
            if limits.isStrict, duration > room {
                noteMisfit(of: index, ticks: duration - room, into: &actions)
                duration = tracks[index].limits.isStrict ? room : duration
            }
        }
        duration = min(duration, longestSample(track: index))
        tracks[index].part.append(sample, duration: duration)
        endPartIfFull(behind: sample, track: index, into: &actions)
    }

    /// A part is full where one more sample like this one would cross.
    private mutating func endPartIfFull(
        behind sample: LiveSample,
        track index: Int,
        into actions: inout [SegmenterAction]
    ) {
        let (part, limits) = (tracks[index].part, tracks[index].limits)
        let next = Int64(sample.duration ?? 1)
        guard part.duration + next > limits.most,
            part.duration >= limits.least || !limits.isStrict,
            !expectsSegment(behind: sample, track: index)
        else { return }
        emitPart(of: index, into: &actions)
    }

    /// Samples that do not go on where the last one ended make it longer or shorter.
    ///
    /// What a part has no room for stays a hole, which `tfdt` of the next one tells.
    private mutating func closeHole(
        before sample: LiveSample,
        track index: Int,
        into actions: inout [SegmenterAction]
    ) {
        guard !tracks[index].part.isEmpty else { return }
        let hole = sample.decodeTime - tracks[index].part.endTime
        guard hole != 0 else { return }
        let limits = tracks[index].limits
        let room =
            limits.isStrict
            ? limits.most - tracks[index].part.duration
            : longestSample(track: index)
        tracks[index].part.lengthenLast(by: min(hole, max(0, room)))
        if hole > room { emitPart(of: index, into: &actions) }
    }

    /// No sample lasts as long as to break the target duration.
    private func longestSample(track index: Int) -> Int64 {
        let track = tracks[index]
        let most = TrackClock.ticksInside(
            targetDurationMicroseconds + SegmenterLimits.roundingMicroseconds,
            timescale: track.track.timescale
        )
        return max(1, most - track.segmentDuration - track.part.duration)
    }

    private mutating func noteMisfit(
        of index: Int,
        ticks: Int64,
        into actions: inout [SegmenterAction]
    ) {
        let lost = tracks[index].microseconds(ticks)
        guard lost > SegmenterLimits.unnoticedHoleMicroseconds else { return }
        tracks[index].hadMisfit = true
        tracks[index].misfits += 1
        guard tracks[index].misfits >= SegmenterLimits.misfits else { return }
        let name = tracks[index].track.id.name
        withdraw("frames of \(name) last too long or vary too much to fill parts", into: &actions)
    }

    private mutating func beginSegment(
        with sample: LiveSample,
        track index: Int,
        into actions: inout [SegmenterAction]
    ) {
        guard let boundary = boundary(tracks[index].segmentNumber) else { return }
        let isIndependent = sample.isSync
        if !isIndependent {
            let name = tracks[index].track.id.name
            withdraw("a segment of \(name) had to begin without a key frame", into: &actions)
        }
        tracks[index].beginSegment(decodeTime: sample.decodeTime)
        let presented = tracks[index].placement(of: sample)
        let start = segmentStart(
            boundary,
            track: index,
            decodeTime: sample.decodeTime,
            presentedMicroseconds: presented,
            isIndependent: isIndependent
        )
        actions.append(.segmentBegan(start))
    }

    mutating func segmentStart(
        _ boundary: SegmentBoundary,
        track index: Int,
        decodeTime: Int64,
        presentedMicroseconds: Int64,
        isIndependent: Bool,
        isGap: Bool = false
    ) -> SegmentStart {
        let time = wallClock.wallClock(
            at: presentedMicroseconds,
            correction: boundary.wallClockCorrection
        )
        tracks[index].programDateTime = max(tracks[index].programDateTime &+ 1, time)
        return SegmentStart(
            track: tracks[index].track.id,
            number: boundary.number,
            discontinuitySequence: boundary.discontinuitySequence,
            isDiscontinuity: boundary.isDiscontinuity,
            initializationNumber: tracks[index].initializationNumber,
            decodeTime: decodeTime,
            programDateTime: tracks[index].programDateTime,
            isIndependent: isIndependent,
            isGap: isGap
        )
    }

    mutating func emitPart(of index: Int, into actions: inout [SegmenterAction]) {
        guard !tracks[index].part.isEmpty else { return }
        let part = tracks[index].part.take(
            of: tracks[index].track.id,
            segmentNumber: tracks[index].segmentNumber,
            index: tracks[index].partIndex,
            sequenceNumber: tracks[index].sequenceNumber &+ 1,
            prefix: prefix(track: index)
        )
        tracks[index].countPart(duration: part.duration)
        actions.append(.part(part))
    }

    /// What stands in front of a part's `moof`: at a segment's start `styp` and `prft`.
    ///
    /// One `prft` a segment says all: the clocks' relation only changes between segments. Events
    /// go with the track that paces, which is there when they come.
    private mutating func prefix(track index: Int) -> [UInt8] {
        let carriesEvents = index == pacer && !events.isEmpty
        guard tracks[index].partIndex == 0 || carriesEvents else { return [] }
        var writer = BoxWriter(reservingBytes: 128)
        let timescale = tracks[index].track.timescale
        if tracks[index].partIndex == 0 {
            writer.append(contentsOf: CMAF.segmentType)
            let time = tracks[index].part.decodeTime
            let correction = boundary(tracks[index].segmentNumber)?.wallClockCorrection
            let clock = wallClock.wallClock(
                at: tracks[index].microseconds(time),
                correction: correction
            )
            ProducerReferenceTimeBox(
                referenceTrackID: CMAFHeader.trackID,
                ntpTimestamp: NTPTimestamp.make(microsecondsSince1970: clock),
                mediaTime: UInt64(max(0, time)),
                moment: .encoderOutput
            ).write(to: &writer)
        }
        if carriesEvents {
            for (id, event) in events {
                EventMessages.write(event, id: id, timescale: timescale, to: &writer)
            }
            events = []
        }
        return writer.bytes
    }

    mutating func endSegment(of index: Int, into actions: inout [SegmenterAction]) {
        emitPart(of: index, into: &actions)
        if !tracks[index].hadMisfit { tracks[index].misfits = 0 }
        tracks[index].hadMisfit = false
        tracks[index].isOpen = false
        let end = SegmentEnd(
            track: tracks[index].track.id,
            number: tracks[index].segmentNumber,
            duration: tracks[index].segmentDuration
        )
        actions.append(.segmentEnded(end))
    }
}

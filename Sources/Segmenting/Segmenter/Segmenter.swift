import ISOBMFF
import Packaging

/// Turns live samples into parts and segments: inputs in, actions out, no clock.
///
/// **Pace.** One track decides where segments begin: the first video that is there, else the first
/// audio. It cuts at the key frame nearest to the wished duration, and before the target duration
/// would be exceeded also without one. Every boundary has a number and a presentation time, and the
/// other tracks cut at their first sample that is not before it (videos: half a frame before), so
/// all have the same numbers. They do not place a sample before the pace has passed it, which at an
/// ordinary interleaving costs them less than a frame.
///
/// **Silence.** A track that is `SegmenterLimits.silenceMicroseconds` behind has its segments ended,
/// and those of which it has nothing are told as gaps, with parts that are gaps. Where it comes
/// back it joins the segment of the time; what comes for a time that was told as a gap is dropped.
/// If it was the one that paced, another paces meanwhile.
///
/// **Parts.** A part ends before the sample that would cross the target: as soon as its last sample
/// came, if one more of the same duration would cross. Where the next sample is expected to be the
/// key frame of a new segment, it waits for that, so that the part hinted next is the part that
/// comes. Samples that last longer than a part has room for lose what is too much, a hole players
/// do not notice; a stream that needs larger ones time and again loses low latency.
///
/// **Memory.** A part and the samples that wait for the pace, at most `silenceMicroseconds` of them:
/// so it is bounded by media time, and by `heldBytes` only if whoever runs it looks at that.
package struct Segmenter: Sendable {
    /// Samples that were of no use: late, out of order, before the first key frame, of no track.
    package internal(set) var droppedSamples = 0
    /// Tracks of which no init segment can be made.
    package internal(set) var refusedTracks: [LiveTrackID] = []

    let configuration: SegmenterConfiguration
    var tracks: [SegmentedTrack] = []
    /// Of tracks of the publish that are or were: numbers of headers never come twice.
    var headers: [LiveTrackID: (number: Int, sequenceNumber: UInt32)] = [:]

    /// What came before the part target is decided.
    var undecided: [LiveInput] = []
    var undecidedBytes = 0
    /// Nil until it is decided.
    var lowLatency: LowLatencyOffer?
    var partTargetMicroseconds: Int64?

    /// Those that a track still needs, the last one is the newest; empty before the first sample
    /// and behind a discontinuity.
    var boundaries: [SegmentBoundary] = []
    var pacer = 0
    /// Up to here no further boundary comes.
    var pacedMicroseconds = Int64.min
    /// The first sample since the start or the discontinuity, of any track.
    var firstMicroseconds: Int64?

    var nextSegmentNumber: UInt64
    var discontinuitySequence: UInt64
    var owesDiscontinuity: Bool
    var wallClock: WallClockEstimate
    var events: [(id: UInt32, event: LiveEvent)] = []
    var nextEventID: UInt32 = 1

    /// - Parameters:
    ///   - configuration: what the operator chose.
    ///   - continuation: of the stream's publish before; where there was one, this one begins with
    ///     a discontinuity.
    ///   - startMicroseconds: the wall clock at the publish's time zero, since 1970.
    package init(
        configuration: SegmenterConfiguration,
        continuation: LiveContinuation,
        startMicroseconds: Int64
    ) {
        self.configuration = configuration
        nextSegmentNumber = continuation.nextSegmentNumber
        discontinuitySequence = continuation.discontinuitySequence
        partTargetMicroseconds = continuation.partTargetMicroseconds
        owesDiscontinuity = continuation.nextSegmentNumber > 0
        wallClock = WallClockEstimate(startMicroseconds: startMicroseconds)
    }

    /// What the stream's next publish goes on from, if this one ended now.
    package var continuation: LiveContinuation {
        LiveContinuation(
            nextSegmentNumber: nextSegmentNumber,
            discontinuitySequence: discontinuitySequence,
            partTargetMicroseconds: partTargetMicroseconds
        )
    }

    /// Of memory: samples that wait, and parts that are open.
    package var heldBytes: Int { tracks.reduce(undecidedBytes) { $0 + $1.heldBytes } }

    /// Takes what the source says; appends what follows from it.
    package mutating func apply(_ input: LiveInput, into actions: inout [SegmenterAction]) {
        switch input {
        case .tracks(let described):
            change(to: described, into: &actions)
        case .discontinuity:
            endSegments(into: &actions)
        case .sample, .event:
            if tracks.isEmpty {
                droppedSamples += 1
            } else if lowLatency == nil {
                undecided.append(input)
                undecidedBytes += input.memoryBytes
                decideIfKnown(into: &actions)
            } else {
                applyDecided(input, into: &actions)
            }
        }
    }

    /// Nothing more will come: ends what is open.
    package mutating func finish(into actions: inout [SegmenterAction]) {
        endSegments(into: &actions)
    }

    mutating func applyDecided(_ input: LiveInput, into actions: inout [SegmenterAction]) {
        switch input {
        case .sample(let sample): receive(sample, into: &actions)
        case .event(let event): announce(event, into: &actions)
        case .tracks, .discontinuity: break
        }
    }

    private mutating func announce(_ event: LiveEvent, into actions: inout [SegmenterAction]) {
        if events.count < SegmenterLimits.pendingEvents {
            events.append((nextEventID, event))
            nextEventID &+= 1
        }
        let time = wallClock.wallClock(at: event.timeMicroseconds)
        actions.append(.event(event, presentationMicroseconds: time))
    }
}

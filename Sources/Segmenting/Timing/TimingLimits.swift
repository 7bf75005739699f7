/// What the timing of live tracks holds to; every limit of it stands here.
///
/// Times in microseconds but where a name says otherwise.
package enum TimingLimits {
    /// A publish that got this far ends, two hundred days: sums of times and their products with
    /// rates fit 64 bits up to here.
    package static let longestPublish: Int64 = 1 << 44
    /// Milliseconds on an encoder's line without wraps, beyond which the line begins again.
    package static let longestLine: Int64 = 1 << 40
    /// A timestamp this far beyond the newest one of all tracks is a jump, not a gap.
    package static let forward: Int64 = 3_000_000
    /// The same as a multiple of the track's own frame distance, for very slow videos.
    package static let forwardFrames: Int64 = 4
    /// A longer distance of frames than this is not taken for slowness.
    package static let longestInterval: Int64 = 10_000_000
    /// A timestamp this far behind its track's last one is a jump, not disorder.
    package static let backward: Int64 = 500_000
    /// Tracks that start further apart than this have clocks of their own.
    package static let startApart: Int64 = 10_000_000
    /// The step over a jump where the track's own frame distance is longer or not known.
    package static let step: Int64 = 100_000

    /// Ticks of a video's timescale a second.
    package static let videoTimescale: Int64 = 90_000
    /// The least distance of two video frames, in ticks: what frames with equal times get.
    package static let leastVideoStep: Int64 = 90
    /// Frames that a constant rate is found from, where nothing hints at it.
    package static let framesToMeasure = 9
    /// Frames that a hinted rate is confirmed by.
    package static let framesToConfirm = 4
    /// First frames further apart than this confirm no rate: none is so slow.
    package static let longestConfirmation: Int64 = 600_000_000
    /// Frames that are looked at while the rate is variable.
    package static let measuredFrames = 48
    /// How far frames may be off a constant rate's grid, beside a part of their distance: encoders
    /// round to milliseconds, some up and some down.
    package static let jitter: Int64 = 2_500
    /// Frames off the grid among the last 32 that make a rate variable.
    package static let missesOf32 = 4
    /// Frames after which a constant rate is compared with what came.
    package static let framesToReview: Int64 = 256
    /// A rate that is off by more than this, in millionths, is another rate; less is the drift of
    /// a crystal.
    package static let rateTolerance: Int64 = 300
    /// How far a grid may be off the encoder's times on average, in ticks, before it is moved.
    package static let videoSlack: Int64 = 720
    /// By how much a frame is made longer or shorter then, in ticks.
    package static let videoSlip: Int64 = 45

    /// How far counted audio may be off the encoder's times on average.
    package static let audioSlack: Int64 = 28_000
    /// A single frame that is off by more than this is behind a gap, or too much.
    package static let audioGap: Int64 = 100_000
    /// Frames over which audio's distance is averaged.
    package static let audioAverage: Int64 = 8
}

package import Packaging

/// Every bound of probing and importing, in one place.
package struct ImportLimits: Sendable {
    // Probing.

    /// Bytes that recognising the container may read.
    package static let formatProbeBytes: UInt32 = 1 << 20
    /// Bytes and microseconds of media that finding the streams may read.
    package static let probeBytes: Int64 = 32 << 20
    package static let analyzeMicroseconds: Int64 = 20_000_000
    package static let streams: Int32 = 128
    /// A recognition that is less sure than this (of 100) is none.
    package static let probeScore: Int32 = 5

    // Remuxing.

    /// Key frames nearer than this to the one before are no boundaries.
    package static let shortestGroup = MediaTime(1, timescale: 4)

    /// Segments end near this much media.
    package static let targetSegment = PackagingConfiguration().targetSegmentDuration
    /// A fragment that reaches this is ended even where no key frame is: it is held in memory.
    package static let fragmentBytes = 128 << 20
    /// Audio that waits for the video's next boundary.
    package static let waitingBytes = 32 << 20
    /// A timestamp beyond this is damage.
    package static let timestampSeconds: Int64 = 10 * 365 * 86_400
    /// A step in the timestamps of a broadcast beyond this is a discontinuity.
    package static let discontinuitySeconds: Int64 = 10
    package static let discontinuities = 1_000
    /// Decode times may run back by this much and are mended.
    package static let backwardSeconds: Int64 = 1
    /// Unreadable packets in a row, then the file counts as damaged.
    package static let badReadsInARow = 64
    /// The file may end this much before the duration it declares: seconds, and a share of it.
    package static let shortfallSeconds = 2.0
    package static let shortfallShare = 0.05

    /// Frames from one that restarts the picture order count to the next.
    package static let picturesInARun = 1_024

    // Subtitles.

    package static let cues = 100_000
    package static let cueBytes = 16 << 10

    // The child process.

    /// One allocation inside libav.
    package static let allocationBytes = 512 << 20
    package static let addressSpaceBytes: UInt64 = 4 << 30
    /// CPU seconds: so many, and one more for each of `bytesPerCPUSecond`.
    package static let cpuSeconds: UInt64 = 60
    package static let bytesPerCPUSecond: UInt64 = 5 << 20
    /// Each output file: a multiple of the source, and so much.
    package static let outputFactor: UInt64 = 2
    package static let outputBytes: UInt64 = 64 << 20
    /// One line from the child.
    package static let messageBytes = 256 << 10
    /// Warnings that are kept; further ones are dropped.
    package static let warnings = 100
    /// A temporary folder that nobody holds is removed when it is this old.
    package static let abandonedSeconds: Int64 = 60

    /// Without progress for this long, the child gives up by itself.
    package var childStall: Duration = .seconds(20)
    /// Without a word from the child for this long, it is killed.
    package var stall: Duration = .seconds(30)

    package init() {}
}

/// One complete segment of a window: 24 bytes, as there are 7,200 in four hours of a track.
struct WindowSegment: Sendable {
    /// In the run's file.
    let offsetBytes: UInt64
    /// Microseconds since 1970.
    let programDateTime: Int64
    /// 0: a gap, nothing of it can be had.
    let sizeBytes: UInt32
    /// Duration in ticks, and whether it is independent in the highest bit.
    private let packed: UInt32

    private static let independentBit: UInt32 = 1 << 31

    init(
        offsetBytes: UInt64,
        sizeBytes: UInt32,
        duration: Int64,
        programDateTime: Int64,
        isIndependent: Bool
    ) {
        self.offsetBytes = offsetBytes
        self.sizeBytes = sizeBytes
        self.programDateTime = programDateTime
        let ticks = UInt32(clamping: max(0, duration)) & ~Self.independentBit
        packed = ticks | (isIndependent ? Self.independentBit : 0)
    }

    /// In the run's timescale.
    var duration: Int64 { Int64(packed & ~Self.independentBit) }
    var isIndependent: Bool { packed & Self.independentBit != 0 }
    var isGap: Bool { sizeBytes == 0 }
}

/// Segments of one track that follow each other with nothing new but their times: a discontinuity,
/// another init segment, another publish or file begins another run.
struct WindowRun: Sendable {
    let token: String
    /// Nothing where no byte could be kept.
    let file: RecordedFile?
    let timescale: UInt32
    let initializationNumber: Int
    let discontinuitySequence: UInt64
    let isDiscontinuity: Bool
    /// Place of its first segment in the window's own count, see `RewindTrack`.
    let firstSequence: UInt64
    /// Media sequence number of its first segment in the live playlist and in addresses.
    let firstNumber: UInt64
    let firstDecodeTime: Int64
    var count = 0
    var nextDecodeTime: Int64

    func microseconds(_ ticks: Int64) -> Int64 {
        let (whole, rest) = ticks.quotientAndRemainder(dividingBy: Int64(timescale))
        return whole * 1_000_000 + rest * 1_000_000 / Int64(timescale)
    }
}

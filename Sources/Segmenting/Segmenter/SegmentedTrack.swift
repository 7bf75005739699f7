import Packaging

/// One track on its way into segments: its samples, the part and the segment that are open.
///
/// When a segment ends is the segmenter's decision, what is in a part this track's.
struct SegmentedTrack {
    var track: LiveTrack
    var initializationNumber: Int
    /// Its header, to tell a new format from a repeated one; empty where none could be made.
    var header: [UInt8]

    // What came.
    /// Waits for the next one to say how long it lasts.
    private var held: LiveSample?
    /// Waits for the track that paces.
    var backlog = SampleBacklog()
    private var lastDecodeTime: Int64?
    /// Duration of the newest sample whose duration is known.
    private(set) var lastDuration: Int64
    /// Where what came ends, on the publish's timeline; nil before the first sample.
    private(set) var reachedMicroseconds: Int64?

    // Where it stands.
    /// Silent, and not yet back with a sample that can be begun with.
    var isAway = false
    /// Nothing can be decoded before a sync sample comes.
    var needsSync: Bool
    /// Of the segment that is open or comes next.
    var segmentNumber: UInt64 = 0
    var isOpen = false
    /// Earlier samples come too late: a gap was told for their time.
    var acceptsFromMicroseconds = Int64.min
    /// Presentation minus decode time of the last sync sample, in ticks.
    private(set) var delay: Int64 = 0
    private var lastSyncTime: Int64?
    private(set) var syncInterval: Int64?

    // What is being made.
    var part = PartBuilder()
    var limits: PartLimits
    /// In a row, spread over segments without interruption.
    var misfits = 0
    var hadMisfit = false
    private(set) var segmentDecodeTime: Int64 = 0
    private(set) var segmentDuration: Int64 = 0
    var partIndex = 0
    var sequenceNumber: UInt32 = 0
    var programDateTime = Int64.min

    init(_ track: LiveTrack, initializationNumber: Int, header: [UInt8], limits: PartLimits) {
        self.track = track
        self.initializationNumber = initializationNumber
        self.header = header
        self.limits = limits
        needsSync = track.id.kind == .video
        // A track of which only one sample ever comes: some duration it must have.
        lastDuration = Int64(track.frameDuration ?? max(1, track.timescale / 30))
    }

    func microseconds(_ ticks: Int64) -> Int64 {
        TrackClock.microseconds(ticks, timescale: track.timescale)
    }

    /// When a sample is presented, without the reordering of frames between key frames.
    func placement(of sample: LiveSample) -> Int64 {
        let offset = sample.isSync ? Int64(sample.compositionOffset) : delay
        return microseconds(sample.decodeTime + offset)
    }

    /// Half a frame: what renditions may be apart and still have the same boundary.
    var toleranceMicroseconds: Int64 {
        track.id.kind == .video ? microseconds(lastDuration) / 2 : 0
    }

    /// Where the next sample is expected, presented.
    var nextPlacement: Int64 {
        microseconds((lastDecodeTime ?? 0) + lastDuration + delay)
    }
}

extension SegmentedTrack {
    /// Of memory: samples that wait, and the part that is open.
    var heldBytes: Int { backlog.sizeBytes + (held?.memoryBytes ?? 0) + part.sizeBytes }

    /// Whether a sample is behind all that came.
    func isForward(_ sample: LiveSample) -> Bool {
        guard let last = held?.decodeTime ?? lastDecodeTime else { return true }
        return sample.decodeTime > last
    }

    /// Takes a sample that is a step forward and gives those whose durations are known now.
    mutating func receive(_ sample: LiveSample) -> (LiveSample?, LiveSample?) {
        let first = resolveHeld(nextDecodeTime: sample.decodeTime)
        reachedMicroseconds = microseconds(sample.decodeTime + Int64(sample.duration ?? 0))
        guard let duration = sample.duration, duration > 0 else {
            held = sample
            held?.duration = nil
            return (first, nil)
        }
        note(sample, duration: Int64(duration))
        return (first, sample)
    }

    /// Gives the sample that waits for a next one, as long as `nextDecodeTime` says or, where no
    /// next one comes, as long as the one before it.
    mutating func resolveHeld(nextDecodeTime: Int64?) -> LiveSample? {
        guard var sample = held else { return nil }
        held = nil
        let duration = nextDecodeTime.map { $0 - sample.decodeTime } ?? lastDuration
        sample.duration = UInt32(clamping: max(1, duration))
        note(sample, duration: Int64(sample.duration ?? 1))
        return sample
    }

    private mutating func note(_ sample: LiveSample, duration: Int64) {
        lastDecodeTime = sample.decodeTime
        lastDuration = duration
    }

    /// A sync sample is placed.
    mutating func noteSync(_ sample: LiveSample) {
        delay = Int64(sample.compositionOffset)
        if let lastSyncTime {
            syncInterval = sample.decodeTime - lastSyncTime
        }
        lastSyncTime = sample.decodeTime
        needsSync = false
    }

    /// How long it would be since the last sync sample, and whether that is when they come.
    func expectsSync(at decodeTime: Int64) -> Bool {
        guard let lastSyncTime, let syncInterval else { return false }
        return abs(decodeTime - lastSyncTime - syncInterval) <= lastDuration / 4
    }

    /// How far apart sync samples are as one comes at `decodeTime`; what came before it, where
    /// there was none.
    func syncInterval(at decodeTime: Int64) -> Int64 {
        decodeTime - (lastSyncTime ?? segmentDecodeTime)
    }

    mutating func beginSegment(decodeTime: Int64) {
        segmentDecodeTime = decodeTime
        segmentDuration = 0
        partIndex = 0
        isOpen = true
    }

    mutating func countPart(duration: Int64) {
        segmentDuration += duration
        partIndex += 1
        sequenceNumber &+= 1
    }

    /// The others went on without it.
    mutating func goAway() {
        isAway = true
        needsSync = track.id.kind == .video
    }

    /// What comes next does not go on from what came.
    mutating func restart() {
        held = nil
        backlog = SampleBacklog()
        reachedMicroseconds = nil
        isAway = false
        needsSync = track.id.kind == .video
        lastSyncTime = nil
        syncInterval = nil
        acceptsFromMicroseconds = .min
    }
}

/// How long a track's parts may be, in its ticks.
struct PartLimits {
    var most: Int64
    var least: Int64
    /// Whether they must keep to it.
    var isStrict: Bool

    init(targetMicroseconds: Int64, timescale: UInt32, isStrict: Bool) {
        most = max(1, TrackClock.ticksInside(targetMicroseconds, timescale: timescale))
        let share = targetMicroseconds * PartTarget.leastPercent
        least = (TrackClock.ticksInside(share, timescale: timescale) + 99) / 100
        self.isStrict = isStrict
    }
}

import NIOCore
import Segmenting
import Synchronization

/// A part as it goes to the disk.
struct ArchivedPart: Sendable {
    let track: LiveTrackID
    let segmentNumber: UInt64
    let index: Int
    let descriptionIndexOffset: Int
    let durationTicks: Int64
    let bytes: ByteBuffer
}

/// What a stream's writer has to do.
enum ArchiveWork: Sendable {
    case begin(token: String, startMicroseconds: Int64)
    case initialization(LiveInitialization)
    case segmentBegan(SegmentStart)
    case part(ArchivedPart)
    case segmentEnded(SegmentEnd)
    case end
    /// Let go of what the wall clock has left behind.
    case sweep
    /// Tells when all before is done.
    case fence(@Sendable () -> Void)
}

/// The work of one stream, in order; done by one thread at a time.
struct ArchiveQueue: Sendable {
    private var waiting: [ArchiveWork] = []
    private(set) var waitingBytes = 0
    private(set) var refusedParts = 0
    /// Somebody does the work, or will soon.
    private var isTaken = false

    /// Adds work; parts that there is no room for are lost.
    ///
    /// - Returns: whether a thread has to be told.
    mutating func add(_ work: ArchiveWork) -> Bool {
        switch work {
        case .part(let part):
            let size = part.bytes.readableBytes
            guard waitingBytes + size <= RecordingLimits.queuedBytes,
                waiting.count < RecordingLimits.queuedActions
            else {
                refusedParts += 1
                return false
            }
            waitingBytes += size
        // What begins and ends: without it, all that follows would be of another publish.
        case .begin, .end, .fence: break
        case .initialization(let header):
            guard hasRoom, waitingBytes + header.bytes.count <= RecordingLimits.queuedBytes * 2
            else { return false }
            waitingBytes += header.bytes.count
        case .segmentBegan, .segmentEnded, .sweep:
            guard hasRoom else { return false }
        }
        waiting.append(work)
        defer { isTaken = true }
        return !isTaken
    }

    /// Whether the disk has not stood still for an hour.
    private var hasRoom: Bool { waiting.count < RecordingLimits.queuedActions * 2 }

    /// All that waits, or nothing where the thread may go.
    mutating func take() -> [ArchiveWork] {
        defer { waiting.removeAll(keepingCapacity: waiting.count < 64) }
        waitingBytes = 0
        if waiting.isEmpty { isTaken = false }
        return waiting
    }
}

import Segmenting

/// One fact of a publish, as its journal keeps it: a restart replays them in order.
enum JournalRecord: Hashable, Sendable {
    case began(token: String, startMicroseconds: Int64)
    case format(JournalFormat)
    case segmentBegan(SegmentStart)
    case part(JournalPart)
    /// A gap: not all of the segment was kept.
    case segmentEnded(SegmentEnd, isGap: Bool)
    case ended
}

/// An init segment, and where parts that follow it go.
struct JournalFormat: Hashable, Sendable {
    var track: LiveTrackID
    /// 1-based within track and publish.
    var number: Int
    /// 1-based: which file of the track.
    var generation: Int
    /// 1-based: which sample entry of that file.
    var entryNumber: Int
    var headerBytes: Int
    var frameDuration: UInt32?
    var hasCaptions: Bool
    var declaredBitrate: Int
    var language: String
    var label: String
    /// The CMAF header.
    var bytes: [UInt8]
}

/// A part and its place in the track's file.
struct JournalPart: Hashable, Sendable {
    var track: LiveTrackID
    var segmentNumber: UInt64
    var offsetBytes: UInt64
    var sizeBytes: UInt32
    var index: UInt32
    /// Where the number of its sample entry stands, from the part's start.
    var descriptionIndexOffset: UInt32
    /// In ticks; 0 in journals that did not tell.
    var durationTicks: UInt32
}

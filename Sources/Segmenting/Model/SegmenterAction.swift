/// What a segmenter tells, in order.
///
/// Every track has the same segment numbers (media sequence numbers), begun and ended in step.
package enum SegmenterAction: Sendable {
    /// A header that segments from here on need; before the first of them.
    ///
    /// Comes again with number and bytes unchanged where only what playlists say of the track
    /// changed: captions, label, rate.
    case initialization(LiveInitialization)
    /// The part target, once for a publish and before its first segment; `none` may follow later,
    /// when the stream turns out not to keep to the rules of parts.
    case lowLatency(LowLatencyOffer)
    case segmentBegan(SegmentStart)
    case part(LivePart)
    /// The segment has no further part.
    case segmentEnded(SegmentEnd)
    /// To be told in playlists from the segment on that is open.
    case event(LiveEvent, presentationMicroseconds: Int64)
}

package enum LowLatencyOffer: Hashable, Sendable {
    /// Every part's duration is at most this, in microseconds. RFC 8216bis §4.4.3.7
    case parts(targetMicroseconds: Int64)
    /// Why there are none, for people.
    case none(reason: String)
}

/// An init segment.
package struct LiveInitialization: Hashable, Sendable {
    package var track: LiveTrack
    /// 1-based, counts within track and publish.
    package var number: Int
    /// A CMAF header.
    package var bytes: [UInt8]

    package init(track: LiveTrack, number: Int, bytes: [UInt8]) {
        self.track = track
        self.number = number
        self.bytes = bytes
    }
}

package struct SegmentStart: Hashable, Sendable {
    package var track: LiveTrackID
    /// Media sequence number.
    package var number: UInt64
    /// How many discontinuities there were before this segment, its own included, since the
    /// stream's very beginning.
    package var discontinuitySequence: UInt64
    /// Whether one of them is right before it.
    package var isDiscontinuity: Bool
    package var initializationNumber: Int
    /// In the track's timescale on the publish's timeline.
    package var decodeTime: Int64
    /// Microseconds since 1970 of the first sample's presentation.
    package var programDateTime: Int64
    /// Starts with a sync sample; also true of a gap.
    package var isIndependent: Bool
    /// The track is silent for as long as this segment lasts: nothing can be had of it, and its
    /// parts are gaps without bytes. RFC 8216bis §4.4.4.7
    package var isGap: Bool

    package init(
        track: LiveTrackID,
        number: UInt64,
        discontinuitySequence: UInt64,
        isDiscontinuity: Bool,
        initializationNumber: Int,
        decodeTime: Int64,
        programDateTime: Int64,
        isIndependent: Bool,
        isGap: Bool = false
    ) {
        self.track = track
        self.number = number
        self.discontinuitySequence = discontinuitySequence
        self.isDiscontinuity = isDiscontinuity
        self.initializationNumber = initializationNumber
        self.decodeTime = decodeTime
        self.programDateTime = programDateTime
        self.isIndependent = isIndependent
        self.isGap = isGap
    }
}

/// One CMAF chunk: its bytes are `header` and `payload`, and a segment's bytes are its parts'.
package struct LivePart: Sendable {
    package var track: LiveTrackID
    package var segmentNumber: UInt64
    /// 0-based within the segment.
    package var index: Int
    package var decodeTime: Int64
    /// In the track's timescale.
    package var duration: Int64
    /// Has a sync sample at its start.
    package var isIndependent: Bool
    /// `styp` where it begins a segment, `prft`, `emsg`, `moof` and the header of `mdat`.
    package var header: [UInt8]
    /// The samples.
    package var payload: [UInt8]
    /// Where `sample_description_index` of `tfhd` stands, counted from the part's start.
    package var descriptionIndexOffset: Int
    /// When its last sample came, microseconds since 1970.
    package var arrivalMicroseconds: Int64
    /// Time that passes without media: there are no bytes, and whoever asks for it gets an error.
    package var isGap: Bool

    package var sizeBytes: Int { header.count + payload.count }

    package init(
        track: LiveTrackID,
        segmentNumber: UInt64,
        index: Int,
        decodeTime: Int64,
        duration: Int64,
        isIndependent: Bool,
        header: [UInt8],
        payload: [UInt8],
        descriptionIndexOffset: Int,
        arrivalMicroseconds: Int64,
        isGap: Bool = false
    ) {
        self.track = track
        self.segmentNumber = segmentNumber
        self.index = index
        self.decodeTime = decodeTime
        self.duration = duration
        self.isIndependent = isIndependent
        self.header = header
        self.payload = payload
        self.descriptionIndexOffset = descriptionIndexOffset
        self.arrivalMicroseconds = arrivalMicroseconds
        self.isGap = isGap
    }
}

package struct SegmentEnd: Hashable, Sendable {
    package var track: LiveTrackID
    package var number: UInt64
    /// In the track's timescale: the sum of its parts'.
    package var duration: Int64

    package init(track: LiveTrackID, number: UInt64, duration: Int64) {
        self.track = track
        self.number = number
        self.duration = duration
    }
}

/// What the next publish of a stream needs to go on from; kept on disk by whoever runs it.
package struct LiveContinuation: Hashable, Sendable {
    package var nextSegmentNumber: UInt64
    package var discontinuitySequence: UInt64
    /// Once told to players it never changes, or Apple's stop.
    package var partTargetMicroseconds: Int64?

    package init(
        nextSegmentNumber: UInt64 = 0,
        discontinuitySequence: UInt64 = 0,
        partTargetMicroseconds: Int64? = nil
    ) {
        self.nextSegmentNumber = nextSegmentNumber
        self.discontinuitySequence = discontinuitySequence
        self.partTargetMicroseconds = partTargetMicroseconds
    }
}

/// What an operator chooses about segments.
package struct SegmenterConfiguration: Hashable, Sendable {
    /// The wish from which the part target is derived.
    package var partMicroseconds: Int64
    /// Segments end at the first key frame from here on.
    package var segmentMicroseconds: Int64
    /// `EXT-X-TARGETDURATION` in seconds, for ever; a longer GOP is cut before it.
    package var targetDurationSeconds: Int

    package init(
        partMicroseconds: Int64 = 333_333,
        segmentMicroseconds: Int64 = 2_000_000,
        targetDurationSeconds: Int = 6
    ) {
        self.partMicroseconds = partMicroseconds
        self.segmentMicroseconds = segmentMicroseconds
        self.targetDurationSeconds = targetDurationSeconds
    }
}

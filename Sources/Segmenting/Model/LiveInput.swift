/// What a live source says, in order: `tracks` first, then samples of those tracks.
///
/// Times count from the first sample of a publish, on one timeline for all tracks: a track's
/// decode time divided by its timescale is comparable with every other track's. The timeline only
/// goes forward within a publish, also across discontinuities.
package enum LiveInput: Sendable {
    /// The tracks there are from here on; behind the first one, a change, which is a discontinuity.
    case tracks([LiveTrack])
    case sample(LiveSample)
    /// The next samples do not go on where the last ones ended.
    case discontinuity(LiveDiscontinuity)
    case event(LiveEvent)
}

/// Why samples do not go on.
package enum LiveDiscontinuity: String, Hashable, Sendable, CaseIterable {
    /// The encoder's timestamps jumped.
    case timestampJump
    /// Resolution, codec or audio layout changed, or tracks came or went.
    case formatChange
    /// Another publish of the same stream.
    case publisherChange
}

/// One access unit, ready to be stored.
package struct LiveSample: Sendable {
    package var track: LiveTrackID
    /// In the track's timescale; larger than that of the track's sample before.
    package var decodeTime: Int64
    /// Presentation time minus decode time, in the track's timescale.
    package var compositionOffset: Int32
    /// In the track's timescale where it is known or the rate is constant, so that nobody has to
    /// wait for the next sample; nil where the next sample decides.
    package var duration: UInt32?
    /// Decoding can start here, and nothing presented later depends on what is decoded before.
    package var isSync: Bool
    /// When its last byte came, microseconds since 1970.
    package var arrivalMicroseconds: Int64
    /// Length-prefixed NAL units, OBUs or one audio frame: what `mdat` holds.
    package var bytes: [UInt8]

    package init(
        track: LiveTrackID,
        decodeTime: Int64,
        compositionOffset: Int32 = 0,
        duration: UInt32?,
        isSync: Bool,
        arrivalMicroseconds: Int64,
        bytes: [UInt8]
    ) {
        self.track = track
        self.decodeTime = decodeTime
        self.compositionOffset = compositionOffset
        self.duration = duration
        self.isSync = isSync
        self.arrivalMicroseconds = arrivalMicroseconds
        self.bytes = bytes
    }
}

/// Something that happens at a time of the stream, for players and applications.
package struct LiveEvent: Hashable, Sendable {
    package enum Payload: Hashable, Sendable {
        /// A whole ID3v2 tag. AOM ID3 in CMAF
        case id3([UInt8])
        /// A splice_info_section. ANSI/SCTE 35
        case spliceInfo([UInt8])
        /// Text that the encoder sent as `onTextData` or the like.
        case text(String)
    }

    /// Microseconds on the publish's timeline.
    package var timeMicroseconds: Int64
    package var payload: Payload

    package init(timeMicroseconds: Int64, payload: Payload) {
        self.timeMicroseconds = timeMicroseconds
        self.payload = payload
    }
}

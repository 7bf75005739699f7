package import ISOBMFF

/// Names one track of a live stream for as long as the stream lives, across publishes.
package struct LiveTrackID: Hashable, Sendable, Comparable {
    package enum Kind: UInt8, Hashable, Sendable {
        case video
        case audio
    }

    package var kind: Kind
    /// 0-based among those of its kind: the track of classic FLV is 0, those of multitrack follow
    /// the encoder's own numbers, renditions made here come behind them.
    package var index: UInt8

    package init(_ kind: Kind, _ index: UInt8 = 0) {
        self.kind = kind
        self.index = index
    }

    /// As it stands in addresses: `v0`, `a1`.
    package var name: String { (kind == .video ? "v" : "a") + String(index) }

    /// Video first, then by index.
    package static func < (left: LiveTrackID, right: LiveTrackID) -> Bool {
        (left.kind.rawValue, left.index) < (right.kind.rawValue, right.index)
    }
}

/// How one track is coded between two discontinuities.
package struct LiveTrack: Hashable, Sendable {
    package var id: LiveTrackID
    /// Ticks a second of all times of the track: 90000 for video, the sample rate for audio.
    package var timescale: UInt32
    /// With a whole `boxBytes` as ISO/IEC 14496-12 has it.
    package var sampleEntry: SampleEntry
    /// In ticks: a video frame's at constant rate, an audio frame's; nil where the rate varies or
    /// is not known yet.
    package var frameDuration: UInt32?
    /// BCP 47.
    package var language: String
    /// For people; empty where the encoder says none.
    package var label: String
    /// CEA-608/708 in the video's SEI.
    package var hasCaptions: Bool
    /// Bits a second that the encoder says it will send, 0 where it does not.
    package var declaredBitrate: Int

    package init(
        id: LiveTrackID,
        timescale: UInt32,
        sampleEntry: SampleEntry,
        frameDuration: UInt32?,
        language: String = "und",
        label: String = "",
        hasCaptions: Bool = false,
        declaredBitrate: Int = 0
    ) {
        self.id = id
        self.timescale = timescale
        self.sampleEntry = sampleEntry
        self.frameDuration = frameDuration
        self.language = language
        self.label = label
        self.hasCaptions = hasCaptions
        self.declaredBitrate = declaredBitrate
    }
}

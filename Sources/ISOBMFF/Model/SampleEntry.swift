/// How the samples of a track are coded: one entry of `stsd`.
///
/// ISO/IEC 14496-12 §8.5.2
package struct SampleEntry: Hashable, Sendable {
    /// The box type, such as `avc1`, `mp4a` or `wvtt`.
    package var format: FourCC
    /// The whole box as it stands in the file, header included: it goes into init segments as it is.
    package var boxBytes: [UInt8]
    package var codec: Codec
    /// Set for video entries.
    package var video: VideoProperties?
    /// Set for audio entries.
    package var audio: AudioProperties?
    /// Peak and average rate from `btrt` or `esds`, bits a second; 0 where unset.
    package var maximumBitrate: UInt32
    package var averageBitrate: UInt32

    package init(
        format: FourCC,
        boxBytes: [UInt8],
        codec: Codec,
        video: VideoProperties? = nil,
        audio: AudioProperties? = nil,
        maximumBitrate: UInt32 = 0,
        averageBitrate: UInt32 = 0
    ) {
        self.format = format
        self.boxBytes = boxBytes
        self.codec = codec
        self.video = video
        self.audio = audio
        self.maximumBitrate = maximumBitrate
        self.averageBitrate = averageBitrate
    }
}

/// The decoder configuration of a sample entry, parsed as far as packaging needs it.
package enum Codec: Hashable, Sendable {
    /// avc1, avc3. ISO/IEC 14496-15 §5.3.3
    case avc(AVCConfiguration)
    /// hvc1, hev1, and dvh1, dvhe with an hvcC. ISO/IEC 14496-15 §8.3.3
    case hevc(HEVCConfiguration)
    /// av01. AV1 Codec ISO Media File Format Binding §2.3
    case av1(AV1Configuration)
    /// vp09. VP Codec ISO Media File Format Binding
    case vp9(VP9Configuration)
    /// mp4a with an AudioSpecificConfig: AAC-LC, HE-AAC, xHE-AAC. ISO/IEC 14496-3 §1.6.2
    case aac(AACConfiguration)
    /// mp4a with object type 0x69 or 0x6B, `.mp3`.
    case mp3
    /// Opus, with its dOps.
    case opus(OpusConfiguration)
    /// fLaC, with its dfLa.
    case flac
    /// ac-3, with its dac3. ETSI TS 102 366 annex F
    case ac3
    /// ec-3, with its dec3; Atmos (JOC) where the extension says so.
    case eac3(isJOC: Bool)
    /// wvtt: WebVTT in samples. ISO/IEC 14496-30 §7
    case webVTT
    /// tx3g: 3GPP timed text.
    case timedText
    /// Known by its four characters only.
    case other(FourCC)
}

/// What a video entry says beside its codec.
package struct VideoProperties: Hashable, Sendable {
    /// Coded size.
    package var width: Int
    package var height: Int
    /// `pasp`: sample aspect ratio, 1:1 where absent.
    package var pixelAspectHorizontal: UInt32
    package var pixelAspectVertical: UInt32
    /// `colr` of type nclx or nclc: code points of ITU-T H.273; nil where absent.
    package var color: ColorProperties?
    /// Whether `mdcv` and `clli` stand in the entry.
    package var hasMasteringDisplay: Bool
    package var hasContentLightLevel: Bool
    /// `dvcC`, `dvvC`.
    package var dolbyVision: DolbyVisionConfiguration?

    package init(
        width: Int,
        height: Int,
        pixelAspectHorizontal: UInt32 = 1,
        pixelAspectVertical: UInt32 = 1,
        color: ColorProperties? = nil,
        hasMasteringDisplay: Bool = false,
        hasContentLightLevel: Bool = false,
        dolbyVision: DolbyVisionConfiguration? = nil
    ) {
        self.width = width
        self.height = height
        self.pixelAspectHorizontal = pixelAspectHorizontal
        self.pixelAspectVertical = pixelAspectVertical
        self.color = color
        self.hasMasteringDisplay = hasMasteringDisplay
        self.hasContentLightLevel = hasContentLightLevel
        self.dolbyVision = dolbyVision
    }
}

/// Colour code points of ITU-T H.273.
package struct ColorProperties: Hashable, Sendable {
    package var primaries: UInt16
    package var transfer: UInt16
    package var matrix: UInt16
    package var isFullRange: Bool

    package init(primaries: UInt16, transfer: UInt16, matrix: UInt16, isFullRange: Bool) {
        self.primaries = primaries
        self.transfer = transfer
        self.matrix = matrix
        self.isFullRange = isFullRange
    }
}

/// What `dvcC` and `dvvC` say.
///
/// Dolby Vision Streams within the ISO Base Media File Format §3.2
package struct DolbyVisionConfiguration: Hashable, Sendable {
    package var profile: UInt8
    package var level: UInt8
    package var compatibilityId: UInt8

    package init(profile: UInt8, level: UInt8, compatibilityId: UInt8) {
        self.profile = profile
        self.level = level
        self.compatibilityId = compatibilityId
    }
}

/// What an audio entry says, corrected by its configuration where that knows better.
package struct AudioProperties: Hashable, Sendable {
    package var channelCount: Int
    /// Samples a second.
    package var sampleRate: UInt32

    package init(channelCount: Int, sampleRate: UInt32) {
        self.channelCount = channelCount
        self.sampleRate = sampleRate
    }
}

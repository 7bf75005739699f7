/// AVCDecoderConfigurationRecord. ISO/IEC 14496-15 §5.3.3.1
package struct AVCConfiguration: Hashable, Sendable {
    package var profile: UInt8
    package var compatibility: UInt8
    package var level: UInt8
    /// Bytes of the length in front of each NAL unit: 1, 2 or 4.
    package var lengthSize: Int
    package var sequenceParameterSets: [[UInt8]]
    package var pictureParameterSets: [[UInt8]]

    package init(
        profile: UInt8,
        compatibility: UInt8,
        level: UInt8,
        lengthSize: Int,
        sequenceParameterSets: [[UInt8]],
        pictureParameterSets: [[UInt8]]
    ) {
        self.profile = profile
        self.compatibility = compatibility
        self.level = level
        self.lengthSize = lengthSize
        self.sequenceParameterSets = sequenceParameterSets
        self.pictureParameterSets = pictureParameterSets
    }
}

/// HEVCDecoderConfigurationRecord. ISO/IEC 14496-15 §8.3.3.1
package struct HEVCConfiguration: Hashable, Sendable {
    package var profileSpace: UInt8
    package var isHighTier: Bool
    package var profile: UInt8
    package var profileCompatibility: UInt32
    /// The 48 constraint bits, most significant first.
    package var constraints: UInt64
    package var level: UInt8
    package var lengthSize: Int
    /// VPS, SPS and PPS, in the order of the record.
    package var parameterSets: [[UInt8]]

    package init(
        profileSpace: UInt8,
        isHighTier: Bool,
        profile: UInt8,
        profileCompatibility: UInt32,
        constraints: UInt64,
        level: UInt8,
        lengthSize: Int,
        parameterSets: [[UInt8]]
    ) {
        self.profileSpace = profileSpace
        self.isHighTier = isHighTier
        self.profile = profile
        self.profileCompatibility = profileCompatibility
        self.constraints = constraints
        self.level = level
        self.lengthSize = lengthSize
        self.parameterSets = parameterSets
    }
}

/// AV1CodecConfigurationRecord. AV1 Codec ISO Media File Format Binding §2.3.3
package struct AV1Configuration: Hashable, Sendable {
    package var profile: UInt8
    package var level: UInt8
    package var isHighTier: Bool
    package var bitDepth: UInt8
    package var isMonochrome: Bool
    package var chromaSubsamplingX: Bool
    package var chromaSubsamplingY: Bool
    package var chromaSamplePosition: UInt8

    package init(
        profile: UInt8,
        level: UInt8,
        isHighTier: Bool,
        bitDepth: UInt8,
        isMonochrome: Bool = false,
        chromaSubsamplingX: Bool = true,
        chromaSubsamplingY: Bool = true,
        chromaSamplePosition: UInt8 = 0
    ) {
        self.profile = profile
        self.level = level
        self.isHighTier = isHighTier
        self.bitDepth = bitDepth
        self.isMonochrome = isMonochrome
        self.chromaSubsamplingX = chromaSubsamplingX
        self.chromaSubsamplingY = chromaSubsamplingY
        self.chromaSamplePosition = chromaSamplePosition
    }
}

/// VPCodecConfigurationRecord. VP Codec ISO Media File Format Binding
package struct VP9Configuration: Hashable, Sendable {
    package var profile: UInt8
    package var level: UInt8
    package var bitDepth: UInt8
    package var chromaSubsampling: UInt8
    package var isFullRange: Bool
    package var primaries: UInt8
    package var transfer: UInt8
    package var matrix: UInt8

    package init(
        profile: UInt8,
        level: UInt8,
        bitDepth: UInt8,
        chromaSubsampling: UInt8 = 1,
        isFullRange: Bool = false,
        primaries: UInt8 = 1,
        transfer: UInt8 = 1,
        matrix: UInt8 = 1
    ) {
        self.profile = profile
        self.level = level
        self.bitDepth = bitDepth
        self.chromaSubsampling = chromaSubsampling
        self.isFullRange = isFullRange
        self.primaries = primaries
        self.transfer = transfer
        self.matrix = matrix
    }
}

/// What the AudioSpecificConfig of an `esds` says. ISO/IEC 14496-3 §1.6.2.1
package struct AACConfiguration: Hashable, Sendable {
    /// The object type that names the stream: 2 AAC-LC, 5 HE-AAC, 29 HE-AACv2, and 42 xHE-AAC.
    ///
    /// With explicit signalling of SBR or PS this is 5 or 29, not the core's 2.
    package var objectType: UInt8
    /// The core coder's object type, as ADTS must say it.
    package var coreObjectType: UInt8
    /// The core coder's samples a second, which for HE-AAC is half the output's.
    package var coreSampleRate: UInt32
    /// Channel configuration, 0 where a program config element says it.
    package var channelConfiguration: UInt8
    /// 960 instead of 1024 samples a frame.
    package var hasShortFrames: Bool
    /// The AudioSpecificConfig itself.
    package var bytes: [UInt8]

    package init(
        objectType: UInt8,
        coreObjectType: UInt8,
        coreSampleRate: UInt32,
        channelConfiguration: UInt8,
        hasShortFrames: Bool = false,
        bytes: [UInt8]
    ) {
        self.objectType = objectType
        self.coreObjectType = coreObjectType
        self.coreSampleRate = coreSampleRate
        self.channelConfiguration = channelConfiguration
        self.hasShortFrames = hasShortFrames
        self.bytes = bytes
    }
}

/// OpusSpecificBox. Encapsulation of Opus in ISO Base Media File Format §4.3.2
package struct OpusConfiguration: Hashable, Sendable {
    package var channelCount: UInt8
    /// Samples at 48 kHz that a decoder drops at the start.
    package var preSkip: UInt16

    package init(channelCount: UInt8, preSkip: UInt16) {
        self.channelCount = channelCount
        self.preSkip = preSkip
    }
}

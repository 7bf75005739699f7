import ISOBMFF

extension ByteWriter {
    mutating func append(_ configuration: AVCConfiguration) {
        append(configuration.profile)
        append(configuration.compatibility)
        append(configuration.level)
        append(UInt8(configuration.lengthSize))
        append(configuration.sequenceParameterSets) { $0.append($1) }
        append(configuration.pictureParameterSets) { $0.append($1) }
    }

    mutating func append(_ configuration: HEVCConfiguration) {
        append(configuration.profileSpace)
        append(configuration.isHighTier)
        append(configuration.profile)
        append(configuration.profileCompatibility)
        append(configuration.constraints)
        append(configuration.level)
        append(UInt8(configuration.lengthSize))
        append(configuration.parameterSets) { $0.append($1) }
    }

    mutating func append(_ configuration: AV1Configuration) {
        append(configuration.profile)
        append(configuration.level)
        append(configuration.isHighTier)
        append(configuration.bitDepth)
        append(configuration.isMonochrome)
        append(configuration.chromaSubsamplingX)
        append(configuration.chromaSubsamplingY)
        append(configuration.chromaSamplePosition)
    }

    mutating func append(_ configuration: VP9Configuration) {
        append(configuration.profile)
        append(configuration.level)
        append(configuration.bitDepth)
        append(configuration.chromaSubsampling)
        append(configuration.isFullRange)
        append(configuration.primaries)
        append(configuration.transfer)
        append(configuration.matrix)
    }

    mutating func append(_ configuration: AACConfiguration) {
        append(configuration.objectType)
        append(configuration.coreObjectType)
        append(configuration.coreSampleRate)
        append(configuration.channelConfiguration)
        append(configuration.hasShortFrames)
        append(configuration.bytes)
    }
}

extension ByteReader {
    mutating func avcConfiguration() throws(PackagingError) -> AVCConfiguration {
        AVCConfiguration(
            profile: try integer(),
            compatibility: try integer(),
            level: try integer(),
            lengthSize: try lengthSize(),
            sequenceParameterSets: try parameterSets(),
            pictureParameterSets: try parameterSets()
        )
    }

    mutating func hevcConfiguration() throws(PackagingError) -> HEVCConfiguration {
        HEVCConfiguration(
            profileSpace: try integer(),
            isHighTier: try bool(),
            profile: try integer(),
            profileCompatibility: try integer(),
            constraints: try integer(),
            level: try integer(),
            lengthSize: try lengthSize(),
            parameterSets: try parameterSets()
        )
    }

    mutating func av1Configuration() throws(PackagingError) -> AV1Configuration {
        AV1Configuration(
            profile: try integer(),
            level: try integer(),
            isHighTier: try bool(),
            bitDepth: try integer(),
            isMonochrome: try bool(),
            chromaSubsamplingX: try bool(),
            chromaSubsamplingY: try bool(),
            chromaSamplePosition: try integer()
        )
    }

    mutating func vp9Configuration() throws(PackagingError) -> VP9Configuration {
        VP9Configuration(
            profile: try integer(),
            level: try integer(),
            bitDepth: try integer(),
            chromaSubsampling: try integer(),
            isFullRange: try bool(),
            primaries: try integer(),
            transfer: try integer(),
            matrix: try integer()
        )
    }

    mutating func aacConfiguration() throws(PackagingError) -> AACConfiguration {
        AACConfiguration(
            objectType: try integer(),
            coreObjectType: try integer(),
            coreSampleRate: try integer(),
            channelConfiguration: try integer(),
            hasShortFrames: try bool(),
            bytes: try byteList()
        )
    }

    private mutating func parameterSets() throws(PackagingError) -> [[UInt8]] {
        try list(elementSize: 4) { reader throws(PackagingError) in try reader.byteList() }
    }

    private mutating func lengthSize() throws(PackagingError) -> Int {
        let size = try integer(UInt8.self)
        guard [1, 2, 4].contains(size) else { throw .unusableIndex("a NAL length size is \(size)") }
        return Int(size)
    }
}

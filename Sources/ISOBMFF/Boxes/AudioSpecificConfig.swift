/// What an AudioSpecificConfig says of a stream, and the format that comes out of a decoder.
///
/// ISO/IEC 14496-3 §1.6.2.1
struct AudioSpecificConfig {
    let configuration: AACConfiguration
    /// What comes out: with SBR its rate, with PS two channels; nil or 0 where it is not said.
    let outputSampleRate: UInt32
    let channelCount: Int?

    enum ObjectType {
        static let lowComplexity: UInt8 = 2
        static let spectralBandReplication: UInt8 = 5
        static let parametricStereo: UInt8 = 29
        static let usac: UInt8 = 42
    }

    private static let spectralBandSync = 0x2B7
    private static let parametricStereoSync = 0x548

    /// Reads the DecoderSpecificInfo of a box.
    init(bytes: [UInt8], in box: BoxReader) throws(ISOBMFFError) {
        var bits = BitReader(BoxReader(type: box.type, bytes: bytes, offsetBytes: box.offsetBytes))
        var objectType = try Self.readObjectType(&bits)
        let coreSampleRate = try Self.readSampleRate(&bits, box.type)
        let channelConfiguration = UInt8(try bits.read(4))
        var outputSampleRate = coreSampleRate
        var coreObjectType = objectType
        let isExplicit =
            objectType == ObjectType.spectralBandReplication
            || objectType == ObjectType.parametricStereo
        if isExplicit {
            outputSampleRate = try Self.readSampleRate(&bits, box.type)
            coreObjectType = try Self.readObjectType(&bits)
        }
        var hasShortFrames = false
        var channelCount = Self.channelCount(configuration: channelConfiguration)
        if coreObjectType == ObjectType.usac {
            if let usac = try? UsacConfig(&bits) {
                outputSampleRate = usac.sampleRate ?? outputSampleRate
                channelCount = usac.channelCount ?? channelCount
            }
        } else if Self.generalAudioTypes.contains(coreObjectType), bits.remaining >= 3 {
            let general = try GeneralAudioConfig(
                &bits,
                objectType: coreObjectType,
                channelConfiguration: channelConfiguration
            )
            hasShortFrames = general.hasShortFrames
            channelCount = general.channelCount ?? channelCount
            if !isExplicit, let found = Self.readSyncExtension(&bits, box.type) {
                objectType = found.objectType
                outputSampleRate = found.sampleRate
            }
        }
        if objectType == ObjectType.parametricStereo { channelCount = 2 }
        self.configuration = AACConfiguration(
            objectType: objectType,
            coreObjectType: coreObjectType,
            coreSampleRate: coreSampleRate,
            channelConfiguration: channelConfiguration,
            hasShortFrames: hasShortFrames,
            bytes: bytes
        )
        self.outputSampleRate = outputSampleRate
        self.channelCount = channelCount
    }

    /// Object types whose configuration is a GASpecificConfig.
    private static let generalAudioTypes: Set<UInt8> = [1, 2, 3, 4, 6, 7, 17, 19, 20, 21, 22, 23]

    /// Signalling of SBR and PS behind the core's configuration, which old decoders do not read.
    private static func readSyncExtension(
        _ bits: inout BitReader,
        _ box: FourCC
    ) -> (objectType: UInt8, sampleRate: UInt32)? {
        guard
            bits.remaining >= 16,
            (try? bits.read(11)) == spectralBandSync,
            (try? readObjectType(&bits)) == ObjectType.spectralBandReplication,
            (try? bits.read(1)) == 1,
            let sampleRate = try? readSampleRate(&bits, box)
        else { return nil }
        let hasParametricStereo =
            (try? bits.read(11)) == parametricStereoSync && (try? bits.read(1)) == 1
        return (
            hasParametricStereo
                ? ObjectType.parametricStereo : ObjectType.spectralBandReplication,
            sampleRate
        )
    }

    private static func readObjectType(_ bits: inout BitReader) throws(ISOBMFFError) -> UInt8 {
        let type = try bits.read(5)
        return UInt8(type == 31 ? 32 + (try bits.read(6)) : type)
    }

    private static func readSampleRate(
        _ bits: inout BitReader,
        _ box: FourCC
    ) throws(ISOBMFFError) -> UInt32 {
        let index = try bits.read(4)
        let rate = index == 15 ? UInt32(try bits.read(24)) : Self.sampleRate(index: index)
        guard let rate, rate > 0 else {
            throw .invalid(box: box, field: "samplingFrequencyIndex", value: Int64(index))
        }
        return rate
    }

    /// The rate of a samplingFrequencyIndex. ISO/IEC 14496-3 table 1.18
    static func sampleRate(index: Int) -> UInt32? {
        let rates: [UInt32] = [
            96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025,
            8_000, 7_350,
        ]
        return rates.indices.contains(index) ? rates[index] : nil
    }

    /// nil where the configuration does not say it. ISO/IEC 14496-3 table 1.19
    static func channelCount(configuration: UInt8) -> Int? {
        switch configuration {
        case 1...6: Int(configuration)
        case 7, 12, 14: 8
        case 11: 7
        case 13: 24
        default: nil
        }
    }
}

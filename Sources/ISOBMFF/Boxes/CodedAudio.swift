/// Codec, format and bit rates as the configuration inside an audio entry says them.
struct CodedAudio {
    let codec: Codec
    let audio: AudioProperties
    private(set) var maximumBitrate: UInt32 = 0
    private(set) var averageBitrate: UInt32 = 0

    /// Reads the configuration among an entry's child boxes; `stated` is what the entry's own
    /// fields say.
    init(
        format: FourCC,
        stated: AudioProperties,
        children: BoxReader
    ) throws(ISOBMFFError) {
        switch format {
        case "mp4a":
            let esds = try Esds(Self.elementaryStreamBox(children))
            (self.codec, self.audio) = try Self.mpeg4(esds, stated: stated, in: children)
            self.maximumBitrate = esds.maximumBitrate
            self.averageBitrate = esds.averageBitrate
        case ".mp3":
            (self.codec, self.audio) = (.mp3, stated)
        case "Opus":
            let opus = try OpusConfiguration(try children.requiredChild("dOps"))
            self.codec = .opus(opus)
            self.audio = AudioProperties(
                channelCount: Int(opus.channelCount),
                sampleRate: OpusConfiguration.sampleRate
            )
        case "fLaC":
            self.codec = .flac
            self.audio = try DfLa(try children.requiredChild("dfLa")).audio
        case "ac-3":
            let dac3 = try Dac3(try children.requiredChild("dac3"))
            self.codec = .ac3
            self.audio = AudioProperties(
                channelCount: dac3.channelCount,
                sampleRate: dac3.sampleRate ?? stated.sampleRate
            )
        case "ec-3":
            let dec3 = try Dec3(try children.requiredChild("dec3"))
            self.codec = .eac3(isJOC: dec3.isJOC)
            self.audio = AudioProperties(
                channelCount: dec3.channelCount,
                sampleRate: dec3.sampleRate ?? stated.sampleRate
            )
        default:
            (self.codec, self.audio) = (.other(format), stated)
        }
    }

    /// The `esds`, which QuickTime puts into a `wave` box.
    private static func elementaryStreamBox(
        _ children: BoxReader
    ) throws(ISOBMFFError) -> BoxReader {
        if let esds = try children.firstChild("esds") { return esds }
        if let wave = try children.firstChild("wave") { return try wave.requiredChild("esds") }
        throw .missing(box: "esds")
    }

    private static func mpeg4(
        _ esds: Esds,
        stated: AudioProperties,
        in box: BoxReader
    ) throws(ISOBMFFError) -> (Codec, AudioProperties) {
        switch esds.objectTypeIndication {
        case 0x40, 0x66, 0x67, 0x68:  // ISO/IEC 14496-3 audio, ISO/IEC 13818-7 AAC
            return try aac(esds, stated: stated, in: box)
        case 0x69, 0x6B:  // ISO/IEC 13818-3, ISO/IEC 11172-3 audio
            return (.mp3, stated)
        default:
            return (.other(box.type), stated)
        }
    }

    private static func aac(
        _ esds: Esds,
        stated: AudioProperties,
        in box: BoxReader
    ) throws(ISOBMFFError) -> (Codec, AudioProperties) {
        let specific = try AudioSpecificConfig(bytes: esds.decoderSpecificInfo, in: box)
        var configuration = specific.configuration
        var audio = AudioProperties(
            channelCount: specific.channelCount ?? stated.channelCount,
            sampleRate: specific.outputSampleRate
        )
        // Implicit signalling: a plain core configuration, and an entry with twice its rate.
        let isImplicit =
            configuration.objectType == AudioSpecificConfig.ObjectType.lowComplexity
            && configuration.coreSampleRate <= 24_000
            && stated.sampleRate == 2 * configuration.coreSampleRate
        if isImplicit {
            configuration.objectType = AudioSpecificConfig.ObjectType.spectralBandReplication
            audio.sampleRate = stated.sampleRate
        }
        return (.aac(configuration), audio)
    }
}

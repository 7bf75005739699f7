import ISOBMFF

/// What stands in front of a stored codec; the numbers never change their meaning.
private enum StoredCodec: UInt8 {
    case avc = 1
    case hevc
    case av1
    case vp9
    case aac
    case mp3
    case opus
    case flac
    case ac3
    case eac3
    case webVTT
    case timedText
    case other
}

extension ByteWriter {
    mutating func append(_ codec: Codec) {
        switch codec {
        case .avc(let configuration):
            append(StoredCodec.avc.rawValue)
            append(configuration)
        case .hevc(let configuration):
            append(StoredCodec.hevc.rawValue)
            append(configuration)
        case .av1(let configuration):
            append(StoredCodec.av1.rawValue)
            append(configuration)
        case .vp9(let configuration):
            append(StoredCodec.vp9.rawValue)
            append(configuration)
        case .aac(let configuration):
            append(StoredCodec.aac.rawValue)
            append(configuration)
        case .opus(let configuration):
            append(StoredCodec.opus.rawValue)
            append(configuration.channelCount)
            append(configuration.preSkip)
        case .eac3(let isJOC):
            append(StoredCodec.eac3.rawValue)
            append(isJOC)
        case .other(let format):
            append(StoredCodec.other.rawValue)
            append(format.rawValue)
        case .mp3: append(StoredCodec.mp3.rawValue)
        case .flac: append(StoredCodec.flac.rawValue)
        case .ac3: append(StoredCodec.ac3.rawValue)
        case .webVTT: append(StoredCodec.webVTT.rawValue)
        case .timedText: append(StoredCodec.timedText.rawValue)
        }
    }
}

extension ByteReader {
    mutating func codec() throws(PackagingError) -> Codec {
        switch StoredCodec(rawValue: try integer()) {
        case .avc: return .avc(try avcConfiguration())
        case .hevc: return .hevc(try hevcConfiguration())
        case .av1: return .av1(try av1Configuration())
        case .vp9: return .vp9(try vp9Configuration())
        case .aac: return .aac(try aacConfiguration())
        case .opus:
            return .opus(OpusConfiguration(channelCount: try integer(), preSkip: try integer()))
        case .eac3: return .eac3(isJOC: try bool())
        case .other: return .other(FourCC(rawValue: try integer()))
        case .mp3: return .mp3
        case .flac: return .flac
        case .ac3: return .ac3
        case .webVTT: return .webVTT
        case .timedText: return .timedText
        case nil: throw .unusableIndex("a codec is not known")
        }
    }
}

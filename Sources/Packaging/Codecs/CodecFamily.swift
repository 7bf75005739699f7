package import ISOBMFF

/// Codecs that a decoder takes or does not take as one: what audio is grouped by.
package enum CodecFamily: String, Sendable {
    case avc
    case hevc
    case av1
    case vp9
    case aac
    case mp3
    case opus
    case flac
    case ac3 = "ac-3"
    case eac3 = "ec-3"
    case other
}

extension Codec {
    package var family: CodecFamily {
        switch self {
        case .avc: .avc
        case .hevc: .hevc
        case .av1: .av1
        case .vp9: .vp9
        case .aac: .aac
        case .mp3: .mp3
        case .opus: .opus
        case .flac: .flac
        case .ac3: .ac3
        case .eac3: .eac3
        case .webVTT, .timedText, .other: .other
        }
    }

    /// Samples of sound in a coded frame, as encoders commonly make them.
    var commonFrameSize: Int {
        switch self {
        case .aac(let configuration):
            // SBR doubles the output of a frame; entries say the output's rate.
            configuration.objectType == configuration.coreObjectType ? 1024 : 2048
        case .mp3: 1152
        case .opus: 960
        case .flac: 4096
        case .ac3, .eac3: 1536
        default: 1024
        }
    }
}

extension AssetTrack {
    /// The family of the first sample entry; others are of the same one as a rule.
    package var family: CodecFamily { sampleEntries.first?.codec.family ?? .other }

    /// Channels as the first sample entry says them; 0 where it does not.
    package var channelCount: Int { sampleEntries.first?.audio?.channelCount ?? 0 }
}

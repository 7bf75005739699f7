package import ISOBMFF

/// The dynamic range of a video. RFC 8216bis §4.4.6.2, VIDEO-RANGE
package enum VideoRange: String, Sendable {
    case standard = "SDR"
    case hybridLogGamma = "HLG"
    case perceptualQuantizer = "PQ"
}

extension SampleEntry {
    /// From the transfer characteristics (ITU-T H.273 §8.2) of `colr`, else of the codec.
    ///
    /// Where neither says, Dolby Vision without a compatible base layer is PQ and all else SDR.
    package var videoRange: VideoRange {
        switch transferCharacteristics {
        case 16: .perceptualQuantizer
        case 18: .hybridLogGamma
        case nil where video?.dolbyVision?.compatibilityId == 0: .perceptualQuantizer
        default: .standard
        }
    }

    private var transferCharacteristics: UInt16? {
        if let color = video?.color { return color.transfer }
        if case .vp9(let configuration) = codec { return UInt16(configuration.transfer) }
        return nil
    }
}
